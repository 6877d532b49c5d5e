package io.espalier.train;

import java.util.List;

/** What happens to the survivors after a cut. */
public sealed interface Recovery {
    /**
     * The instructions after a cut.
     *
     * @param settings of the retraining; its epochs are what {@link FineTune} and {@link Continue} train and what the schedules of the others span
     * @param cycle number of the cut in its trajectory, from 0
     */
    List<Instruction> after(TrainingSettings settings, int cycle);

    /** The point of its ancestor's training that this recovery needs kept, or null. */
    default Length snapshot() {
        return null;
    }

    /** Whether one retraining is as long as the original training, rather than a short cycle. */
    default boolean retrainsInFull() {
        return true;
    }

    /**
     * Whether it comes once before each readout, as long as methods train that start from scratch, the cuts before being fine-tuned.
     */
    default boolean startsAfresh() {
        return false;
    }

    /** Where in the schedule retraining starts. */
    default Length from() {
        return Length.epochs(0);
    }

    /** Epochs that one retraining takes; an upper bound where it starts at a point given in steps. */
    default double epochs(TrainingSettings settings) {
        return settings.epochs() - (from().unit() == Length.Unit.EPOCHS ? from().count() : 0);
    }

    /** Survivors keep their values, the schedule starts anew. */
    record FineTune() implements Recovery {
        @Override
        public List<Instruction> after(TrainingSettings settings, int cycle) {
            return List.of(
                    new Instruction.StartPhase(settings, Length.epochs(0), false),
                    new Instruction.Train(Length.epochs(settings.epochs())));
        }

        @Override
        public boolean retrainsInFull() {
            return false;
        }
    }

    /** Survivors keep their values, the learning rate goes on from where all training so far has brought it. */
    record Continue() implements Recovery {
        @Override
        public List<Instruction> after(TrainingSettings settings, int cycle) {
            return List.of(
                    new Instruction.StartPhase(settings, Length.epochs(0), false, true),
                    new Instruction.Train(Length.epochs(settings.epochs())));
        }

        @Override
        public boolean retrainsInFull() {
            return false;
        }
    }

    /** Survivors, optimiser and schedule go back to a point of the dense training (Frankle et al. 2019). */
    record Rewind(Length to) implements Recovery {
        @Override
        public Length from() {
            return to;
        }

        @Override
        public List<Instruction> after(TrainingSettings settings, int cycle) {
            return List.of(
                    new Instruction.Rewind(to),
                    new Instruction.StartPhase(settings, to, true),
                    new Instruction.Train(Length.epochs(settings.epochs())));
        }

        @Override
        public Length snapshot() {
            return to;
        }
    }

    /** Survivors keep their values, the schedule goes back (Renda et al. 2020). */
    record LearningRateRewind(Length to) implements Recovery {
        @Override
        public Length from() {
            return to;
        }

        @Override
        public List<Instruction> after(TrainingSettings settings, int cycle) {
            return List.of(
                    new Instruction.StartPhase(settings, to, false),
                    new Instruction.Train(Length.epochs(settings.epochs())));
        }
    }

    /** Survivors are drawn anew and trained from the start, after every cut: the control for rewinding. */
    record Reinit() implements Recovery {
        @Override
        public List<Instruction> after(TrainingSettings settings, int cycle) {
            return List.of(
                    new Instruction.Reinitialize(cycle),
                    new Instruction.StartPhase(settings, Length.epochs(0), false),
                    new Instruction.Train(Length.epochs(settings.epochs())));
        }
    }

    /**
     * What cutting and fine-tuning have left is drawn anew and trained from the start: the pruned architecture without its weights,
     * the control for fine-tuning.
     */
    record Scratch() implements Recovery {
        @Override
        public List<Instruction> after(TrainingSettings settings, int cycle) {
            return new Reinit().after(settings, cycle);
        }

        @Override
        public boolean retrainsInFull() {
            return false;
        }

        @Override
        public boolean startsAfresh() {
            return true;
        }
    }
}
