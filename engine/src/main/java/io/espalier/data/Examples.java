package io.espalier.data;

/**
 * Labelled examples of one file pair, in file order.
 *
 * @param origin the file or generator they came from, for messages
 * @param channels of an image, one after the other; 1 where examples have no colours
 * @param features values per example, row-major for images
 * @param pixels (count, features) unsigned bytes; a network sees byte / 255
 * @param labels (count) class numbers from 0
 * @param sha256 hash of the unpacked images file followed by that of the unpacked labels file; of the one file for AMAT
 */
public record Examples(String origin, int channels, int features, byte[] pixels, int[] labels, String sha256) {
    /** Examples without colours. */
    public Examples(String origin, int features, byte[] pixels, int[] labels, String sha256) {
        this(origin, 1, features, pixels, labels, sha256);
    }

    public Examples {
        if ((long) labels.length * features != pixels.length) {
            throw new DataException(origin + " holds " + labels.length + " labels but " + pixels.length / features
                    + " images. Both files must come from the same set.");
        }
    }

    /** Generated square images, with the hash that their IDX files would have. */
    static Examples images(String origin, int side, byte[] pixels, int[] labels) {
        int count = labels.length;
        String hash =
                IdxWriter.sha256(pixels, count, side, side) + IdxWriter.sha256(IdxWriter.labelBytes(labels), count);
        return new Examples(origin, side * side, pixels, labels, hash);
    }

    /** The same square images with rows and columns swapped; the hash stays that of the files. */
    Examples transposed() {
        int side = (int) Math.round(Math.sqrt(features));
        if (side * side != features) {
            throw new DataException(origin + ": " + features + " values an example make no square image.");
        }
        byte[] swapped = new byte[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            int inside = i % features;
            swapped[i - inside + inside % side * side + inside / side] = pixels[i];
        }
        return new Examples(origin, features, swapped, labels, sha256);
    }

    /**
     * Pixels in a row of its images, which are square.
     *
     * @throws DataException if they are not
     */
    public int width() {
        int side = (int) Math.round(Math.sqrt((double) features / channels));
        if (side * side * channels != features) {
            throw new DataException(origin + ": " + features + " values an example make no square images of " + channels
                    + " channels, which normalising and moving them need.");
        }
        return side;
    }

    /** The mean of every channel over the first examples, as pixel / 255. */
    public double[] channelMeans(int examples) {
        long[] sums = new long[channels];
        int places = features / channels;
        for (int i = 0; i < examples * features; i++) {
            sums[i % features / places] += pixels[i] & 0xFF;
        }
        double[] means = new double[channels];
        java.util.Arrays.setAll(means, c -> sums[c] / (255.0 * places * examples));
        return means;
    }

    /** The standard deviation of every channel over the first examples, as pixel / 255; 1 for a channel of one value. */
    public double[] channelDeviations(int examples) {
        long[] squares = new long[channels];
        int places = features / channels;
        for (int i = 0; i < examples * features; i++) {
            int value = pixels[i] & 0xFF;
            squares[i % features / places] += value * value;
        }
        double[] means = channelMeans(examples);
        double[] deviations = new double[channels];
        java.util.Arrays.setAll(deviations, c -> {
            double variance = squares[c] / (255.0 * 255 * places * examples) - means[c] * means[c];
            return variance > 0 ? Math.sqrt(variance) : 1;
        });
        return deviations;
    }

    public int count() {
        return labels.length;
    }

    /** Refuses labels that a network with this many classes cannot name. */
    void requireLabelsBelow(int classes) {
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] >= classes) {
                throw new DataException(origin + ": label " + labels[i] + " of example " + i + " is out of range 0.."
                        + (classes - 1) + ". Give the network more outputs or mend the label file.");
            }
        }
    }
}
