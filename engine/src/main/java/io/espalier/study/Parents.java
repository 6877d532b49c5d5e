package io.espalier.study;

import io.espalier.compress.CompressionRatio;
import io.espalier.method.Dense;
import io.espalier.method.Method;
import io.espalier.method.Profile;
import io.espalier.method.PruneNeurons;
import io.espalier.method.Pruning;
import io.espalier.method.Quantise;
import io.espalier.method.Trajectory;
import io.espalier.random.Seed;
import io.espalier.train.Instruction;
import java.util.List;
import java.util.Optional;

/** Whom trials start from: which methods may be the parents of which, and which of a parent's trials is whose. */
final class Parents {
    /** How many generations there are. */
    static final int GENERATIONS = 3;

    private Parents() {}

    /** Parents come before children: dense methods, those that may start from them, those that may start from either. */
    static int generation(Method method) {
        return method instanceof Dense ? 0 : method instanceof Quantise || method instanceof Profile ? 2 : 1;
    }

    /** The one that a trajectory starts from: that of its seed that is read out at its ratio, or else the only one. */
    static Optional<Trial> choose(List<Trial> parents, Seed seed, Trajectory trajectory) {
        List<Trial> same =
                parents.stream().filter(trial -> trial.seed().equals(seed)).toList();
        return same.stream()
                .filter(trial -> same.size() == 1 || trial.ratios().containsAll(wanted(trajectory)))
                .findFirst();
    }

    /** The ratios at which a trajectory looks at its parent. */
    private static List<CompressionRatio> wanted(Trajectory trajectory) {
        return trajectory.program().start().orElse(null) instanceof Instruction.InitializeProfile profile
                ? List.of(profile.at())
                : trajectory.ratios();
    }

    /**
     * Checks that a method can start where it says.
     *
     * @param place where the method stands in the study
     */
    static void requireSound(Study study, Method method, String place) {
        if (method.from().isEmpty()) {
            return;
        }
        String from = method.from().get();
        String says = "Method `" + method.name() + "` starts from `" + from + "`, which ";
        Optional<Method> parent = study.method(from);
        if (method instanceof Profile profile) {
            List<CompressionRatio> rows = parent.filter(PruneNeurons.class::isInstance)
                    .map(study::readouts)
                    .orElseThrow(() -> new StudyException(
                            place, says + "does not prune units. Name a `prune-neurons` method of this study."));
            if (!rows.contains(profile.at())) {
                throw new StudyException(place, says + "has no row at ratio " + profile.at() + ".");
            }
            return;
        }
        if (!(method instanceof Quantise)) {
            if (parent.filter(Dense.class::isInstance).isEmpty()) {
                throw new StudyException(
                        place, says + "is not a dense method of this study. Add `- dense: {}` to the methods.");
            }
            if (method.rewindsTo().isPresent() && ((Dense) parent.get()).file().isPresent()) {
                throw new StudyException(place, says + "is read from a file and has no earlier weights to go back to.");
            }
            return;
        }
        List<CompressionRatio> rows = parent.filter(it -> it instanceof Dense || it instanceof Pruning)
                .map(study::readouts)
                .orElseThrow(() ->
                        new StudyException(place, says + "is neither a dense nor a pruning method of this study."));
        for (CompressionRatio ratio : study.ratios(method)) {
            if (!rows.contains(ratio)) {
                throw new StudyException(place, says + "has no row at ratio " + ratio + ". Take that out of `ratios`.");
            }
        }
    }
}
