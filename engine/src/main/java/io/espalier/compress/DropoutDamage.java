package io.espalier.compress;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.network.Architecture;
import io.espalier.network.DropoutPlan;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.Pass;
import io.espalier.random.Philox;
import io.espalier.random.Shuffle;
import io.espalier.random.Stream;
import java.util.ArrayList;
import java.util.List;

/**
 * How much the loss grows when the unit is dropped, others being dropped at random: its mean under the masks that drop the unit
 * less its mean under those that do not. A mask is one for all examples and all hidden layers; survivors are scaled by
 * 1 / (1 - rate). Every unit is dropped by the same number of masks, so that both means exist; which ones is a
 * {@link Shuffle} of its own, keyed by seed, step, layer and place among the units left.
 *
 * <p>Costs a forward pass over the examples for every mask.
 *
 * @param masks at least 2
 * @param rate share of the masks that drop a unit, between 0 and 1; at least one does, and one does not
 * @param examples the first of the training part; fewer if it has fewer
 */
public record DropoutDamage(int masks, double rate, int examples) implements UnitSaliency {
    private static final DropoutDamage USUAL = new DropoutDamage();

    public DropoutDamage {
        if (masks < 2 || !(rate > 0 && rate < 1) || examples < 1) {
            throw new IllegalArgumentException(
                    "Dropout damage needs at least two masks, a rate between 0 and 1 and an example, got " + masks
                            + " masks, rate " + rate + " and " + examples + " examples");
        }
    }

    /**
     * A thousand masks, each unit in a hundred of them, over 500 examples. On LeNet-300-100 four times the masks or examples rank no
     * better, and the usual rate of one half ranks worse: too much else is missing.
     */
    public DropoutDamage() {
        this(1000, 0.1, 500);
    }

    @Override
    public String name() {
        return "dropout-damage"
                + (masks == USUAL.masks ? "" : " masks=" + masks)
                + (rate == USUAL.rate ? "" : " rate=" + rate)
                + (examples == USUAL.examples ? "" : " examples=" + examples);
    }

    /** Masks that drop a unit. */
    private int drops() {
        return (int) Math.max(1, Math.min(masks - 1, Math.rint(rate * masks)));
    }

    @Override
    public List<double[]> scores(Saliency.Subject subject) {
        Network network = subject.network();
        List<List<Shuffle>> orders = orders(subject);
        List<double[]> damages = new ArrayList<>();
        orders.forEach(layer -> damages.add(new double[layer.size()]));
        Parameters whole = network.read(0);
        try (Losses losses =
                new Losses(subject, Math.min(examples, subject.training().count()))) {
            for (int mask = 0; mask < masks; mask++) {
                subject.beforeBatch().run();
                List<boolean[]> dropped = dropped(orders, mask);
                network.write(0, without(network.spec(), whole, dropped));
                double loss = losses.mean();
                for (int layer = 0; layer < dropped.size(); layer++) {
                    double[] ofLayer = damages.get(layer);
                    for (int unit = 0; unit < ofLayer.length; unit++) {
                        ofLayer[unit] += dropped.get(layer)[unit] ? loss / drops() : -loss / (masks - drops());
                    }
                }
            }
        } finally {
            network.write(0, whole);
        }
        return damages;
    }

    /** In which order each unit takes the masks: the first ones drop it. */
    private List<List<Shuffle>> orders(Saliency.Subject subject) {
        NetworkSpec spec = subject.network().spec();
        int[] key = new int[4];
        List<List<Shuffle>> orders = new ArrayList<>();
        for (int layer = 0; layer < spec.layers() - 1; layer++) {
            List<Shuffle> ofLayer = new ArrayList<>();
            for (int unit = 0; unit < spec.outputs(layer); unit++) {
                int stream = Stream.DROPOUT_DAMAGE.at(layer);
                Philox.block(subject.seed().low(), subject.seed().high(), unit, subject.step(), stream, 0, key);
                ofLayer.add(new Shuffle(Stream.DROPOUT_DAMAGE, key[0], key[1], 0, masks));
            }
            orders.add(ofLayer);
        }
        return orders;
    }

    private List<boolean[]> dropped(List<List<Shuffle>> orders, int mask) {
        List<boolean[]> dropped = new ArrayList<>();
        for (List<Shuffle> layer : orders) {
            boolean[] ofLayer = new boolean[layer.size()];
            for (int unit = 0; unit < ofLayer.length; unit++) {
                ofLayer[unit] = layer.get(unit).at(mask) < drops();
            }
            dropped.add(ofLayer);
        }
        return dropped;
    }

    /** The weights from dropped units are zero, from the others larger: what dropout does to a unit, done to its weights. */
    private Parameters without(NetworkSpec spec, Parameters whole, List<boolean[]> dropped) {
        float survivors = (float) (1 / (1 - rate));
        List<LayerParameters> layers = new ArrayList<>(whole.layers());
        for (int layer = 0; layer < dropped.size(); layer++) {
            int reader = spec.architecture().reader(layer);
            if (reader == Architecture.NONE) {
                continue;
            }
            boolean[] units = dropped.get(layer);
            LayerParameters from = layers.get(reader);
            int columnsEach = from.inputs() / units.length;
            float[] weight = from.weight().clone();
            for (int i = 0; i < weight.length; i++) {
                weight[i] *= units[i % from.inputs() / columnsEach] ? 0f : survivors;
            }
            layers.set(reader, from.withValues(weight, from.bias()));
        }
        return new Parameters(layers, whole.norms());
    }

    /** The network's mean loss over the first training examples, measured again and again. */
    private static final class Losses implements AutoCloseable {
        private final Backend backend;
        private final Network network;
        private final int examples;
        private final Pass pass;
        private final Tensor sum;

        Losses(Saliency.Subject subject, int examples) {
            this.backend = subject.backend();
            this.network = subject.network();
            this.examples = examples;
            this.pass = network.forwardPass(examples);
            this.sum = backend.zeros(ElementType.REAL, Shape.scalars(1));
            backend.range(0, pass.indices());
            subject.training().gather(backend, pass);
            backend.gatherLabels(subject.training().labels(), pass.indices(), pass.labels());
        }

        double mean() {
            backend.clear(sum);
            network.forward(pass, DropoutPlan.NONE);
            network.loss(pass, sum);
            return backend.doubles(sum, 0)[0] / examples;
        }

        @Override
        public void close() {
            pass.close();
            sum.close();
        }
    }
}
