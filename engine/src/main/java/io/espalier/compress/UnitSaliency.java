package io.espalier.compress;

import io.espalier.network.HiddenUnits;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** A number for every hidden unit; the lowest go first, of equals those of the lower layer, then of the lower number. */
public interface UnitSaliency extends UnitCriterion {
    /**
     * Scores every hidden unit.
     *
     * @return one array a hidden layer
     */
    List<double[]> scores(Saliency.Subject subject);

    /** A hidden unit and its score. */
    record Scored(int layer, int number, double score) {}

    /** @throws ArithmeticException if a score is NaN */
    @Override
    default Shrunk shrink(Saliency.Subject subject, UnitBudget budget) {
        NetworkSpec left = subject.network().spec();
        List<double[]> scores = scores(subject);
        List<boolean[]> lost =
                scores.stream().map(layer -> new boolean[layer.length]).toList();
        for (Scored unit : ranked(scores)) {
            if (budget.isMetBy(left)) {
                break;
            }
            if (budget.allowsLossIn(left, unit.layer())) {
                left = left.withoutAUnitIn(unit.layer());
                lost.get(unit.layer())[unit.number()] = true;
            }
        }
        HiddenUnits units = new HiddenUnits(lost.stream()
                .map(layer -> IntStream.range(0, layer.length)
                        .filter(unit -> !layer[unit])
                        .toArray())
                .toList());
        Parameters whole = subject.network().read(0);
        return new Shrunk(whole.left(subject.network().spec(), units), units);
    }

    private static List<Scored> ranked(List<double[]> scores) {
        List<Scored> units = new ArrayList<>();
        for (int layer = 0; layer < scores.size(); layer++) {
            for (int number = 0; number < scores.get(layer).length; number++) {
                double score = scores.get(layer)[number];
                if (Double.isNaN(score)) {
                    throw new ArithmeticException(
                            "The score of unit " + number + " of hidden layer " + layer + " is NaN");
                }
                // The sum makes one zero of both.
                units.add(new Scored(layer, number, score + 0.0));
            }
        }
        // The sort is stable: equals stay in order of layer and number.
        units.sort(Comparator.comparingDouble(Scored::score));
        return units;
    }
}
