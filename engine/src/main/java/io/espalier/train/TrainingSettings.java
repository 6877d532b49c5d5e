package io.espalier.train;

import java.util.Optional;

/**
 * How a phase trains.
 *
 * @param epochs its length, which the learning-rate schedule spans too; 0 for none
 * @param batch examples a step
 * @param momentum m in v = m v + g
 * @param inputDropout share of the inputs dropped, 0 to below 1
 * @param hiddenDropout share of the hidden units dropped, 0 to below 1
 * @param evaluateEvery how often the validation loss is looked at for early stopping; empty: when an epoch ends
 * @param replayData whether the order of the data, and which units are dropped, follow the schedule of the phase rather than all
 *     training so far: where the schedule goes back, the same batches come again
 */
public record TrainingSettings(
        int epochs,
        int batch,
        LearningRate learningRate,
        double momentum,
        double inputDropout,
        double hiddenDropout,
        Penalty penalty,
        ReportAt reportAt,
        Optional<Length> evaluateEvery,
        boolean replayData) {
    public TrainingSettings {
        if (epochs < 0) {
            throw new IllegalArgumentException("A phase cannot have " + epochs + " epochs");
        }
        if (batch < 1) {
            throw new IllegalArgumentException("A batch needs at least one example, got " + batch);
        }
        requireShare("Momentum", momentum);
        requireShare("Input dropout", inputDropout);
        requireShare("Hidden dropout", hiddenDropout);
        if (evaluateEvery.isPresent() && evaluateEvery.get().count() == 0) {
            throw new IllegalArgumentException("Evaluations cannot be " + evaluateEvery.get() + " apart");
        }
    }

    /** Evaluated when an epoch ends, on batches that do not come again. */
    public TrainingSettings(
            int epochs,
            int batch,
            LearningRate learningRate,
            double momentum,
            double inputDropout,
            double hiddenDropout,
            Penalty penalty,
            ReportAt reportAt) {
        this(
                epochs,
                batch,
                learningRate,
                momentum,
                inputDropout,
                hiddenDropout,
                penalty,
                reportAt,
                Optional.empty(),
                false);
    }

    private static void requireShare(String what, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(what + " must be at least 0 and below 1, got " + value);
        }
    }

    /** The same but for its length. */
    public TrainingSettings withEpochs(int otherEpochs) {
        return with(otherEpochs, penalty, reportAt);
    }

    /** The same, but its last weights are its result. */
    public TrainingSettings reportingLast() {
        return with(epochs, penalty, ReportAt.LAST);
    }

    /** The same but for its penalty. */
    public TrainingSettings withPenalty(Penalty other) {
        return with(epochs, other, reportAt);
    }

    private TrainingSettings with(int otherEpochs, Penalty otherPenalty, ReportAt otherReport) {
        return new TrainingSettings(
                otherEpochs,
                batch,
                learningRate,
                momentum,
                inputDropout,
                hiddenDropout,
                otherPenalty,
                otherReport,
                evaluateEvery,
                replayData);
    }
}
