package io.espalier.experiments.peers;

/** What both sides compute: weights, a batch and its labels from plain formulas, so that their answers can be compared. */
final class Problem {
    static final int[] SIZES = {784, 300, 100, 10};
    static final int BATCH = 128;
    static final int EXAMPLES = 60_000;
    static final float RATE = 0.05f;
    static final float MOMENTUM = 0.9f;

    private Problem() {}

    /** (outputs, inputs) row-major. */
    static float[] weights(int layer) {
        float[] weights = new float[SIZES[layer] * SIZES[layer + 1]];
        double scale = Math.sqrt(2.0 / SIZES[layer]);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (scale * Math.sqrt(2) * Math.sin(1.0 + i * 0.7311 + layer));
        }
        return weights;
    }

    /** Feature f of example b. */
    static float input(int b, int f) {
        return (b * 31 + f * 17) % 256 / 255f;
    }

    static int label(int b) {
        return b * 7 % SIZES[SIZES.length - 1];
    }
}
