package io.espalier.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.network.NetworkSpec;
import io.espalier.random.Seed;
import io.espalier.train.Instruction;
import io.espalier.train.Length;
import io.espalier.train.Program;
import io.espalier.train.ReportAt;
import io.espalier.train.TrainingSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The trials of a study, a forest: every trial comes after the one it starts from, and a parent runs once for all its
 * children.
 */
public final class Plan {
    private final Study study;
    private final Map<TrialId, Trial> trials = new LinkedHashMap<>();
    private final Map<String, Method.Dense> denseMethods = new LinkedHashMap<>();
    private final Map<String, Map<Seed, Trial>> denseTrials = new LinkedHashMap<>();

    private Plan(Study study) {
        this.study = study;
    }

    /**
     * Expands a study.
     *
     * @throws StudyException if a ratio cannot be reached or a method's parent does not exist
     */
    public static Plan of(Study study) {
        Plan plan = new Plan(study);
        plan.addDense();
        plan.addOthers();
        return plan;
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

    /** Rows that the results will have. */
    public int rows() {
        return trials.values().stream().mapToInt(trial -> trial.ratios().size()).sum();
    }

    private void add(Trial trial) {
        Trial same = trials.putIfAbsent(trial.id(), trial);
        if (same != null) {
            throw new StudyException(
                    "methods",
                    "Methods `" + same.method() + "` and `" + trial.method()
                            + "` would train the same trials. Leave one out.");
        }
    }

    /**
     * Checks what depends on the number of training examples.
     *
     * @throws StudyException if a batch is larger than that or a rewind point lies behind the end of training
     */
    public void requireFits(int trainingExamples) {
        for (Trial trial : trials.values()) {
            if (trial.batch() > trainingExamples) {
                throw new StudyException(
                        "training",
                        "A batch of " + trial.batch() + " is larger than the " + trainingExamples
                                + " training examples. Lower `batch`.");
            }
            int stepsPerEpoch = (trainingExamples + trial.batch() - 1) / trial.batch();
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

    // ---- dense ------------------------------------------------------------------------------------------------------

    private void addDense() {
        for (Method method : study.methods()) {
            if (method instanceof Method.Dense dense) {
                denseMethods.put(dense.name(), dense);
            }
        }
        for (Method.Dense dense : denseMethods.values()) {
            Map<Seed, Trial> bySeed = new LinkedHashMap<>();
            for (Seed seed : study.seeds()) {
                Trial trial = denseTrial(dense, seed);
                bySeed.put(seed, trial);
                add(trial);
            }
            denseTrials.put(dense.name(), bySeed);
        }
    }

    private Trial denseTrial(Method.Dense dense, Seed seed) {
        TrainingSettings training = dense.training();
        requireValidation(dense);
        List<Length> snapshots = snapshots(dense);
        List<Instruction> program = new ArrayList<>();
        program.add(new Instruction.Initialize());
        program.add(new Instruction.StartPhase(training, Length.epochs(0), false));
        for (Length at : snapshots) {
            program.add(new Instruction.Train(at));
            program.add(new Instruction.TakeSnapshot(at));
        }
        program.add(new Instruction.Train(Length.epochs(training.epochs())));
        CompressionRatio one = new CompressionRatio(1);
        program.add(new Instruction.TakeReadout(one));
        return trial(
                dense,
                study.network(),
                training,
                Canonical.dense(snapshots),
                List.of(one),
                seed,
                Optional.empty(),
                program,
                training.epochs());
    }

    /** Where the children of a dense method rewind to, in the order in which training passes there. */
    private List<Length> snapshots(Method.Dense dense) {
        return study.methods().stream()
                .filter(method ->
                        method instanceof Method.Prune prune && prune.from().equals(dense.name()))
                .map(method -> ((Method.Prune) method).recovery().snapshot())
                .filter(at -> at != null)
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

    // ---- the rest ---------------------------------------------------------------------------------------------------

    private void addOthers() {
        double longest = study.methods().stream()
                .filter(Method.Prune.class::isInstance)
                .mapToDouble(method -> epochs((Method.Prune) method))
                .max()
                .orElse(denseMethods.values().stream()
                        .mapToDouble(dense -> dense.training().epochs())
                        .max()
                        .orElse(0));
        for (Method method : study.methods()) {
            if (!(method instanceof Method.Dense) && study.ratios(method).isEmpty()) {
                throw new StudyException("ratios", "Method `" + method.name() + "` needs ratios to compress to.");
            }
            for (Seed seed : study.seeds()) {
                if (method instanceof Method.EqualSize equalSize) {
                    int own =
                            equalSize.epochs().isPresent() ? equalSize.epochs().getAsInt() : (int) Math.ceil(longest);
                    addEqualSize(equalSize, seed, own);
                } else if (method instanceof Method.Prune prune) {
                    addPrune(prune, seed);
                }
            }
        }
    }

    private void addEqualSize(Method.EqualSize method, Seed seed, int epochs) {
        requireValidation(method);
        TrainingSettings training = method.training().withEpochs(epochs);
        if (epochs < 1) {
            throw new StudyException(
                    "methods", "Method `" + method.name() + "` has no training length. Give it `epochs`.");
        }
        List<CompressionRatio> ratios = study.ratios(method);
        for (int i = 0; i < ratios.size(); i++) {
            CompressionRatio ratio = ratios.get(i);
            NetworkSpec narrow;
            try {
                narrow = study.network().narrowedTo(ratio.parameters(study.network()));
            } catch (IllegalArgumentException e) {
                throw new StudyException(
                        place(method, i),
                        e.getMessage() + ". Lower ratio " + ratio + " or leave out `" + method.name() + "`.");
            }
            List<Instruction> program = List.of(
                    new Instruction.Initialize(),
                    new Instruction.StartPhase(training, Length.epochs(0), false),
                    new Instruction.Train(Length.epochs(epochs)),
                    new Instruction.TakeReadout(ratio));
            Trial trial = trial(
                    method,
                    narrow,
                    training,
                    Canonical.equalSize(study.network()),
                    List.of(ratio),
                    seed,
                    Optional.empty(),
                    program,
                    epochs);
            add(trial);
        }
    }

    private void addPrune(Method.Prune method, Seed seed) {
        requireValidation(method);
        Map<Seed, Trial> parents = denseTrials.get(method.from());
        if (parents == null) {
            throw new StudyException(
                    place(method),
                    "Method `" + method.name() + "` starts from `" + method.from()
                            + "`, which is not a dense method of this study. Add `- dense: {}` to the methods.");
        }
        if (method.schedule().perRatio()) {
            study.ratios(method).forEach(ratio -> addTrajectory(method, seed, parents.get(seed), List.of(ratio)));
        } else {
            addTrajectory(method, seed, parents.get(seed), study.ratios(method));
        }
    }

    private void addTrajectory(Method.Prune method, Seed seed, Trial parent, List<CompressionRatio> visited) {
        NetworkSpec network = study.network();
        List<Instruction> program = new ArrayList<>();
        program.add(new Instruction.Inherit());
        int alive = network.prunable();
        int cycle = 0;
        for (CompressionRatio ratio : visited) {
            int target = weightsKept(method, ratio);
            int[] counts =
                    method.schedule().law().aliveAfter(method.schedule().cycles(), alive, target, network.prunable());
            for (int keep : counts) {
                program.add(new Instruction.Prune(method.saliency(), method.scope(), keep));
                program.addAll(method.recovery().after(method.training(), cycle++));
            }
            program.add(new Instruction.TakeReadout(ratio));
            alive = target;
        }
        double own = cycle * method.recovery().epochs(method.training());
        Trial trial = trial(
                method,
                network,
                method.training(),
                Canonical.prune(method),
                visited,
                seed,
                Optional.of(parent.id()),
                program,
                own);
        add(trial);
    }

    private int weightsKept(Method method, CompressionRatio ratio) {
        try {
            return ratio.weightsKept(study.network());
        } catch (IllegalArgumentException e) {
            int index = study.ratios(method).indexOf(ratio);
            throw new StudyException(place(method, index), e.getMessage() + ". Lower the ratio.");
        }
    }

    /** Where in the study a method's ratio stands: with the method, if it has its own. */
    private String place(Method method, int index) {
        return method.ratios().isEmpty() ? "ratios[" + index + "]" : place(method);
    }

    private String place(Method method) {
        return "methods[" + study.methods().indexOf(method) + "]";
    }

    /** Epochs of the method's longest row, its parent's included. */
    private double epochs(Method.Prune method) {
        Method.Dense parent = denseMethods.get(method.from());
        int stations = method.schedule().perRatio() ? 1 : study.ratios(method).size();
        double own = stations * method.schedule().cycles() * method.recovery().epochs(method.training());
        return own + (parent == null ? 0 : parent.training().epochs());
    }

    private void requireValidation(Method method) {
        if (method.training().reportAt() == ReportAt.BEST_VALIDATION
                && study.data().validation() == 0) {
            throw new StudyException(
                    "data",
                    "Method `" + method.name() + "` reports at best validation, but no examples are held back. Set"
                            + " `validation` in `data`.");
        }
    }

    private Trial trial(
            Method method,
            NetworkSpec network,
            TrainingSettings training,
            ObjectNode canonicalMethod,
            List<CompressionRatio> ratios,
            Seed seed,
            Optional<TrialId> parent,
            List<Instruction> program,
            double ownEpochs) {
        ObjectNode canonical = Canonical.trial(study.data(), network, training, canonicalMethod, ratios, seed, parent);
        double before = parent.map(id -> trials.get(id).epochs()).orElse(0.0);
        return new Trial(
                TrialId.of(canonical),
                canonical,
                method.name(),
                study.data(),
                study.network(),
                network,
                training.batch(),
                ratios,
                seed,
                parent,
                new Program(program),
                before + ownEpochs,
                ownEpochs);
    }
}
