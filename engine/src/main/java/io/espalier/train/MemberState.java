package io.espalier.train;

import io.espalier.network.HiddenUnits;
import io.espalier.network.Parameters;
import java.util.List;

/**
 * Everything that a member's future depends on, at a step boundary: from this, its seed, its program and its ancestor it goes on
 * to the same bits.
 *
 * @param programCounter the instruction it has reached
 * @param step optimiser updates so far, ancestors included
 * @param scheduleStep place in its phase's schedule
 * @param trainedSteps updates of its own
 * @param examplesSeen since the last epoch's end
 * @param steppedSinceEvent whether it has stepped since all events were over
 * @param evaluated whether, of these events, those that look at how it does are
 * @param lossSum summed over those examples
 * @param inheritedEpochs its ancestors' epochs
 * @param trainSeconds spent so far
 * @param units hidden units left of the network that it started with
 * @param velocities in the form of the parameters, in the order of {@code Network.parameters()}
 * @param lowestValidationLoss of its phase; Double.MAX_VALUE before its first evaluation
 * @param earlyStopStep where in the phase's schedule that was
 * @param fewestValidationErrors of its phase; Integer.MAX_VALUE before its first epoch's end
 * @param best the weights that had them, or null
 * @param bestEpochs when that was
 */
public record MemberState(
        int programCounter,
        int step,
        int scheduleStep,
        int trainedSteps,
        int examplesSeen,
        boolean steppedSinceEvent,
        boolean evaluated,
        float lossSum,
        double inheritedEpochs,
        double trainSeconds,
        HiddenUnits units,
        Parameters parameters,
        List<float[]> velocities,
        double lowestValidationLoss,
        int earlyStopStep,
        int fewestValidationErrors,
        Parameters best,
        double bestEpochs) {}
