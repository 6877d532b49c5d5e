package io.espalier.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.data.DataSpec;
import io.espalier.method.Dense;
import io.espalier.method.Method;
import io.espalier.method.Pruning;
import io.espalier.method.Surroundings;
import io.espalier.method.Trajectory;
import io.espalier.method.UnreachableRatioException;
import io.espalier.random.Seed;
import io.espalier.train.Instruction;
import io.espalier.train.Length;
import io.espalier.train.ReportAt;
import io.espalier.train.TrainingSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToIntFunction;

/**
 * The trials of a study, a forest: every trial comes after the one it starts from, and a parent runs once for all its
 * children. Where configurations are to be chosen between, the trials that depend on a choice are there once it has been made.
 */
public final class Plan {
    private final Study study;
    private final Choices choices;
    private final Map<TrialId, Trial> trials = new LinkedHashMap<>();
    private final Map<Contest, Optional<Choice>> contests = new LinkedHashMap<>();

    /** The trials that children of a method start from, by its name; of results and of refits. */
    private final Map<String, List<Trial>> settled = new HashMap<>();

    private final Map<String, List<Trial>> refitted = new HashMap<>();

    private Plan(Study study, Choices choices) {
        this.study = study;
        this.choices = choices;
    }

    /**
     * Expands a study as far as choices have been made.
     *
     * @throws StudyException if a ratio cannot be reached or a method's parent does not exist
     */
    public static Plan of(Study study, Choices choices) {
        Plan plan = new Plan(study, choices);
        List<Entry> entries = study.entries();
        entries.forEach(plan::requireSound);
        for (int generation = 0; generation < Parents.GENERATIONS; generation++) {
            int now = generation;
            entries.stream()
                    .filter(entry -> Parents.generation(entry.first()) == now)
                    .forEach(plan::add);
        }
        return plan;
    }

    /** Expands a study as if first configurations had been chosen: every kind of trial that it can come to. */
    public static Plan outline(Study study) {
        return of(study, Choices.first());
    }

    public Study study() {
        return study;
    }

    /** Parents before children. */
    public List<Trial> trials() {
        return List.copyOf(trials.values());
    }

    public Trial trial(TrialId id) {
        return trials.get(id);
    }

    /** Trials that start from this one. */
    public List<Trial> children(TrialId id) {
        return trials.values().stream()
                .filter(trial -> trial.parent().equals(Optional.of(id)))
                .toList();
    }

    /** Trials whose readouts are rows of the results. */
    public List<Trial> results() {
        return trials.values().stream()
                .filter(trial -> trial.purpose() == Purpose.RESULT)
                .toList();
    }

    /** Rows that the results will have. */
    public int rows() {
        return results().stream().mapToInt(trial -> trial.ratios().size()).sum();
    }

    /** The choices to be made, and those made. */
    public Map<Contest, Optional<Choice>> contests() {
        return Collections.unmodifiableMap(contests);
    }

    /** Whether a choice is still to be made, so that more trials will follow. */
    public boolean isOpen() {
        return contests.containsValue(Optional.<Choice>empty());
    }

    /**
     * Checks what depends on the number of training examples.
     *
     * @param trainingExamples how many there are under a split
     * @throws StudyException if a batch is larger than that or a rewind point lies behind the end of training
     */
    public void requireFits(ToIntFunction<DataSpec> trainingExamples) {
        for (Trial trial : trials.values()) {
            int examples = trainingExamples.applyAsInt(trial.data());
            if (trial.batch() > examples) {
                throw new StudyException(
                        "training",
                        "A batch of " + trial.batch() + " is larger than the " + examples
                                + " training examples. Lower `batch`.");
            }
            int stepsPerEpoch = (examples + trial.batch() - 1) / trial.batch();
            for (Instruction instruction : trial.program().instructions()) {
                if (instruction instanceof Instruction.TakeSnapshot snapshot
                        && snapshot.at().steps(stepsPerEpoch) > trial.ownEpochs() * stepsPerEpoch) {
                    throw new StudyException(
                            "methods",
                            "Rewind point " + snapshot.at() + " lies behind the end of `" + trial.method()
                                    + "`, which trains " + (int) trial.ownEpochs() + " epochs of " + stepsPerEpoch
                                    + " steps.");
                }
            }
        }
    }

    // ---- entries ----------------------------------------------------------------------------------------------------

    private void add(Entry entry) {
        boolean contested = study.isContested(entry);
        Optional<String> from = entry.first().from();
        if (from.isPresent() && !settled.containsKey(from.get())) {
            return;
        }
        List<Trial> parents = from.map(settled::get).orElse(List.of());
        List<List<Trial>> candidates = new ArrayList<>();
        for (Configuration configuration : entry.configurations()) {
            List<Trial> ofConfiguration = new ArrayList<>();
            for (Seed seed : study.seeds()) {
                for (Trajectory trajectory : trajectories(entry, configuration.method())) {
                    ofConfiguration.add(add(
                            entry.name(),
                            trajectory,
                            contested ? Purpose.SELECTION : Purpose.RESULT,
                            study.data(),
                            seed,
                            Parents.choose(parents, seed, trajectory)));
                }
            }
            candidates.add(ofConfiguration);
        }
        List<CompressionRatio> starts = candidates.get(0).stream()
                .map(trial -> trial.ratios().get(0))
                .distinct()
                .toList();
        if (!contested) {
            settled.put(entry.name(), candidates.get(0));
        } else if (entry.perRatio() && starts.size() > 1) {
            starts.forEach(ratio -> hold(entry, Optional.of(ratio), candidates));
        } else {
            hold(entry, Optional.empty(), candidates);
        }
        if (open(entry)) {
            settled.remove(entry.name());
        }
    }

    /** Whether a choice between a method's configurations is still to be made. */
    private boolean open(Entry entry) {
        return contests.entrySet().stream()
                .anyMatch(contest -> contest.getKey().method().equals(entry.name())
                        && contest.getValue().isEmpty());
    }

    /** Lets the candidates compete; what the winner leads to joins the plan. */
    private void hold(Entry entry, Optional<CompressionRatio> ratio, List<List<Trial>> all) {
        List<Contest.Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            List<Trial> concerned = all.get(i).stream()
                    .filter(trial -> ratio.isEmpty() || trial.ratios().get(0).equals(ratio.get()))
                    .toList();
            candidates.add(new Contest.Candidate(entry.configurations().get(i).label(), concerned));
        }
        Contest contest = new Contest(entry.name(), ratio, candidates);
        Optional<Choice> choice = choices.choose(contest);
        contests.put(contest, choice);
        if (choice.isEmpty()) {
            return;
        }
        List<Trial> winners = candidates.get(choice.get().configuration()).trials();
        settled.computeIfAbsent(entry.name(), any -> new ArrayList<>()).addAll(winners);
        if (!study.refit()) {
            winners.forEach(winner -> add(
                    entry.name(),
                    winner.trajectory().remeasured(),
                    Purpose.RESULT,
                    study.data(),
                    winner.seed(),
                    Optional.of(winner)));
            return;
        }
        List<Trial> parents = entry.first().from().map(refitted::get).orElse(List.of());
        List<Trial> refits = refitted.computeIfAbsent(entry.name(), any -> new ArrayList<>());
        for (Trial winner : winners) {
            refits.add(add(
                    entry.name(),
                    winner.trajectory().reportingAt(choice.get().epochs()),
                    Purpose.RESULT,
                    study.data().withoutValidation(),
                    winner.seed(),
                    Parents.choose(parents, winner.seed(), winner.trajectory())));
        }
    }

    private Trial add(
            String method, Trajectory trajectory, Purpose purpose, DataSpec data, Seed seed, Optional<Trial> parent) {
        ObjectNode canonical = Canonical.trial(data, trajectory, purpose, seed, parent.map(Trial::id));
        Trial trial = new Trial(
                TrialId.of(canonical),
                canonical,
                method,
                purpose,
                data,
                study.network(),
                trajectory,
                seed,
                parent.map(Trial::id),
                epochsBefore(trajectory, parent) + trajectory.epochs());
        Trial same = trials.putIfAbsent(trial.id(), trial);
        if (same != null) {
            throw new StudyException(study.place(method), sameTrials(same.method(), method));
        }
        return trial;
    }

    private String sameTrials(String first, String second) {
        if (first.equals(second)) {
            return "Two configurations of `" + first + "` would train the same trials. Take one value out of `tune`.";
        }
        return study.entry(first).map(Entry::point).equals(study.entry(second).map(Entry::point))
                ? "Methods `" + first + "` and `" + second + "` would train the same trials. Leave one out."
                : "The sweep makes no difference to `" + second + "`, which would train the trials of `" + first
                        + "` again. Leave it out, or what it sets itself.";
    }

    /** A teacher's training is not its pupil's; a second look comes after all that it looks at. */
    private static double epochsBefore(Trajectory trajectory, Optional<Trial> parent) {
        return trajectory.program().start().isPresent() && !trajectory.program().inherits()
                ? 0
                : parent.map(Trial::epochs).orElse(0.0);
    }

    // ---- methods ----------------------------------------------------------------------------------------------------

    private List<Trajectory> trajectories(Entry entry, Method method) {
        List<CompressionRatio> ratios = study.ratios(method);
        try {
            return method.trajectories(
                    new Surroundings(study.network(), ratios, longestEpochs(entry), rewindPoints(method)));
        } catch (UnreachableRatioException e) {
            // Where the ratio stands: with the method, if it has its own.
            String where = method.ratios().isEmpty()
                    ? "ratios[" + ratios.indexOf(e.ratio()) + "]"
                    : study.place(method.name());
            throw new StudyException(where, e.getMessage());
        }
    }

    /** Epochs of the longest pruned row at a method's point, its parent's included; without any, of the longest dense row. */
    private int longestEpochs(Entry of) {
        OptionalDouble pruned = longestEpochs(of, Pruning.class);
        return (int) Math.ceil(
                pruned.isPresent()
                        ? pruned.getAsDouble()
                        : longestEpochs(of, Dense.class).orElse(0));
    }

    private OptionalDouble longestEpochs(Entry of, Class<? extends Method> kind) {
        return study.entries().stream()
                .filter(entry -> entry.point().equals(of.point()) && kind.isInstance(entry.first()))
                .mapToDouble(this::longestRow)
                .max();
    }

    private double longestRow(Entry entry) {
        double own = entry.configurations().stream()
                .map(configuration -> configuration
                        .method()
                        .ownEpochs(study.ratios(configuration.method()).size()))
                .mapToDouble(epochs -> epochs.orElse(0.0))
                .max()
                .orElse(0);
        return own
                + entry.first()
                        .from()
                        .flatMap(study::entry)
                        .map(this::longestRow)
                        .orElse(0.0);
    }

    /** Where the children of a method rewind to, in the order in which training passes there. */
    private List<Length> rewindPoints(Method parent) {
        return study.entries().stream()
                .flatMap(entry -> entry.configurations().stream())
                .map(Configuration::method)
                .filter(method -> method.from().equals(Optional.of(parent.name())))
                .flatMap(method -> method.rewindsTo().stream())
                .distinct()
                .sorted((a, b) -> {
                    if (a.unit() != b.unit()) {
                        throw new StudyException(
                                "methods",
                                "Rewind points of one study must all be in epochs or all in steps, got " + a + " and "
                                        + b + ".");
                    }
                    return Integer.compare(a.count(), b.count());
                })
                .toList();
    }

    private void requireSound(Entry entry) {
        Method method = entry.first();
        if (!(method instanceof Dense) && study.ratios(method).isEmpty()) {
            throw new StudyException("ratios", "Method `" + method.name() + "` needs ratios to compress to.");
        }
        Parents.requireSound(study, method, study.place(method.name()));
        for (Configuration configuration : entry.configurations()) {
            try {
                configuration.method().requireFits(study.network());
            } catch (IllegalArgumentException e) {
                throw new StudyException(study.place(method.name()), e.getMessage() + ".");
            }
        }
        if (method.ownEpochs(1).isEmpty() && longestEpochs(entry) < 1) {
            throw new StudyException(
                    "methods", "Method `" + method.name() + "` has no training length. Give it `epochs`.");
        }
        List<TrainingSettings> settings = entry.configurations().stream()
                .map(configuration -> configuration.method().training())
                .toList();
        String needs = "";
        if (settings.stream().anyMatch(one -> one.reportAt() == ReportAt.BEST_VALIDATION)) {
            needs = "reports at best validation";
        } else if (settings.stream().anyMatch(one -> one.evaluateEvery().isPresent())) {
            needs = "looks at the validation loss";
        } else if (study.isContested(entry)) {
            needs = "is chosen by validation";
        }
        if (!needs.isEmpty() && study.data().validation() == 0) {
            throw new StudyException(
                    "data",
                    "Method `" + method.name() + "` " + needs
                            + ", but no examples are held back. Set `validation` in `data`.");
        }
    }
}
