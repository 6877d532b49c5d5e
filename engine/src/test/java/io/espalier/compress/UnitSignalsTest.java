package io.espalier.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.network.Architecture;
import io.espalier.network.DropoutPlan;
import io.espalier.network.Features;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.Pass;
import io.espalier.network.Representation;
import io.espalier.network.Step;
import io.espalier.network.Topology;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Fisher and Taylor scores of channels against what a factor on the channel does to each example's loss, by differences. */
class UnitSignalsTest {
    private static final int EXAMPLES = 6;
    private static final double DELTA = 1e-3;

    private final Backend backend = ReferenceBackend.open();
    private final NetworkSpec spec = spec();
    private final Parameters whole = Parameters.initial(spec, new Seed(3), Stream.INITIAL_WEIGHTS, 0);
    private final TrainingExamples training = TrainingData.of(backend, spec.inputs(), 3, EXAMPLES);

    private static NetworkSpec spec() {
        List<Step> steps = List.of(
                new Step.Convolution(0, 3, 1, 1, false),
                new Step.Normalisation(1),
                new Step.Convolution(2, 3, 1, 0, true),
                new Step.Pool(Step.Pool.Kind.MAX, 3, 2, 2),
                new Step.FullyConnected(4),
                new Step.FullyConnected(5));
        List<Integer> sizes = List.of(18, 3, 4, 5, 3);
        return new NetworkSpec(
                new Architecture(new Topology("toy", new Features(2, 6, 6), steps, sizes), sizes),
                Activation.TANH,
                Activation.LINEAR,
                Loss.SOFTMAX,
                Initialization.GLOROT);
    }

    @Test
    void scoresAreThoseOfAFactorOnTheUnit() {
        List<double[]> fisher;
        List<double[]> taylor;
        try (Network network = new Network(backend, spec, List.of(whole), Representation.dense(spec))) {
            Saliency.Subject subject = new Saliency.Subject(backend, network, training, new Seed(1), 0);
            fisher = new FisherUnits().scores(subject);
            taylor = new TaylorUnits().scores(subject);
        }
        assertEquals(3, fisher.size(), "every map but the last");
        for (int map = 0; map < 3; map++) {
            for (int unit = 0; unit < spec.outputs(map); unit++) {
                double squares = 0;
                double sizes = 0;
                for (int example = 0; example < EXAMPLES; example++) {
                    double slope = (loss(map, unit, DELTA, example) - loss(map, unit, -DELTA, example)) / (2 * DELTA);
                    squares += slope * slope / 2 / EXAMPLES;
                    sizes += Math.abs(slope) / EXAMPLES;
                }
                assertTrue(sizes > 1e-4, "it has an influence");
                // Weights are float32: a thousandth of one is known to about four digits.
                assertEquals(squares, fisher.get(map)[unit], 2e-3 * squares, "map " + map + " unit " + unit);
                assertEquals(sizes, taylor.get(map)[unit], 1e-3 * sizes, "map " + map + " unit " + unit);
            }
        }
    }

    /** A factor on a unit is one on the columns that read it; a positive one passes a maximum. */
    private double loss(int map, int unit, double more, int example) {
        int reader = spec.architecture().reader(map);
        List<LayerParameters> layers = new ArrayList<>(whole.layers());
        LayerParameters from = layers.get(reader);
        float[] weight = from.weight().clone();
        int each = from.inputs() / spec.outputs(map);
        for (int i = 0; i < weight.length; i++) {
            weight[i] *= i % from.inputs() / each == unit ? (float) (1 + more) : 1;
        }
        layers.set(reader, from.withValues(weight, from.bias()));
        Parameters changed = new Parameters(layers, whole.norms());
        try (Network network = new Network(backend, spec, List.of(changed), Representation.dense(spec));
                Pass pass = network.forwardPass(1);
                Tensor sum = backend.zeros(ElementType.REAL, Shape.scalars(1))) {
            backend.write(pass.indices(), 0, new int[] {example});
            training.gather(backend, pass);
            backend.gatherLabels(training.labels(), pass.indices(), pass.labels());
            network.forward(pass, DropoutPlan.NONE);
            network.loss(pass, sum);
            return backend.doubles(sum, 0)[0];
        }
    }
}
