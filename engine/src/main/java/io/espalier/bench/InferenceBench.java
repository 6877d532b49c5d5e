package io.espalier.bench;

import io.espalier.backend.Backend;
import io.espalier.network.DropoutPlan;
import io.espalier.network.Features;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.Pass;
import io.espalier.network.Representation;
import io.espalier.network.StoreSpec;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import io.espalier.run.InferenceTable.Speed;
import java.util.List;
import java.util.Optional;

/** Times one model's forward pass, as it is stored and on one worker: an example by itself, and 128 at once. */
public final class InferenceBench {
    private static final int BATCH = 128;
    private static final double PATIENCE = 0.2;

    /** Seconds without a sample that is so much faster than all before: then Java has compiled what it runs. */
    private static final double SETTLED_SECONDS = 0.3;

    private static final double FASTER = 0.95;
    private static final double MOST_SETTLING_SECONDS = 5;

    private final Rig rig;
    private final StoppingRule rule;

    public InferenceBench(Rig rig, StoppingRule rule) {
        this.rig = rig;
        this.rule = rule;
    }

    /** A model's. */
    public Speed measured(NetworkSpec spec, Parameters parameters) {
        Backend backend = rig.backend();
        Representation representation = Representation.of(backend, parameters);
        try (Network network = new Network(backend, spec, List.of(parameters), representation)) {
            return new Speed(
                    microseconds(network, 1),
                    microseconds(network, BATCH),
                    memory(spec, parameters, representation),
                    multiplyAdds(spec, parameters),
                    backend.name());
        }
    }

    private double microseconds(Network network, int batch) {
        Backend backend = rig.backend();
        try (Pass pass = network.forwardPass(batch)) {
            PhiloxSequence random = new PhiloxSequence(new Seed(0), Stream.CONTRACT_INPUT.at(0));
            float[] inputs = new float[pass.inputs().shape().perMember()];
            for (int i = 0; i < inputs.length; i++) {
                inputs[i] = (float) random.nextDouble();
            }
            backend.write(pass.inputs(), 0, inputs);
            try (Sampler sampler =
                    new Sampler(rig, Mode.WARM, () -> network.forward(pass, DropoutPlan.NONE), PATIENCE)) {
                settle(sampler);
                Samples samples = new Samples();
                StoppingRule.Watch watch = rule.watch();
                long start = System.nanoTime();
                Optional<StoppingRule.Reason> enough = Optional.empty();
                while (enough.isEmpty()) {
                    samples.add(sampler.sample());
                    watch.noticed(samples.noise());
                    enough = watch.verdict(samples, seconds(start));
                }
                return 1e6 * samples.summary().median();
            }
        }
    }

    /** The first of several models would otherwise look slower than the same one later. */
    private static void settle(Sampler sampler) {
        long start = System.nanoTime();
        long settled = start;
        double best = Double.POSITIVE_INFINITY;
        while (seconds(settled) < SETTLED_SECONDS && seconds(start) < MOST_SETTLING_SECONDS) {
            double sample = sampler.sample();
            if (sample < FASTER * best) {
                settled = System.nanoTime();
            }
            best = Math.min(best, sample);
        }
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    /** Of one example: a weight that is not there is not multiplied with, a virtual one is. */
    static long multiplyAdds(NetworkSpec spec, Parameters parameters) {
        long total = 0;
        for (int l = 0; l < spec.layers(); l++) {
            LayerParameters layer = parameters.layers().get(l);
            long weights = (long) layer.outputs() * layer.inputs();
            long places = spec.multiplyAdds(l) / weights;
            if (layer.store() instanceof StoreSpec.LowRank product) {
                weights = (long) product.rank() * (layer.outputs() + layer.inputs());
            } else if (!(layer.store() instanceof StoreSpec.Hashed)) {
                weights = layer.alive();
            }
            total += weights * places;
        }
        return total;
    }

    /** A sparse weight has its column beside it; the copies that convolutions make of their windows are those of the largest. */
    private static long memory(NetworkSpec spec, Parameters parameters, Representation representation) {
        long weights = 0;
        for (int l = 0; l < spec.layers(); l++) {
            LayerParameters layer = parameters.layers().get(l);
            boolean sparse = representation.layers().get(l) instanceof Representation.Form.Sparse;
            weights += (sparse ? 2L * layer.alive() : (long) layer.outputs() * layer.inputs()) + layer.bias().length;
        }
        weights += 2L * spec.normParameters();
        long values =
                spec.architecture().values().stream().mapToLong(Features::count).sum();
        return Float.BYTES * (weights + BATCH * (values + spec.architecture().largestPatches()));
    }
}
