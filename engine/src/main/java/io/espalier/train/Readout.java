package io.espalier.train;

import io.espalier.compress.CompressionRatio;
import io.espalier.compress.StoredSize;
import io.espalier.network.Parameters;

/**
 * A row of the results: one set of weights of a trajectory, measured.
 *
 * @param target the ratio asked for
 * @param epochs trained from initialisation to these weights, ancestors included
 * @param phaseEpochs epoch of the phase's schedule at which these weights stood
 * @param earlyStopStep where in the phase's schedule, in steps, the validation loss was lowest; null if it was never looked at
 * @param training null if it was not looked at
 * @param validation null where there is no validation part
 * @param test null if it was not looked at
 * @param trainSeconds the member's own training time up to here, ancestors not included
 */
public record Readout(
        CompressionRatio target,
        Parameters weights,
        double epochs,
        int phaseEpochs,
        Integer earlyStopStep,
        Evaluation training,
        Evaluation validation,
        Evaluation test,
        double trainSeconds) {
    /** Weights alive and biases. */
    public int storedParameters() {
        return weights.aliveWeights() + weights.biases();
    }

    /** Pruned over prunable. */
    public double sparsity() {
        return 1 - (double) weights.aliveWeights() / weights.weights();
    }

    public StoredSize storedSize() {
        return StoredSize.of(weights);
    }
}
