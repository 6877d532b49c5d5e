package io.espalier.experiments.report;

import io.espalier.compress.SaliencyKind;
import io.espalier.compress.Scope;
import io.espalier.compress.UnitCriterionKind;
import io.espalier.method.Dense;
import io.espalier.method.EqualSize;
import io.espalier.method.Method;
import io.espalier.method.Prune;
import io.espalier.method.PruneNeurons;
import io.espalier.run.ResultTable.Summary;
import io.espalier.study.Study;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What Blalock et al. 2020 ("What is the State of Neural Network Pruning?", ShrinkBench) ask of a comparison, held against what a
 * study has measured so far.
 */
final class Checklist {
    private static final int RATIOS = 5;
    private static final int SEEDS = 3;

    /**
     * @param what is asked for
     * @param met whether the study has it
     * @param found what there is
     */
    record Item(String what, boolean met, String found) {}

    private Checklist() {}

    static List<Item> of(Study study, List<Summary> summaries, SavedModels models) {
        List<Summary> measured = summaries.stream().filter(row -> row.n() > 0).toList();
        List<Item> items = new ArrayList<>();
        items.add(new Item(
                "compression ratio: all parameters over those that are stored, biases included",
                !measured.isEmpty(),
                "the same for every method"));
        items.add(speedUp(measured, models));
        items.add(method(study, measured, "dense control", Dense.class::isInstance));
        items.add(method(study, measured, "random pruning as a baseline", Checklist::isRandom));
        items.add(method(
                study,
                measured,
                "magnitude pruning over the whole network",
                method -> isMagnitude(method) && ((Prune) method).trained().scope() == Scope.GLOBAL));
        items.add(method(
                study,
                measured,
                "magnitude pruning layer by layer",
                method -> isMagnitude(method) && ((Prune) method).trained().scope() == Scope.LAYER));
        items.add(method(
                study, measured, "a network of the same size, trained from scratch", EqualSize.class::isInstance));
        items.add(ratios(measured));
        items.add(seeds(measured));
        return items;
    }

    private static Item speedUp(List<Summary> measured, SavedModels models) {
        long known = measured.stream()
                .filter(row -> !Double.isNaN(models.speedUp(row.method(), row.ratioTarget())))
                .count();
        return new Item(
                "theoretical speed-up: multiply-adds of the dense network over those that are left",
                known == measured.size() && known > 0,
                "for " + known + " of " + measured.size() + " rows");
    }

    private static Item method(Study study, List<Summary> measured, String what, Predicate<Method> wanted) {
        List<String> names = study.methods().stream()
                .filter(wanted)
                .map(Method::name)
                .filter(name -> measured.stream().anyMatch(row -> row.method().equals(name)))
                .toList();
        return new Item(what, !names.isEmpty(), names.isEmpty() ? "none" : String.join(", ", names));
    }

    private static boolean isRandom(Method method) {
        return method instanceof Prune prune && prune.saliency().equals(SaliencyKind.RANDOM.saliency())
                || method instanceof PruneNeurons units
                        && units.criterion().equals(UnitCriterionKind.RANDOM.criterion());
    }

    private static boolean isMagnitude(Method method) {
        return method instanceof Prune prune && prune.saliency().equals(SaliencyKind.MAGNITUDE.saliency());
    }

    /** Every compressing method on its own: a curve, not a point. */
    private static Item ratios(List<Summary> measured) {
        Map<String, Long> ofMethod = measured.stream()
                .filter(row -> row.ratio() > 1)
                .collect(Collectors.groupingBy(Summary::method, Collectors.counting()));
        long fewest =
                ofMethod.values().stream().mapToLong(Long::longValue).min().orElse(0);
        return new Item("five ratios for every method that compresses", fewest >= RATIOS, "at least " + fewest);
    }

    private static Item seeds(List<Summary> measured) {
        int fewest = measured.stream().mapToInt(Summary::n).min().orElse(0);
        return new Item("three seeds in every row, initial weights included", fewest >= SEEDS, "at least " + fewest);
    }
}
