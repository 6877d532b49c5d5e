package io.espalier.train;

/**
 * How a phase trains.
 *
 * @param epochs its length, which the learning-rate schedule spans too; 0 for none
 * @param batch examples a step
 * @param momentum m in v = m v + g
 * @param inputDropout share of the inputs dropped, 0 to below 1
 * @param hiddenDropout share of the hidden units dropped, 0 to below 1
 */
public record TrainingSettings(
        int epochs,
        int batch,
        LearningRate learningRate,
        double momentum,
        double inputDropout,
        double hiddenDropout,
        Penalty penalty,
        ReportAt reportAt) {
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
    }

    private static void requireShare(String what, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(what + " must be at least 0 and below 1, got " + value);
        }
    }

    /** The same but for its length. */
    public TrainingSettings withEpochs(int otherEpochs) {
        return new TrainingSettings(
                otherEpochs, batch, learningRate, momentum, inputDropout, hiddenDropout, penalty, reportAt);
    }

    /** The same, but its last weights are its result. */
    public TrainingSettings reportingLast() {
        return new TrainingSettings(
                epochs, batch, learningRate, momentum, inputDropout, hiddenDropout, penalty, ReportAt.LAST);
    }

    /** The same but for its penalty. */
    public TrainingSettings withPenalty(Penalty other) {
        return new TrainingSettings(
                epochs, batch, learningRate, momentum, inputDropout, hiddenDropout, other, reportAt);
    }
}
