package io.espalier.study;

import io.espalier.compress.CompressionRatio;

/**
 * A result from the literature.
 *
 * @param source who reported it and with which method
 * @param of what the ratio is of
 * @param testError percent
 */
public record PublishedMark(String source, CompressionRatio ratio, Measure of, double testError) {
    /** How its authors measure what they store. */
    public enum Measure {
        /** Numbers, as everywhere else. */
        PARAMETERS,
        /** Bytes, those of the uncompressed network in float32. */
        BYTES
    }

    public PublishedMark {
        if (!(testError >= 0 && testError <= 100)) {
            throw new IllegalArgumentException("An error is 0 to 100 percent, got " + testError);
        }
    }
}
