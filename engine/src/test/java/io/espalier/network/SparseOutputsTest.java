package io.espalier.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A pruned network gives the same outputs whether its layers keep a mask or only what is alive, and as its definition. */
class SparseOutputsTest {
    private final Backend cpu = new CpuBackend();
    private final Backend reference = ReferenceBackend.open();

    @Property(seed = "4", tries = 500, edgeCases = EdgeCasesMode.MIXIN)
    void maskedIsSparseIsTheDefinition(
            @ForAll @IntRange(min = 1, max = 40) int inputs,
            @ForAll @IntRange(min = 1, max = 40) int hidden,
            @ForAll @IntRange(min = 1, max = 12) int outputs,
            @ForAll @IntRange(min = 1, max = 70) int batch,
            @ForAll @IntRange(max = 100) int percentAlive,
            @ForAll int seed) {
        NetworkSpec spec = new NetworkSpec(
                List.of(inputs, hidden, outputs),
                Activation.TANH,
                Activation.LINEAR,
                Loss.SOFTMAX,
                Initialization.GLOROT);
        PhiloxSequence random = new PhiloxSequence(new Seed(seed & 0xFFFF_FFFFL), Stream.CONTRACT_INPUT.at(2));
        Parameters pruned = pruned(spec, percentAlive, random);
        float[] values = new float[inputs * batch];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble();
        }
        double[] right = outputs(reference, spec, pruned, values, batch, new Representation.Form.Dense());
        for (Representation.Form form : List.of(new Representation.Form.Dense(), new Representation.Form.Sparse())) {
            double[] found = outputs(cpu, spec, pruned, values, batch, form);
            for (int i = 0; i < right.length; i++) {
                // Sums of at most 40 products of numbers below 2 in float32, twice.
                assertEquals(right[i], found[i], 40 * 4 * 0x1p-23, form + " output " + i);
            }
        }
    }

    private static Parameters pruned(NetworkSpec spec, int percentAlive, PhiloxSequence random) {
        List<LayerParameters> layers = new ArrayList<>();
        for (LayerParameters layer :
                Parameters.initial(spec, new Seed(7), Stream.INITIAL_WEIGHTS, 0).layers()) {
            byte[] mask = new byte[layer.mask().length];
            float[] weight = layer.weight().clone();
            for (int i = 0; i < mask.length; i++) {
                mask[i] = (byte) (random.nextInt(100) < percentAlive ? 1 : 0);
                weight[i] *= mask[i];
            }
            layers.add(new LayerParameters(layer.outputs(), layer.inputs(), weight, mask, layer.bias()));
        }
        return new Parameters(layers);
    }

    private static double[] outputs(
            Backend backend, NetworkSpec spec, Parameters at, float[] inputs, int batch, Representation.Form form) {
        Representation representation = new Representation(Collections.nCopies(spec.layers(), form));
        try (Network network = new Network(backend, spec, List.of(at), representation);
                Pass pass = network.pass(batch)) {
            backend.write(pass.inputs(), 0, inputs);
            network.forward(pass, DropoutPlan.NONE);
            return backend.doubles(pass.outputs(), 0);
        }
    }
}
