package io.espalier.train;

/** The learning rate as a function of the step within a phase. */
public sealed interface LearningRate {
    /**
     * The rate of one step.
     *
     * @param step from 0, counted from the start of the phase
     * @param stepsPerEpoch steps in an epoch
     * @param totalSteps steps that the schedule spans
     */
    double at(int step, int stepsPerEpoch, int totalSteps);

    private static void requirePositive(String what, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(what + " must be a positive number, got " + value);
        }
    }

    /** The same throughout. */
    record Constant(double rate) implements LearningRate {
        public Constant {
            requirePositive("The learning rate", rate);
        }

        @Override
        public double at(int step, int stepsPerEpoch, int totalSteps) {
            return rate;
        }
    }

    /** Times {@code factor} after every {@code every} epochs. */
    record Step(double rate, double factor, int every) implements LearningRate {
        public Step {
            requirePositive("The learning rate", rate);
            requirePositive("The factor of the step schedule", factor);
            requirePositive("The epochs between steps", every);
        }

        @Override
        public double at(int step, int stepsPerEpoch, int totalSteps) {
            return rate * StrictMath.pow(factor, step / stepsPerEpoch / every);
        }
    }

    /** rate (1 + cos(pi step / total)) / 2 (Loshchilov and Hutter 2017, without restarts). */
    record Cosine(double rate) implements LearningRate {
        public Cosine {
            requirePositive("The learning rate", rate);
        }

        @Override
        public double at(int step, int stepsPerEpoch, int totalSteps) {
            return rate * (1 + StrictMath.cos(StrictMath.PI * step / totalSteps)) / 2;
        }
    }

    /** rate / sqrt(epoch), epochs counted from 1 (Baktash et al. 2019 use it with twice their eta). */
    record InverseSqrtEpoch(double rate) implements LearningRate {
        public InverseSqrtEpoch {
            requirePositive("The learning rate", rate);
        }

        @Override
        public double at(int step, int stepsPerEpoch, int totalSteps) {
            return rate / StrictMath.sqrt(1 + step / stepsPerEpoch);
        }
    }

    /** rate / (1 + decay step) (the HashedNets code). */
    record InverseTime(double rate, double decay) implements LearningRate {
        public InverseTime {
            requirePositive("The learning rate", rate);
            requirePositive("The decay of the inverse-time schedule", decay);
        }

        @Override
        public double at(int step, int stepsPerEpoch, int totalSteps) {
            return rate / (1 + decay * step);
        }
    }
}
