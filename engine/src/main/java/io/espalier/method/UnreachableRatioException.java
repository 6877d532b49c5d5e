package io.espalier.method;

import io.espalier.compress.CompressionRatio;

/** A network cannot be made so small in this way. */
public final class UnreachableRatioException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient CompressionRatio ratio;

    UnreachableRatioException(CompressionRatio ratio, String message) {
        super(message);
        this.ratio = ratio;
    }

    public CompressionRatio ratio() {
        return ratio;
    }
}
