package io.espalier.compress;

import io.espalier.network.HiddenUnits;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Parameters.LayerParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Of two similar units of a layer one goes and the other takes over what led from it, again and again: the weights from the one are
 * added to those from the other. With u the weights to a unit and its bias, and a the weights from it, unit j goes into unit i at
 * the cost |u_i - u_j|^2 |a_j|^2; the lowest goes first, of equals that of the lower layer, then that of the lower i, then j. Equal
 * units become one at no cost, and nothing changes. Needs no data.
 *
 * <p>After Srinivas and Babu (2015, data-free parameter pruning). Harang and Sanders (2023) merge neurons too, but how was not to be
 * had. Giving the one that stays the mean of what led to both was tried and is far worse: trained units are hardly alike.
 */
record UnitMerging() implements UnitCriterion {
    @Override
    public String name() {
        return "merge";
    }

    @Override
    public void requireFits(NetworkSpec network) {
        if (!network.architecture().topology().isPerceptron()) {
            throw new IllegalArgumentException("Units can be merged in fully connected networks only, not in "
                    + network.architecture().topology().name() + ". Take another `criterion`");
        }
    }

    @Override
    public Shrunk shrink(Saliency.Subject subject, UnitBudget budget) {
        NetworkSpec left = subject.network().spec();
        requireFits(left);
        int hidden = left.layers() - 1;
        List<Rows> layers = new ArrayList<>();
        for (LayerParameters layer : subject.network().read(0).layers()) {
            layers.add(new Rows(layer));
        }
        while (!budget.isMetBy(left)) {
            Merger cheapest = null;
            for (int layer = 0; layer < hidden; layer++) {
                if (budget.allowsLossIn(left, layer)) {
                    Merger found = layers.get(layer)
                            .cheapest(layer, layers.get(layer + 1).columnSquares());
                    cheapest = cheapest == null || found.cost < cheapest.cost ? found : cheapest;
                }
            }
            layers.get(cheapest.layer).remove(cheapest.gone);
            layers.get(cheapest.layer + 1).addColumn(cheapest.gone, cheapest.kept);
            left = left.withoutAUnitIn(cheapest.layer);
        }
        HiddenUnits units = new HiddenUnits(
                layers.subList(0, hidden).stream().map(Rows::alive).toList());
        Parameters merged = new Parameters(layers.stream().map(Rows::parameters).toList());
        return new Shrunk(merged.left(subject.network().spec(), units), units);
    }

    /** Unit {@code gone} of a hidden layer goes into unit {@code kept}. */
    private record Merger(int layer, int kept, int gone, double cost) {}

    /** A layer in the making: of each unit what leads to it, in float64, and all products of two of these. */
    private static final class Rows {
        private final LayerParameters start;

        /** The weights, then the bias; null where the unit is gone. */
        private final double[][] rows;

        private final double[][] products;

        Rows(LayerParameters start) {
            this.start = start;
            int inputs = start.inputs();
            rows = new double[start.outputs()][inputs + 1];
            products = new double[rows.length][rows.length];
            for (int unit = 0; unit < rows.length; unit++) {
                for (int i = 0; i < inputs; i++) {
                    rows[unit][i] = start.weight()[unit * inputs + i];
                }
                rows[unit][inputs] = start.bias()[unit];
                for (int other = 0; other <= unit; other++) {
                    double product = 0;
                    for (int i = 0; i <= inputs; i++) {
                        product += rows[unit][i] * rows[other][i];
                    }
                    products[unit][other] = product;
                    products[other][unit] = product;
                }
            }
        }

        /** The cheapest merger in this layer, given |a|^2 of its units. */
        Merger cheapest(int layer, double[] outgoing) {
            Merger cheapest = null;
            int[] alive = alive();
            for (int kept : alive) {
                for (int gone : alive) {
                    double distance = products[kept][kept] + products[gone][gone] - 2 * products[kept][gone];
                    double cost = distance * outgoing[gone];
                    if (kept != gone && (cheapest == null || cost < cheapest.cost)) {
                        cheapest = new Merger(layer, kept, gone, cost);
                    }
                }
            }
            return cheapest;
        }

        void remove(int unit) {
            rows[unit] = null;
        }

        /** |a|^2 of the units below. */
        double[] columnSquares() {
            double[] squares = new double[start.inputs()];
            for (int unit : alive()) {
                for (int i = 0; i < squares.length; i++) {
                    squares[i] += rows[unit][i] * rows[unit][i];
                }
            }
            return squares;
        }

        /** What comes from one unit below now comes from another. */
        void addColumn(int from, int to) {
            int[] alive = alive();
            for (int unit : alive) {
                for (int other : alive) {
                    // (a + b)(c + d) - ac - bd
                    products[unit][other] += rows[unit][to] * rows[other][from] + rows[unit][from] * rows[other][to];
                }
            }
            for (int unit : alive) {
                rows[unit][to] += rows[unit][from];
                rows[unit][from] = 0;
            }
        }

        int[] alive() {
            return IntStream.range(0, rows.length)
                    .filter(unit -> rows[unit] != null)
                    .toArray();
        }

        /** In the shape that it had, zeros for units that are gone. */
        LayerParameters parameters() {
            int inputs = start.inputs();
            float[] weight = new float[start.weight().length];
            float[] bias = new float[rows.length];
            for (int unit : alive()) {
                for (int i = 0; i < inputs; i++) {
                    weight[unit * inputs + i] = (float) rows[unit][i];
                }
                bias[unit] = (float) rows[unit][inputs];
            }
            return start.withValues(weight, bias);
        }
    }
}
