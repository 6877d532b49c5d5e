package io.espalier.network;

import java.util.List;

/** What does a step of the network for all members: its parameters, and the three passes. */
interface Layer extends AutoCloseable {
    /**
     * The layer at work between these tensors.
     *
     * @param scratch memory that layers take turns with
     */
    LayerPass between(Ports ports, Scratch scratch);

    /** What training changes. */
    List<Parameter> parameters();

    @Override
    void close();
}
