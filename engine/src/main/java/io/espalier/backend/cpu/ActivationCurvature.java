package io.espalier.backend.cpu;

import io.espalier.backend.Activation;
import io.espalier.backend.Tensor;

/**
 * Gradient and curvature through an activation, in one pass over its outputs. Sums and products only, which have the same bits
 * whether or not the compiler makes vectors of them.
 */
final class ActivationCurvature {
    void apply(Tensor a, Activation f, Tensor da, Tensor ha) {
        if (f == Activation.LINEAR) {
            return;
        }
        for (int r = 0; r < a.shape().members(); r++) {
            float[] outputs = Reals.of(a, r);
            float[] curvatures = Reals.of(ha, r);
            float[] gradients = da == null ? null : Reals.of(da, r);
            switch (f) {
                case RELU -> {
                    Activations.reluGradient(outputs, 1f, curvatures);
                    if (gradients != null) {
                        Activations.reluGradient(outputs, 1f, gradients);
                    }
                }
                case SIGMOID, TANH -> {
                    if (gradients == null) {
                        withoutGradient(outputs, f, curvatures);
                    } else {
                        withGradient(outputs, f, gradients, curvatures);
                    }
                }
                default -> throw new IllegalArgumentException("No derivatives of " + f);
            }
        }
    }

    private static void withoutGradient(float[] outputs, Activation f, float[] curvatures) {
        for (int i = 0; i < outputs.length; i++) {
            float first = first(f, outputs[i]);
            curvatures[i] *= first * first;
        }
    }

    private static void withGradient(float[] outputs, Activation f, float[] gradients, float[] curvatures) {
        for (int i = 0; i < outputs.length; i++) {
            float y = outputs[i];
            float first = first(f, y);
            float second = f == Activation.TANH ? -2f * y * first : (1f - 2f * y) * first;
            curvatures[i] = first * first * curvatures[i] + second * gradients[i];
            gradients[i] *= first;
        }
    }

    private static float first(Activation f, float y) {
        return f == Activation.TANH ? 1f - y * y : y * (1f - y);
    }
}
