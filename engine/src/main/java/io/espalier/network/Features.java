package io.espalier.network;

/**
 * The shape of one example's activations: an image of several channels, or a vector, whose height and width are 1. In a tensor they
 * are rows, channel by channel and row by row, (R, channels height width, B); flattening an image changes nothing.
 */
public record Features(int channels, int height, int width) {
    public Features {
        if (channels < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException("Features need positive numbers, got " + channels + " channels of "
                    + height + " x " + width + " pixels");
        }
        if ((long) channels * height > Integer.MAX_VALUE / width) {
            throw new IllegalArgumentException(
                    channels + " channels of " + height + " x " + width + " pixels are too many");
        }
    }

    /** A vector. */
    public static Features vector(int length) {
        return new Features(length, 1, 1);
    }

    /** Pixels of a channel. */
    public int places() {
        return height * width;
    }

    /** Rows of a tensor. */
    public int count() {
        return channels * height * width;
    }

    /** Such as 3 x 32 x 32, or 10. */
    @Override
    public String toString() {
        return places() == 1 ? Integer.toString(channels) : channels + " x " + height + " x " + width;
    }
}
