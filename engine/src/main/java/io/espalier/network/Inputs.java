package io.espalier.network;

import io.espalier.backend.Augmentation;
import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import java.util.Arrays;

/** Makes a network's inputs of stored pixels: divided by 255, or normalised, and in training perhaps moved. */
public final class Inputs implements AutoCloseable {
    private final Backend backend;
    private final Scaling scaling;
    private final Tensor mean;
    private final Tensor scale;

    /**
     * How pixels of square images are scaled: (pixel / 255 - mean) / deviation, a mean and a deviation a channel.
     *
     * @param means in channel order; empty: pixels are only divided by 255
     * @param deviations likewise, positive
     * @param width pixels of a row
     */
    public record Scaling(double[] means, double[] deviations, int width) {
        /** Pixels divided by 255. */
        public static final Scaling NONE = new Scaling(new double[0], new double[0], 0);

        public Scaling {
            if (means.length != deviations.length
                    || Arrays.stream(deviations).anyMatch(deviation -> !(deviation > 0))) {
                throw new IllegalArgumentException(
                        "Every channel needs a mean and a positive deviation, not " + Arrays.toString(deviations));
            }
        }

        private boolean isNone() {
            return means.length == 0;
        }
    }

    /** For networks of so many members. */
    public Inputs(Backend backend, Scaling scaling, int members) {
        this.backend = backend;
        this.scaling = scaling;
        if (scaling.isNone()) {
            mean = null;
            scale = null;
            return;
        }
        Shape channels = new Shape(members, scaling.means.length, 1);
        mean = backend.zeros(ElementType.REAL, channels);
        scale = backend.zeros(ElementType.REAL, channels);
        float[] means = new float[scaling.means.length];
        float[] scales = new float[means.length];
        for (int c = 0; c < means.length; c++) {
            means[c] = (float) scaling.means[c];
            scales[c] = (float) (1 / scaling.deviations[c]);
        }
        for (int r = 0; r < members; r++) {
            backend.write(mean, r, means);
            backend.write(scale, r, scales);
        }
    }

    /** A pass's inputs, of the examples that its indices name. */
    public void gather(Tensor pixels, Pass pass) {
        gather(pixels, pass, Augmentation.NONE);
    }

    /** A training pass's inputs. */
    public void gather(Tensor pixels, Pass pass, Augmentation augmentation) {
        gather(pixels, pass.indices(), augmentation, pass.inputs());
    }

    /**
     * The same for any that look at the same examples.
     *
     * @param indices (R, 1, B) I32
     * @param out (R, inputs, B)
     */
    public void gather(Tensor pixels, Tensor indices, Augmentation augmentation, Tensor out) {
        if (mean == null) {
            backend.gather(pixels, indices, out);
        } else {
            backend.images().gatherImages(pixels, indices, mean, scale, scaling.width, augmentation, out);
        }
    }

    @Override
    public void close() {
        if (mean != null) {
            mean.close();
            scale.close();
        }
    }
}
