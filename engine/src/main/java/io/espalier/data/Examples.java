package io.espalier.data;

/**
 * Labelled examples of one file pair, in file order.
 *
 * @param origin the file or generator they came from, for messages
 * @param features values per example, row-major for images
 * @param pixels (count, features) unsigned bytes; a network sees byte / 255
 * @param labels (count) class numbers from 0
 * @param sha256 hash of the unpacked images file followed by that of the unpacked labels file
 */
public record Examples(String origin, int features, byte[] pixels, int[] labels, String sha256) {
    public Examples {
        if ((long) labels.length * features != pixels.length) {
            throw new DataException(origin + " holds " + labels.length + " labels but " + pixels.length / features
                    + " images. Both files must come from the same set.");
        }
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
