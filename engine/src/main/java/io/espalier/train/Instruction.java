package io.espalier.train;

import io.espalier.compress.CompressionRatio;
import io.espalier.compress.Saliency;
import io.espalier.compress.Scope;
import io.espalier.network.Parameters;
import io.espalier.random.Stream;
import java.util.Optional;

/** One line of a member's program. All but {@link Train} happen at once, at a step boundary. */
public sealed interface Instruction {
    /** Does it to one member of a cohort. */
    void execute(Cohort cohort, Member member);

    /** Whether the member has reached it; until then the cohort trains. */
    default boolean isDue(Member member) {
        return true;
    }

    /** Fresh weights, all alive. */
    record Initialize() implements Instruction {
        @Override
        public void execute(Cohort cohort, Member member) {
            cohort.adopt(member, Parameters.initial(cohort.key().network(), member.seed(), Stream.INITIAL_WEIGHTS, 0));
        }
    }

    /** The reported weights of the trial that this one started from. */
    record Inherit() implements Instruction {
        @Override
        public void execute(Cohort cohort, Member member) {
            Ancestor.Reported parent = member.ancestor().last();
            member.continueFrom(parent);
            cohort.adopt(member, parent.parameters());
        }
    }

    /**
     * A new phase: its own settings, the schedule at {@code from}.
     *
     * @param keepVelocity whether the optimiser's state goes on (after a rewind) or starts at zero
     */
    record StartPhase(TrainingSettings settings, Length from, boolean keepVelocity) implements Instruction {
        @Override
        public void execute(Cohort cohort, Member member) {
            member.startPhase(settings, from.steps(cohort.stepsPerEpoch()));
            cohort.startPhase(member, keepVelocity);
        }
    }

    /** Trains until the phase's schedule is at {@code until}. */
    record Train(Length until) implements Instruction {
        @Override
        public boolean isDue(Member member) {
            return member.stepsTo(until) <= 0;
        }

        @Override
        public void execute(Cohort cohort, Member member) {}
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
            Parameters fresh = Parameters.initial(
                    cohort.key().network(), member.seed(), Stream.REINITIAL_WEIGHTS, draw * LAYERS_PER_DRAW);
            cohort.write(member, cohort.read(member).withValuesOf(fresh));
        }
    }

    /**
     * Measures the phase's reported weights; the trajectory goes on from its last ones.
     *
     * @param test whether on the test data too; a trial that others are compared with by validation does not look at them
     */
    record TakeReadout(CompressionRatio target, boolean test) implements Instruction {
        public TakeReadout(CompressionRatio target) {
            this(target, true);
        }

        @Override
        public void execute(Cohort cohort, Member member) {
            cohort.readOut(member, target, test);
        }
    }

    /** Measures what the ancestor reported at a ratio, now on the test data too. Where it diverged before, so does this. */
    record Remeasure(CompressionRatio target) implements Instruction {
        @Override
        public void execute(Cohort cohort, Member member) {
            Optional<Ancestor.Reported> earlier = member.ancestor().at(target);
            if (earlier.isPresent()) {
                member.takeOver(earlier.get());
                cohort.adopt(member, earlier.get().parameters());
                cohort.readOut(member, target, true);
            } else {
                member.diverge();
            }
        }
    }
}
