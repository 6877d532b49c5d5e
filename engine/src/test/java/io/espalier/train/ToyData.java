package io.espalier.train;

import io.espalier.data.Dataset;
import io.espalier.data.Examples;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;

/** A small data set that can be learned: the class is the quarter of the image that is brightest. */
public final class ToyData {
    /** Values an example. */
    public static final int FEATURES = 16;

    /** Classes. */
    public static final int CLASSES = 4;

    private ToyData() {}

    /** So many training and test examples. */
    public static Dataset dataset(int train, int test) {
        return new Dataset("toy", examples(train, 1), examples(test, 2));
    }

    private static Examples examples(int count, int stream) {
        PhiloxSequence random = new PhiloxSequence(new Seed(77), stream);
        byte[] pixels = new byte[count * FEATURES];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = random.nextInt(CLASSES);
            for (int f = 0; f < FEATURES; f++) {
                int brightness = random.nextInt(180) + (f / 4 == labels[i] ? 70 : 0);
                pixels[i * FEATURES + f] = (byte) brightness;
            }
        }
        return new Examples("toy", FEATURES, pixels, labels, "toy" + stream + "-" + count);
    }
}
