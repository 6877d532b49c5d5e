package io.espalier.data;

/**
 * A grey image.
 *
 * @param name how people call it
 * @param width in pixels
 * @param height in pixels
 * @param pixels (height, width) unsigned bytes, row-major
 */
record GreyImage(String name, int width, int height, byte[] pixels) {
    GreyImage {
        if (width < ImageGenerator.SIDE || height < ImageGenerator.SIDE) {
            throw new DataException(name + " is " + width + " x " + height + " pixels, a background needs at least "
                    + ImageGenerator.SIDE + " x " + ImageGenerator.SIDE + ". Take it out of the folder.");
        }
    }

    /** SHA-256 of its size and pixels, whatever file format they came in. */
    String sha256() {
        return IdxWriter.sha256(pixels, height, width);
    }
}
