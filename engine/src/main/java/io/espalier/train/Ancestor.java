package io.espalier.train;

import io.espalier.compress.CompressionRatio;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import java.util.Optional;

/** What a trial takes over from the trial it started from. */
public interface Ancestor {
    /**
     * One of its readouts.
     *
     * @param network its shape
     * @param parameters the weights that were measured
     * @param epochs to there, its own ancestors' included
     * @param trainSeconds its own training time up to there
     */
    record Reported(NetworkSpec network, Parameters parameters, double epochs, double trainSeconds) {}

    /** Its last readout. */
    Reported last();

    /** Its readout at a ratio; empty if it did not come so far. */
    Optional<Reported> at(CompressionRatio ratio);

    /** Its state at an earlier point of its training, which its program must have kept. */
    Snapshot snapshot(Length at);

    /** Steps it trained; its child's counter goes on from there. */
    int step();
}
