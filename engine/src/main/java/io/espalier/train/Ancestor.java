package io.espalier.train;

import io.espalier.network.Parameters;

/** What a trial takes over from the trial it started from. */
public interface Ancestor {
    /** The weights that its result was measured on. */
    Parameters reported();

    /** Its state at an earlier point of its training, which its program must have kept. */
    Snapshot snapshot(Length at);

    /** Steps it trained; its child's counter goes on from there. */
    int step();

    /** Epochs it trained, its own ancestors' included. */
    double epochs();
}
