package io.espalier.experiments.peers;

/** What libtorch does again and again, and what it computes of the problem. */
interface TorchSteps {
    /** As {@link io.espalier.bench.Answers#of}. */
    double[] answers();

    void run(int steps);
}
