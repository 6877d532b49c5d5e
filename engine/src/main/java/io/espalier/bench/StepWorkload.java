package io.espalier.bench;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.SgdRates;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.contract.Tolerance;
import io.espalier.bench.Candidate.Prepared;
import io.espalier.bench.Candidate.Setup;
import io.espalier.network.DropoutPlan;
import io.espalier.network.NamedNetwork;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameter;
import io.espalier.network.Pass;
import java.util.ArrayList;
import java.util.List;

/** One whole training step of LeNet-300-100, from choosing the batch to the new weights. */
final class StepWorkload {
    private static final NamedNetwork NETWORK = NamedNetwork.LENET_300_100;

    private StepWorkload() {}

    /** @param examples of the data set that batches are chosen from */
    static Workload of(int batch, int members, int examples) {
        NetworkSpec spec = NETWORK.spec();
        Size size = Size.dense(spec.outputs(), spec.inputs(), batch, members);
        Work work = work(spec, size);
        Setup setup = operands -> prepared(operands, spec, size, examples);
        return new Workload(
                "step of " + NETWORK.key(),
                size,
                work,
                new Tolerance.Stated(
                        64,
                        8,
                        "three layers forward and back in sums of up to 784 terms, a loss summed over the batch"),
                setup,
                List.of(new Candidate("espalier", Role.SUBJECT, Precision.FP32, work, setup)));
    }

    /** Three products for every weight but in the first layer, whose input needs no gradient; weights and velocities in and out. */
    private static Work work(NetworkSpec spec, Size size) {
        double weights = spec.prunable();
        double first = (double) spec.outputs(0) * spec.inputs(0);
        return new Work(
                size.members() * 2.0 * size.batch() * (3 * weights - first),
                size.members() * (4 * Float.BYTES * weights + (double) size.inputs() * size.batch()));
    }

    private static Prepared prepared(Operands operands, NetworkSpec spec, Size size, int examples) {
        Backend backend = operands.backend();
        int members = operands.members();
        Network network = operands.own(new Network(backend, spec, members), Network::close);
        Pass pass = operands.own(network.pass(size.batch()), Pass::close);
        Tensor pixels = operands.sharedBytes("pixels", examples, spec.inputs());
        Tensor labels = operands.sharedInts("labels", examples, spec.outputs());
        Tensor keys = operands.ints("keys", 1, 2, Integer.MAX_VALUE);
        Tensor step = cleared(operands, ElementType.I32, Shape.scalars(members));
        Tensor loss = cleared(operands, ElementType.REAL, Shape.scalars(members));
        operands.name("loss", loss);
        SgdRates rates = new SgdRates(
                operands.constant("learning rate", 1, 1, 1e-3),
                operands.constant("momentum", 1, 1, 0.9),
                operands.constant("none", 1, 1, 0),
                operands.constant("none", 1, 1, 0));
        List<String> outputs = new ArrayList<>(List.of("loss"));
        List<Runnable> updates = new ArrayList<>();
        for (Parameter parameter : network.parameters()) {
            String name = "parameter " + updates.size();
            Shape shape = parameter.value().shape();
            Tensor velocity = cleared(operands, ElementType.REAL, shape);
            operands.name(name, parameter.value());
            operands.atReset(() -> write(operands, name, parameter.value()));
            outputs.add(name);
            updates.add(() -> backend.sgd(parameter.value(), parameter.gradient(), velocity, rates));
        }
        Runnable run = () -> {
            backend.batchIndices(keys, step, examples, size.batch(), pass.indices());
            backend.gather(pixels, pass.indices(), pass.inputs());
            backend.gatherLabels(labels, pass.indices(), pass.labels());
            network.forward(pass, DropoutPlan.NONE);
            network.loss(pass, loss);
            network.backward(pass, DropoutPlan.NONE);
            updates.forEach(Runnable::run);
            backend.advance(step);
        };
        return new Prepared(run, outputs);
    }

    private static Tensor cleared(Operands operands, ElementType type, Shape shape) {
        Tensor tensor = operands.own(operands.backend().zeros(type, shape), Tensor::close);
        operands.atReset(() -> operands.backend().clear(tensor));
        return tensor;
    }

    /** Uniform with the variance of He et al. (2015); biases, which have one column, start at zero. */
    private static void write(Operands operands, String name, Tensor to) {
        Shape shape = to.shape();
        float scale = shape.columns() == 1 ? 0 : (float) Math.sqrt(6.0 / shape.columns());
        for (int r = 0; r < shape.members(); r++) {
            float[] values = operands.numbers(name, r, shape.perMember());
            for (int i = 0; i < values.length; i++) {
                values[i] *= scale;
            }
            operands.backend().write(to, r, values);
        }
    }
}
