package io.espalier.train;

import io.espalier.compress.CompressionRatio;
import io.espalier.compress.Quantizer;
import io.espalier.compress.Saliency;
import io.espalier.compress.Scope;
import io.espalier.compress.UnitCriterion;
import io.espalier.data.DataException;
import io.espalier.network.ModelFile;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Storage;
import io.espalier.random.Stream;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** One line of a member's program. All but {@link Training} happen at once, at a step boundary. */
public sealed interface Instruction {
    /** Does it to one member of a cohort. */
    void execute(Cohort cohort, Member member);

    /** Whether the member has reached it; until then the cohort trains. */
    default boolean isDue(Member member) {
        return true;
    }

    /** The same without a look at a part of the data, if it would measure on that. */
    default Instruction without(Part part) {
        return this;
    }

    /** Where a member's first weights come from; its cohort is built around them. */
    sealed interface Start extends Instruction {
        /** The weights. */
        Parameters parameters(NetworkSpec network, Member member);

        /**
         * Looks whether there are any.
         *
         * @throws DataException saying what is wrong
         */
        default void requireReady(NetworkSpec network) {}

        /** Whether they are the parent's, so that steps go on from its own. */
        default boolean inherits() {
            return false;
        }

        /** The weights are in place before the first instruction is looked at. */
        @Override
        default void execute(Cohort cohort, Member member) {}
    }

    /**
     * Fresh weights, all alive.
     *
     * @param storage how they are stored; fixed factors are those of the member's seed, whatever is said here
     */
    record Initialize(Storage storage) implements Start {
        /** Fresh dense weights. */
        public Initialize() {
            this(Storage.DENSE);
        }

        @Override
        public Parameters parameters(NetworkSpec network, Member member) {
            return Parameters.initial(network, storage.seeded(member.seed()), member.seed(), Stream.INITIAL_WEIGHTS, 0);
        }
    }

    /**
     * Fresh dense weights of the shape that the ancestor had at a ratio, the widths that pruning units changes times one scale: the largest
     * that has at most so many parameters.
     */
    record InitializeProfile(CompressionRatio at, int parameters) implements Start {
        @Override
        public Parameters parameters(NetworkSpec network, Member member) {
            NetworkSpec profile = member.ancestor().at(at).orElseThrow().network();
            return Parameters.initial(
                    profile.withFreeUnitsScaledTo(parameters), member.seed(), Stream.INITIAL_WEIGHTS, 0);
        }
    }

    /**
     * Weights that were trained elsewhere.
     *
     * @param file a safetensors file as {@code ModelFile} has them, of dense layers with all their weights
     */
    record Load(Path file) implements Start {
        @Override
        public Parameters parameters(NetworkSpec network, Member member) {
            return dense(network);
        }

        @Override
        public void requireReady(NetworkSpec network) {
            dense(network);
        }

        private Parameters dense(NetworkSpec network) {
            Parameters parameters = ModelFile.read(network, file);
            if (!parameters.storage().isDense() || parameters.aliveWeights() < parameters.weights()) {
                throw new DataException(file + " is compressed already. Give a file with the dense network.");
            }
            return parameters;
        }
    }

    /** The reported weights of the trial that this one started from, stored as they are there. */
    record Inherit() implements Start {
        @Override
        public Parameters parameters(NetworkSpec network, Member member) {
            Ancestor.Reported parent = member.ancestor().last();
            member.continueFrom(parent);
            return parent.parameters();
        }

        @Override
        public boolean inherits() {
            return true;
        }
    }

    /**
     * What the trial that this one started from reported at a ratio, put into fewer bits.
     *
     * @param at one of its ratios
     */
    record Quantise(CompressionRatio at, Quantizer quantizer) implements Start {
        @Override
        public Parameters parameters(NetworkSpec network, Member member) {
            Ancestor.Reported parent = member.ancestor().at(at).orElseThrow();
            member.continueFrom(parent);
            return quantizer.quantised(parent.parameters());
        }

        @Override
        public boolean inherits() {
            return true;
        }
    }

    /**
     * A new phase: its own settings, the schedule at {@code from}.
     *
     * @param keepVelocity whether the optimiser's state goes on (after a rewind) or starts at zero
     * @param sinceInitialization whether the learning rate goes on as if all training so far, the ancestors' included, had been
     *     of this phase; the phase's length counts from {@code from} all the same
     */
    record StartPhase(TrainingSettings settings, Length from, boolean keepVelocity, boolean sinceInitialization)
            implements Instruction {
        public StartPhase(TrainingSettings settings, Length from, boolean keepVelocity) {
            this(settings, from, keepVelocity, false);
        }

        @Override
        public void execute(Cohort cohort, Member member) {
            member.startPhase(this, from.steps(cohort.stepsPerEpoch()));
            cohort.startPhase(member, keepVelocity);
        }
    }

    /** From here on the ancestor's last reported weights are the member's teacher. All members of a cohort have one, or none. */
    record LearnFrom(Distillation distillation) implements Instruction {
        @Override
        public void execute(Cohort cohort, Member member) {
            member.learnFrom(distillation);
            cohort.teach(member);
        }
    }

    /** Lets the cohort train until it is due. */
    sealed interface Training extends Instruction {
        /** Where the phase's schedule is at the latest. */
        Length until();

        /** The same to another point. */
        Training endingAt(Length other);

        @Override
        default boolean isDue(Member member) {
            return member.stepsTo(until()) <= 0;
        }

        @Override
        default void execute(Cohort cohort, Member member) {}
    }

    /** Trains until the phase's schedule is at {@code until}. */
    record Train(Length until) implements Training {
        @Override
        public Train endingAt(Length other) {
            return new Train(other);
        }
    }

    /** Trains until the phase's schedule is at {@code until}; on the way the mask moves. */
    record TrainRegrowing(Length until, RegrowthSchedule moves) implements Training {
        @Override
        public TrainRegrowing endingAt(Length other) {
            return new TrainRegrowing(other, moves);
        }
    }

    /**
     * Trains until the phase's schedule is at {@code until}; on the way a hidden unit goes every so many steps, until there are at most so
     * many parameters.
     */
    record TrainShrinking(Length until, UnitCriterion criterion, int parameters, Length every) implements Training {
        @Override
        public TrainShrinking endingAt(Length other) {
            return new TrainShrinking(other, criterion, parameters, every);
        }
    }

    /**
     * Trains to the end of the first epoch after which the weights get a share of the training part right, and no further than
     * {@code until}. The share is counted over the whole part, without dropout.
     *
     * @param accuracy that share, above 0 and at most 1
     */
    record TrainToAccuracy(double accuracy, Length until) implements Training {
        public TrainToAccuracy {
            if (!(accuracy > 0 && accuracy <= 1)) {
                throw new IllegalArgumentException(
                        "A training accuracy is a share above 0 and at most 1, got " + accuracy);
            }
        }

        @Override
        public TrainToAccuracy endingAt(Length other) {
            return new TrainToAccuracy(accuracy, other);
        }

        @Override
        public boolean isDue(Member member) {
            return Training.super.isDue(member) || member.trainingAccuracy() >= accuracy;
        }
    }

    /** Keeps weights and optimiser state for children that rewind to this point. */
    record TakeSnapshot(Length at) implements Instruction {
        @Override
        public void execute(Cohort cohort, Member member) {
            cohort.recorder().snapshot(member, cohort.snapshot(member, at));
        }
    }

    /** Brings the alive weights down to an exact number. */
    record Prune(Saliency saliency, Scope scope, int keep) implements Instruction {
        @Override
        public void execute(Cohort cohort, Member member) {
            cohort.prune(member, saliency, scope, keep);
        }
    }

    /**
     * Takes hidden units from the network until it has at most so many parameters. The member goes on in a cohort of its new shape,
     * its optimiser at rest.
     */
    record Shrink(UnitCriterion criterion, Scope scope, int parameters) implements Instruction {
        @Override
        public void execute(Cohort cohort, Member member) {
            cohort.shrink(member, criterion, scope, parameters);
        }
    }

    /** Surviving weights and optimiser state go back to where the ancestor had them. */
    record Rewind(Length to) implements Instruction {
        @Override
        public void execute(Cohort cohort, Member member) {
            cohort.rewind(member, member.ancestor().snapshot(to));
        }
    }

    /**
     * Surviving weights are drawn anew: the control for rewinding.
     *
     * @param draw which fresh draw of the seed, so that every cycle gets its own
     */
    record Reinitialize(int draw) implements Instruction {
        private static final int LAYERS_PER_DRAW = 1024;

        @Override
        public void execute(Cohort cohort, Member member) {
            Parameters now = cohort.read(member);
            Parameters fresh = Parameters.initial(
                    cohort.key().network(),
                    now.storage(),
                    member.seed(),
                    Stream.REINITIAL_WEIGHTS,
                    draw * LAYERS_PER_DRAW);
            cohort.write(member, now.withValues(fresh.values()));
        }
    }

    /**
     * Measures the phase's reported weights; the trajectory goes on from its last ones.
     *
     * @param parts of the data that it measures them on; a trial that others are compared with by validation leaves out the test data
     */
    record TakeReadout(CompressionRatio target, Set<Part> parts) implements Instruction {
        public TakeReadout {
            parts = Set.copyOf(parts);
        }

        public TakeReadout(CompressionRatio target) {
            this(target, EnumSet.allOf(Part.class));
        }

        @Override
        public Instruction without(Part part) {
            return new TakeReadout(target, Part.allBut(part, parts));
        }

        @Override
        public void execute(Cohort cohort, Member member) {
            cohort.readOut(member, target, parts);
        }
    }

    /** Measures what the ancestor reported at a ratio, now on the test data too. Where it diverged before, so does this. */
    record Remeasure(CompressionRatio target, Set<Part> parts) implements Instruction {
        public Remeasure {
            parts = Set.copyOf(parts);
        }

        public Remeasure(CompressionRatio target) {
            this(target, EnumSet.allOf(Part.class));
        }

        @Override
        public Instruction without(Part part) {
            return new Remeasure(target, Part.allBut(part, parts));
        }

        @Override
        public void execute(Cohort cohort, Member member) {
            Optional<Ancestor.Reported> earlier = member.ancestor().at(target);
            if (earlier.isPresent()) {
                member.takeOver(earlier.get());
                cohort.remeasure(member, target, parts, earlier.get().parameters());
            } else {
                member.diverge();
            }
        }
    }
}
