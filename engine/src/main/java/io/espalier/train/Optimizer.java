package io.espalier.train;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.SgdRates;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.network.Network;
import io.espalier.network.Parameter;
import java.util.ArrayList;
import java.util.List;

/** Gradient descent with momentum: a velocity for every parameter, rates for every member. */
final class Optimizer implements AutoCloseable {
    private final Backend backend;
    private final Network network;
    private final List<Parameter> parameters;
    private final List<Tensor> velocities = new ArrayList<>();
    /** Each member's learning rate at every place of an epoch, so that a step needs nothing from the host. */
    private final Tensor schedule;

    private final Tensor zero;
    private final SgdRates weightRates;
    private final SgdRates biasRates;
    private final float[] scalar = new float[1];

    Optimizer(Backend backend, Network network, int stepsPerEpoch) {
        this.backend = backend;
        this.network = network;
        this.parameters = network.parameters();
        for (Parameter parameter : parameters) {
            velocities.add(backend.zeros(ElementType.REAL, parameter.value().shape()));
        }
        schedule = backend.zeros(ElementType.REAL, new Shape(network.members(), 1, stepsPerEpoch));
        Shape scalars = Shape.scalars(network.members());
        zero = backend.zeros(ElementType.REAL, scalars);
        weightRates = new SgdRates(
                backend.zeros(ElementType.REAL, scalars),
                backend.zeros(ElementType.REAL, scalars),
                backend.zeros(ElementType.REAL, scalars),
                backend.zeros(ElementType.REAL, scalars));
        biasRates = new SgdRates(weightRates.learningRate(), weightRates.momentum(), zero, zero);
    }

    /** Takes over a member's settings for its phase. */
    void configure(int slot, TrainingSettings settings) {
        write(weightRates.momentum(), slot, settings.momentum());
        write(weightRates.l1(), slot, settings.penalty().l1());
        write(weightRates.l2(), slot, settings.penalty().l2());
    }

    /** A finished member no longer moves. */
    void rest(int slot) {
        backend.write(schedule, slot, new float[schedule.shape().columns()]);
        write(weightRates.momentum(), slot, 0);
        write(weightRates.l1(), slot, 0);
        write(weightRates.l2(), slot, 0);
    }

    /** @param rates a member's learning rate at every place of an epoch */
    void schedule(int slot, float[] rates) {
        backend.write(schedule, slot, rates);
    }

    private void write(Tensor to, int slot, double value) {
        scalar[0] = (float) value;
        backend.write(to, slot, scalar);
    }

    /**
     * One update of every parameter from its gradient.
     *
     * @param steps where each member is, (R, 1, 1) I32
     */
    void step(Tensor steps) {
        backend.lookUp(schedule, steps, weightRates.learningRate());
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            SgdRates rates = parameter.penalised() ? weightRates : biasRates;
            if (network.isMasked(parameter)) {
                backend.maskedSgd(parameter.value(), parameter.gradient(), velocities.get(i), parameter.mask(), rates);
            } else {
                backend.sgd(parameter.value(), parameter.gradient(), velocities.get(i), rates);
            }
        }
    }

    /** A member's velocities in the form of what they move, in the order of {@code Network.parameters()}. */
    List<float[]> velocities(int slot) {
        List<float[]> copies = new ArrayList<>();
        for (int i = 0; i < velocities.size(); i++) {
            copies.add(parameters.get(i).read(backend, velocities.get(i), slot));
        }
        return copies;
    }

    void velocities(int slot, List<float[]> values) {
        for (int i = 0; i < velocities.size(); i++) {
            parameters.get(i).write(backend, velocities.get(i), slot, values.get(i));
        }
    }

    void stop(int slot) {
        for (Tensor velocity : velocities) {
            backend.write(velocity, slot, new float[velocity.shape().perMember()]);
        }
    }

    @Override
    public void close() {
        velocities.forEach(Tensor::close);
        schedule.close();
        zero.close();
        weightRates.learningRate().close();
        weightRates.momentum().close();
        weightRates.l1().close();
        weightRates.l2().close();
    }
}
