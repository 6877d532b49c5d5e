package io.espalier.study;

import io.espalier.compress.CompressionRatio;

/**
 * A result from the literature.
 *
 * @param source who reported it and with which method
 * @param testError percent
 */
public record PublishedMark(String source, CompressionRatio ratio, double testError) {
    public PublishedMark {
        if (!(testError >= 0 && testError <= 100)) {
            throw new IllegalArgumentException("An error is 0 to 100 percent, got " + testError);
        }
    }
}
