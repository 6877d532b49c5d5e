package io.espalier.bench;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.SgdRates;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.contract.Tolerance;
import io.espalier.bench.Candidate.Prepared;
import io.espalier.bench.Candidate.Setup;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.HashedStorage;
import io.espalier.network.Curvature;
import io.espalier.network.CurvaturePass;
import io.espalier.network.DropoutPlan;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameter;
import io.espalier.network.Parameters;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.Pass;
import io.espalier.network.Representation;
import io.espalier.network.Storage;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Whole training steps of a network, from choosing the batch to the new weights: dense ones, and what sparse and hashed weights cost
 * beside them; and the pass that finds the curvature of all weights, beside the one that finds the gradient.
 */
final class StepWorkloads {
    /** Sums of up to a thousand terms in several layers, forward and back, and a loss that is summed over the batch. */
    private static final Tolerance TOLERANCE =
            new Tolerance.Stated(64, 8, "layers forward and back in long sums, a loss summed over the batch");

    private final String network;
    private final NetworkSpec spec;
    private final Size size;
    private final int examples;

    /**
     * Steps at one batch size.
     *
     * @param network the name of the shape
     * @param examples of the data set that batches are chosen from
     */
    StepWorkloads(String network, NetworkSpec spec, int batch, int members, int examples) {
        this.network = network;
        this.spec = spec;
        this.size = Size.dense(spec.outputs(), spec.inputs(), batch, members);
        this.examples = examples;
    }

    /** A member's parameters before the step. */
    private interface Start {
        Parameters of(int member);
    }

    Workload dense() {
        Setup step = step("", this::initial, (backend, parameters) -> Representation.dense(spec));
        return workload("step", size, work(1, spec.prunable()), step, candidate("espalier", Role.SUBJECT, step));
    }

    /** Some of the weights, trained by themselves and as matrices with zeros. */
    Workload sparse(double sparsity) {
        Start start = member -> pruned(initial(member), member, sparsity);
        Setup sparse = step("sparse ", start, Representation::of);
        Setup dense = step("dense ", start, (backend, parameters) -> Representation.dense(spec));
        double alive = spec.prunable() * (1 - sparsity);
        return workload(
                "sparse step",
                size.pruned(sparsity),
                work(1 - sparsity, alive),
                both(sparse, dense),
                candidate("espalier sparse", Role.SUBJECT, sparse),
                candidate("espalier dense", Role.PEER, dense));
    }

    /** Weights in buckets, and the same network with dense ones. */
    Workload hashed(int compression) {
        Storage storage = HashedStorage.of(spec, new CompressionRatio(compression));
        Start start = member -> Parameters.initial(spec, storage, new Seed(member), Stream.INITIAL_WEIGHTS, 0);
        Setup hashed = step("hashed ", start, Representation::of);
        Setup dense = step("dense ", this::initial, Representation::of);
        return workload(
                "hashed step",
                size.hashed(compression),
                work(1, (double) spec.prunable() / compression),
                both(hashed, dense),
                candidate("espalier hashed", Role.SUBJECT, hashed),
                candidate("espalier dense", Role.BASELINE, dense));
    }

    /** The diagonal of the Hessian without f'', and the gradient. */
    Workload curvature() {
        Setup curvature = pass("curvature ", (operands, network) -> {
            CurvaturePass into = operands.own(
                    network.curvaturePass(size.batch(), Curvature.LEVENBERG_MARQUARDT), CurvaturePass::close);
            for (int i = 0; i < into.weights().size(); i++) {
                operands.name("curvature " + i, into.weights().get(i));
            }
            return pass -> network.curvature(pass, into);
        });
        Setup gradient = pass("gradient ", (operands, network) -> {
            for (int i = 0; i < network.prunable().size(); i++) {
                operands.name("gradient " + i, network.prunable().get(i).gradient());
            }
            return pass -> network.backward(pass, DropoutPlan.NONE);
        });
        return workload(
                "curvature pass",
                size,
                work(1, spec.prunable()),
                both(curvature, gradient),
                candidate("espalier curvature", Role.SUBJECT, curvature),
                candidate("espalier gradient", Role.BASELINE, gradient));
    }

    private Workload workload(String op, Size at, Work useful, Setup definition, Candidate... candidates) {
        return new Workload(op + " of " + network, at, useful, TOLERANCE, definition, List.of(candidates));
    }

    private Candidate candidate(String name, Role role, Setup setup) {
        return new Candidate(name, role, Precision.FP32, work(1, spec.prunable()), setup);
    }

    private static Setup both(Setup first, Setup second) {
        return operands -> {
            Prepared one = first.on(operands);
            Prepared other = second.on(operands);
            List<String> outputs = new ArrayList<>(one.outputs());
            outputs.addAll(other.outputs());
            return new Prepared(
                    () -> {
                        one.run().run();
                        other.run().run();
                    },
                    outputs);
        };
    }

    /**
     * Three products for every weight but in the first layer, whose input needs no gradient; stored numbers and their velocities in
     * and out.
     */
    private Work work(double density, double stored) {
        return work(spec, size, density, stored);
    }

    static Work work(NetworkSpec spec, Size size, double density, double stored) {
        return new Work(
                size.members() * 2.0 * size.batch() * density * (3.0 * spec.multiplyAdds() - spec.multiplyAdds(0)),
                size.members() * (4 * Float.BYTES * stored + (double) size.inputs() * size.batch()));
    }

    private Parameters initial(int member) {
        return Parameters.initial(spec, new Seed(member), Stream.INITIAL_WEIGHTS, 0);
    }

    private Parameters pruned(Parameters dense, int member, double sparsity) {
        List<LayerParameters> layers = new ArrayList<>();
        for (LayerParameters layer : dense.layers()) {
            int alive = (int) Math.rint(layer.weight().length * (1 - sparsity));
            byte[] mask = Operands.mask(
                    new PhiloxSequence(new Seed(member), Stream.CONTRACT_INPUT.at(layers.size())),
                    layer.weight().length,
                    alive);
            layers.add(new LayerParameters(layer.outputs(), layer.inputs(), layer.weight(), mask, layer.bias())
                    .withValues(layer.weight(), layer.bias()));
        }
        return new Parameters(layers);
    }

    /** A network and the memory of its passes, back at its start at every reset. */
    private Network network(Operands operands, Start start, BiFunction<Backend, Parameters, Representation> form) {
        List<Parameters> all = new ArrayList<>();
        for (int r = 0; r < operands.members(); r++) {
            all.add(start.of(operands.firstMember() + r));
        }
        Representation representation = form.apply(operands.backend(), all.get(0));
        Network made = operands.own(new Network(operands.backend(), spec, all, representation), Network::close);
        operands.atReset(() -> {
            for (int r = 0; r < all.size(); r++) {
                made.write(r, all.get(r));
            }
        });
        return made;
    }

    /** @param prefix of the names of its outputs */
    private Setup step(String prefix, Start start, BiFunction<Backend, Parameters, Representation> form) {
        return operands -> {
            Backend backend = operands.backend();
            Network made = network(operands, start, form);
            Pass pass = operands.own(made.pass(size.batch()), Pass::close);
            Shape scalars = Shape.scalars(operands.members());
            Tensor pixels = operands.sharedBytes("pixels", examples, spec.inputs());
            Tensor labels = operands.sharedInts("labels", examples, spec.outputs());
            Tensor keys = operands.ints("keys", 1, 2, Integer.MAX_VALUE);
            Tensor step = cleared(operands, ElementType.I32, scalars);
            Tensor loss = cleared(operands, ElementType.REAL, scalars);
            Tensor none = operands.constant("none", 1, 1, 0);
            SgdRates rates = new SgdRates(
                    operands.constant("learning rate", 1, 1, 1e-3),
                    operands.constant("momentum", 1, 1, 0.9),
                    none,
                    none);
            List<String> outputs = new ArrayList<>(List.of(prefix + "loss"));
            operands.name(prefix + "loss", loss);
            List<Runnable> updates = new ArrayList<>();
            for (Parameter parameter : made.parameters()) {
                String name = prefix + "parameter " + updates.size();
                operands.name(name, parameter.value());
                outputs.add(name);
                Tensor velocity =
                        cleared(operands, ElementType.REAL, parameter.value().shape());
                updates.add(update(backend, made, parameter, velocity, rates));
            }
            return new Prepared(
                    () -> {
                        backend.batchIndices(keys, step, examples, size.batch(), pass.indices());
                        backend.gather(pixels, pass.indices(), pass.inputs());
                        backend.gatherLabels(labels, pass.indices(), pass.labels());
                        made.forward(pass, DropoutPlan.NONE);
                        made.loss(pass, loss);
                        made.backward(pass, DropoutPlan.NONE);
                        updates.forEach(Runnable::run);
                        backend.advance(step);
                    },
                    outputs);
        };
    }

    static Runnable update(Backend backend, Network made, Parameter parameter, Tensor velocity, SgdRates rates) {
        return made.isMasked(parameter)
                ? () -> backend.maskedSgd(parameter.value(), parameter.gradient(), velocity, parameter.mask(), rates)
                : () -> backend.sgd(parameter.value(), parameter.gradient(), velocity, rates);
    }

    /** What comes after forward and loss. */
    private interface Back {
        void run(Pass pass);
    }

    private Setup pass(String output, BiFunction<Operands, Network, Back> way) {
        return operands -> {
            Backend backend = operands.backend();
            Network made = network(operands, this::initial, (any, parameters) -> Representation.dense(spec));
            Pass pass = operands.own(made.pass(size.batch()), Pass::close);
            Tensor loss = cleared(operands, ElementType.REAL, Shape.scalars(operands.members()));
            Tensor pixels = operands.sharedBytes("pixels", examples, spec.inputs());
            Tensor labels = operands.sharedInts("labels", examples, spec.outputs());
            Back back = way.apply(operands, made);
            List<String> outputs = new ArrayList<>();
            for (int i = 0; i < spec.layers(); i++) {
                outputs.add(output + i);
            }
            return new Prepared(
                    () -> {
                        backend.range(0, pass.indices());
                        backend.gather(pixels, pass.indices(), pass.inputs());
                        backend.gatherLabels(labels, pass.indices(), pass.labels());
                        made.forward(pass, DropoutPlan.NONE);
                        made.loss(pass, loss);
                        back.run(pass);
                    },
                    outputs);
        };
    }

    private static Tensor cleared(Operands operands, ElementType type, Shape shape) {
        Tensor tensor = operands.own(operands.backend().zeros(type, shape), Tensor::close);
        operands.atReset(() -> operands.backend().clear(tensor));
        return tensor;
    }
}
