package io.espalier.compress;

import io.espalier.backend.Backend;
import io.espalier.backend.Shape;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;

/** Random training examples for saliencies to look at. */
final class TrainingData {
    private TrainingData() {}

    static TrainingExamples of(Backend backend, int features, int classes, int count) {
        PhiloxSequence random = new PhiloxSequence(new Seed(99), 0);
        byte[] pixels = new byte[count * features];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = random.nextInt(classes);
            for (int f = 0; f < features; f++) {
                // Every input has its own scale.
                pixels[i * features + f] = (byte) random.nextInt(40 + 200 / (f + 1));
            }
        }
        return new TrainingExamples(
                backend.constant(pixels, new Shape(1, count, features)),
                backend.constant(labels, new Shape(1, 1, count)),
                count);
    }
}
