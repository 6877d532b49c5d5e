package io.espalier.method;

import io.espalier.compress.CompressionRatio;
import io.espalier.compress.Scope;
import io.espalier.train.Distillation;
import io.espalier.train.LearningRate;
import io.espalier.train.Recovery;
import io.espalier.train.TrainingSettings;
import java.util.List;
import java.util.Optional;

/**
 * What methods have in common that cut a trained network down.
 *
 * @param training of one recovery; its epochs are one cycle's, at most, but for the last before a readout if that has its own
 * @param scope among which a ranking is made
 * @param schedule how it travels from the dense network to its ratios
 * @param recovery what happens after a cut
 * @param parent name of the dense method whose weights it starts from
 * @param ratios where it is read out, ascending; empty: at the study's ratios
 * @param distillation how it learns from the dense network beside the labels, if it does (dark knowledge)
 */
public record FromTrained(
        TrainingSettings training,
        Scope scope,
        SparsitySchedule schedule,
        Recovery recovery,
        String parent,
        List<CompressionRatio> ratios,
        Optional<Distillation> distillation) {
    public FromTrained {
        if (recovery instanceof Recovery.Continue && training.learningRate() instanceof LearningRate.Cosine) {
            throw new IllegalArgumentException(
                    "A cosine ends where its phase does, so that it cannot go on after a cut");
        }
        if (recovery.retrainsInFull()
                && (schedule.trainAccuracy().isPresent()
                        || schedule.lastEpochs().isPresent())) {
            throw new IllegalArgumentException(
                    "This recovery retrains to the end of the dense schedule in every cycle");
        }
        if (recovery.startsAfresh() && schedule.lastEpochs().isPresent()) {
            throw new IllegalArgumentException(
                    "This recovery trains as long as methods from scratch before every readout");
        }
    }

    /** From labels alone. */
    public FromTrained(
            TrainingSettings training,
            Scope scope,
            SparsitySchedule schedule,
            Recovery recovery,
            String parent,
            List<CompressionRatio> ratios) {
        this(training, scope, schedule, recovery, parent, ratios, Optional.empty());
    }
}
