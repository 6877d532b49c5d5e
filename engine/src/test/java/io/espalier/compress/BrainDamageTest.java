package io.espalier.compress;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.network.DropoutPlan;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameter;
import io.espalier.network.Parameters;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.Pass;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What optimal brain damage promises, at a minimum (LeCun, Denker and Solla 1990, figures 1 and 2): it foresees how much the loss
 * will grow, and does less harm than magnitudes, which do less than chance. Pictures of 6 by 6 pixels that are bright in
 * different degrees and noisy in different degrees, so much that the classes overlap and the minimum is a true one.
 */
class BrainDamageTest {
    private static final NetworkSpec SPEC =
            new NetworkSpec(List.of(36, 3, 4), Activation.SIGMOID, Activation.SIGMOID, Loss.MSE, Initialization.GLOROT);
    private static final int EXAMPLES = 3000;
    private static final int WEIGHTS = 36 * 3 + 3 * 4;

    private final Backend backend = ReferenceBackend.open();

    /** Every class has a prototype; a pixel shows it or, with a probability of the pixel's own, noise of the same density. */
    private TrainingExamples examples(int seed) {
        PhiloxSequence random = new PhiloxSequence(new Seed(seed), Stream.CONTRACT_INPUT.at(5));
        int[] brightness = new int[36];
        double[] noise = new double[36];
        boolean[][] prototypes = new boolean[4][36];
        for (int f = 0; f < 36; f++) {
            brightness[f] = (int) (255 * Math.pow(0.15, random.nextDouble()));
            noise[f] = 0.6 + 0.3 * random.nextDouble();
            for (boolean[] prototype : prototypes) {
                prototype[f] = random.nextDouble() < 0.4;
            }
        }
        byte[] pixels = new byte[EXAMPLES * 36];
        int[] labels = new int[EXAMPLES];
        for (int n = 0; n < EXAMPLES; n++) {
            labels[n] = random.nextInt(4);
            for (int f = 0; f < 36; f++) {
                boolean noisy = random.nextDouble() < noise[f];
                boolean on = noisy ? random.nextDouble() < 0.4 : prototypes[labels[n]][f];
                pixels[n * 36 + f] = (byte) (on ? brightness[f] : 0);
            }
        }
        return new TrainingExamples(
                backend.constant(pixels, new Shape(1, EXAMPLES, 36)),
                backend.constant(labels, new Shape(1, 1, EXAMPLES)),
                EXAMPLES);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void foreseesTheLossAndDoesTheLeastHarm(int seed) {
        TrainingExamples examples = examples(seed);
        try (Network network = new Network(backend, SPEC, 1);
                Objective objective = new Objective(network, examples)) {
            Parameters start = Parameters.initial(SPEC, new Seed(seed), Stream.INITIAL_WEIGHTS, 0);
            double[] minimum = minimise(objective, flat(start));
            double[] gradient = new double[minimum.length];
            double least = objective.at(minimum, gradient);
            assertTrue(norm(gradient) < 1e-4, "gradient " + norm(gradient));
            Parameters trained = network.read(0);
            for (int percent : new int[] {10, 20, 30}) {
                Damage obd = damage(network, trained, examples, SaliencyKind.OBD, seed, percent, objective, least);
                double ratio = obd.measured / obd.foreseen;
                System.out.printf(
                        "seed %d: %d %% deleted, loss %.4f grows by %.2e, %.2f times what OBD foresees%n",
                        seed, percent, least, obd.measured, ratio);
                assertTrue(percent == 10 || ratio > 0.5 && ratio < 2, percent + " %: " + obd);
            }
            double obd = damage(network, trained, examples, SaliencyKind.OBD, seed, 30, objective, least).measured;
            double magnitude =
                    damage(network, trained, examples, SaliencyKind.MAGNITUDE, seed, 30, objective, least).measured;
            double random =
                    damage(network, trained, examples, SaliencyKind.RANDOM, seed, 30, objective, least).measured;
            assertTrue(obd < magnitude && magnitude < random, obd + " " + magnitude + " " + random);
        }
    }

    /**
     * What a cut did.
     *
     * @param foreseen sum of the deleted weights' scores
     * @param measured growth of the loss
     */
    private record Damage(double foreseen, double measured) {}

    private Damage damage(
            Network network,
            Parameters trained,
            TrainingExamples examples,
            SaliencyKind saliency,
            int seed,
            int percent,
            Objective objective,
            double before) {
        network.write(0, trained);
        Saliency.Subject subject = new Saliency.Subject(backend, network, examples, new Seed(seed), 0);
        List<Tensor> scores = network.prunable().stream()
                .map(weight -> backend.zeros(ElementType.REAL, weight.value().shape()))
                .toList();
        saliency.saliency().score(subject, scores);
        Pruner.prune(subject, saliency.saliency(), Scope.GLOBAL, WEIGHTS - WEIGHTS * percent / 100);
        double foreseen = 0;
        for (int t = 0; t < scores.size(); t++) {
            double[] values = backend.doubles(scores.get(t), 0);
            byte[] mask = backend.bytes(network.prunable().get(t).mask(), 0);
            for (int i = 0; i < values.length; i++) {
                foreseen += mask[i] == 0 ? values[i] : 0;
            }
        }
        return new Damage(foreseen, objective.loss() - before);
    }

    /** Mean loss over all examples, and its gradient, as a function of all parameters. */
    private final class Objective implements AutoCloseable {
        private final Network network;
        private final Pass pass;
        private final Tensor sum = backend.zeros(ElementType.REAL, Shape.scalars(1));

        Objective(Network network, TrainingExamples examples) {
            this.network = network;
            this.pass = network.pass(EXAMPLES);
            int[] all = new int[EXAMPLES];
            java.util.Arrays.setAll(all, i -> i);
            backend.write(pass.indices(), 0, all);
            backend.gather(examples.pixels(), pass.indices(), pass.inputs());
            backend.gatherLabels(examples.labels(), pass.indices(), pass.labels());
        }

        double loss() {
            backend.clear(sum);
            network.forward(pass, DropoutPlan.NONE);
            network.loss(pass, sum);
            return backend.doubles(sum, 0)[0] / EXAMPLES;
        }

        double at(double[] point, double[] gradient) {
            network.write(0, unflat(point));
            double loss = loss();
            network.backward(pass, DropoutPlan.NONE);
            int at = 0;
            for (Parameter parameter : network.parameters()) {
                double[] part = backend.doubles(parameter.gradient(), 0);
                System.arraycopy(part, 0, gradient, at, part.length);
                at += part.length;
            }
            return loss;
        }

        @Override
        public void close() {
            pass.close();
            sum.close();
        }
    }

    // ---- L-BFGS (Nocedal 1980): gradient descent would take a hundred times as long to get this close to the minimum
    // ------

    private static double[] minimise(Objective objective, double[] start) {
        int n = start.length;
        double[] x = start;
        double[] g = new double[n];
        double value = objective.at(x, g);
        Deque<double[][]> history = new ArrayDeque<>();
        for (int step = 0; step < 1500 && norm(g) > 3e-5; step++) {
            double[] direction = direction(g, history);
            double slope = dot(direction, g);
            double length = history.isEmpty() ? 1 / norm(g) : 1;
            double[] next = new double[n];
            double[] nextGradient = new double[n];
            double nextValue;
            do {
                for (int i = 0; i < n; i++) {
                    next[i] = x[i] + length * direction[i];
                }
                nextValue = objective.at(next, nextGradient);
                length /= 2;
            } while (nextValue > value + 2e-4 * length * slope && length > 1e-12);
            double[] s = new double[n];
            double[] y = new double[n];
            for (int i = 0; i < n; i++) {
                s[i] = next[i] - x[i];
                y[i] = nextGradient[i] - g[i];
            }
            if (dot(s, y) > 1e-10 * dot(y, y)) {
                history.addFirst(new double[][] {s, y});
                if (history.size() > 40) {
                    history.removeLast();
                }
            }
            x = next;
            g = nextGradient;
            value = nextValue;
        }
        return x;
    }

    private static double[] direction(double[] g, Deque<double[][]> history) {
        double[] q = g.clone();
        double[] factors = new double[history.size()];
        int k = 0;
        for (double[][] pair : history) {
            factors[k] = dot(pair[0], q) / dot(pair[0], pair[1]);
            add(q, -factors[k++], pair[1]);
        }
        if (!history.isEmpty()) {
            double[][] last = history.getFirst();
            double scale = dot(last[0], last[1]) / dot(last[1], last[1]);
            for (int i = 0; i < q.length; i++) {
                q[i] *= scale;
            }
        }
        for (var oldest = history.descendingIterator(); oldest.hasNext(); ) {
            double[][] pair = oldest.next();
            add(q, factors[--k] - dot(pair[1], q) / dot(pair[0], pair[1]), pair[0]);
        }
        for (int i = 0; i < q.length; i++) {
            q[i] = -q[i];
        }
        return q;
    }

    private static void add(double[] to, double factor, double[] values) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * values[i];
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double norm(double[] values) {
        return Math.sqrt(dot(values, values));
    }

    private static double[] flat(Parameters parameters) {
        List<Double> values = new ArrayList<>();
        for (LayerParameters layer : parameters.layers()) {
            for (float weight : layer.weight()) {
                values.add((double) weight);
            }
            for (float bias : layer.bias()) {
                values.add((double) bias);
            }
        }
        return values.stream().mapToDouble(value -> value).toArray();
    }

    private static Parameters unflat(double[] values) {
        List<LayerParameters> layers = new ArrayList<>();
        int at = 0;
        for (int l = 0; l < SPEC.layers(); l++) {
            float[] weight = new float[SPEC.outputs(l) * SPEC.inputs(l)];
            for (int i = 0; i < weight.length; i++) {
                weight[i] = (float) values[at++];
            }
            float[] bias = new float[SPEC.outputs(l)];
            for (int i = 0; i < bias.length; i++) {
                bias[i] = (float) values[at++];
            }
            byte[] mask = new byte[weight.length];
            java.util.Arrays.fill(mask, (byte) 1);
            layers.add(new LayerParameters(SPEC.outputs(l), SPEC.inputs(l), weight, mask, bias));
        }
        return new Parameters(layers);
    }
}
