package io.espalier.network;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.Dropout;
import io.espalier.backend.ElementType;
import io.espalier.backend.Moments;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * y = f(gain n + shift), n the channels less their mean, over their standard deviation (Ioffe and Szegedy 2015). In training these are the
 * batch's own, and running averages follow them; in evaluation, and wherever curvature or gradients are asked for of an evaluation,
 * the running averages are constants.
 */
final class BatchNormalisation implements Layer {
    private static final double EPSILON = 1e-5;

    /** What a batch moves the running averages by. */
    private static final double MOMENTUM = 0.1;

    private final Backend backend;
    private final Activation activation;
    private final Parameter gain;
    private final Parameter shift;
    private final Tensor mean;
    private final Tensor variance;
    private final Tensor noBias;

    BatchNormalisation(Backend backend, int members, int channels, Activation activation) {
        this.backend = backend;
        this.activation = activation;
        Shape shape = new Shape(members, channels, 1);
        gain = learned(shape);
        shift = learned(shape);
        mean = backend.zeros(ElementType.REAL, shape);
        variance = backend.zeros(ElementType.REAL, shape);
        noBias = backend.zeros(ElementType.REAL, shape);
    }

    private Parameter learned(Shape shape) {
        return new Parameter(
                backend.zeros(ElementType.REAL, shape),
                backend.zeros(ElementType.REAL, shape),
                null,
                null,
                null,
                false);
    }

    /** A copy of one member's numbers. */
    Parameters.NormParameters read(int member) {
        return new Parameters.NormParameters(
                backend.floats(gain.value(), member),
                backend.floats(shift.value(), member),
                backend.floats(mean, member),
                backend.floats(variance, member));
    }

    /** Overwrites one member's numbers. */
    void write(int member, Parameters.NormParameters values) {
        backend.write(gain.value(), member, values.gain());
        backend.write(shift.value(), member, values.shift());
        backend.write(mean, member, values.mean());
        backend.write(variance, member, values.variance());
    }

    @Override
    public LayerPass between(Ports ports, Scratch scratch) {
        return new AtWork(ports);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(gain, shift);
    }

    @Override
    public void close() {
        gain.close();
        shift.close();
        List.of(mean, variance, noBias).forEach(Tensor::close);
    }

    private final class AtWork implements LayerPass {
        private final Shape rows;
        private final Tensor x;
        private final Tensor y;
        private final Tensor dy;
        private final Tensor dx;
        private final Moments running = new Moments(mean, variance, EPSILON);
        private final Moments own;

        AtWork(Ports ports) {
            Shape numbers = mean.shape();
            rows = new Shape(
                    numbers.members(), numbers.rows(), ports.y().shape().perMember() / numbers.rows());
            x = rows(ports.x().get(0));
            y = rows(ports.y());
            dy = rows(ports.dy());
            dx = rows(ports.dx().get(0));
            own = new Moments(
                    backend.zeros(ElementType.REAL, numbers), backend.zeros(ElementType.REAL, numbers), EPSILON);
        }

        private Tensor rows(Tensor images) {
            return images == null ? null : backend.view(images, rows);
        }

        @Override
        public void forward(DropoutPlan drops) {
            Moments moments = running;
            if (drops.training()) {
                moments = own;
                backend.images().mean(x, own.mean());
                backend.images().variance(x, own.mean(), own.variance());
                backend.images().combine(MOMENTUM, own.mean(), 1 - MOMENTUM, mean);
                backend.images().combine(MOMENTUM, own.variance(), 1 - MOMENTUM, variance);
            }
            backend.images().normalise(x, moments, gain.value(), shift.value(), y);
            if (activation != Activation.LINEAR) {
                backend.activate(y, noBias, activation, Dropout.NONE);
            }
        }

        @Override
        public void backward(DropoutPlan drops) {
            gradientBeforeActivation();
            Moments moments = drops.training() ? own : running;
            backend.images().normaliseSums(x, moments, dy, gain.gradient(), shift.gradient());
            if (dx != null && drops.training()) {
                backend.images().normaliseGradient(x, own, gain.value(), dy, gain.gradient(), shift.gradient(), dx);
            } else if (dx != null) {
                backend.images().scaleRows(dy, running, gain.value(), 1, dx);
            }
        }

        private void gradientBeforeActivation() {
            if (activation != Activation.LINEAR) {
                backend.activationGradient(y, activation, Dropout.NONE, dy);
            }
        }

        @Override
        public void curvature(Curvature kind, Tensor hy, Tensor weights, List<Tensor> hx) {
            if (kind == Curvature.EMPIRICAL_FISHER) {
                gradientBeforeActivation();
            } else {
                if (activation != Activation.LINEAR) {
                    backend.activationCurvature(y, activation, kind.readsGradient() ? dy : null, rows(hy));
                }
                if (hx.get(0) != null) {
                    backend.images().scaleRows(rows(hy), running, gain.value(), 2, rows(hx.get(0)));
                }
            }
            if (kind.readsGradient() && dx != null) {
                backend.images().scaleRows(dy, running, gain.value(), 1, dx);
            }
        }

        @Override
        public void close() {
            own.mean().close();
            own.variance().close();
        }
    }

    /** What a normalisation starts as: gain 1, shift 0, and averages of a channel that needs none. */
    static Parameters.NormParameters initial(int channels) {
        float[] ones = new float[channels];
        Arrays.fill(ones, 1);
        return new Parameters.NormParameters(ones, new float[channels], new float[channels], ones.clone());
    }
}
