package io.espalier.train;

import io.espalier.backend.Backend;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.compress.CompressionRatio;
import io.espalier.data.Catalog;
import io.espalier.data.DataSource;
import io.espalier.data.DataSpec;
import io.espalier.data.Preparation;
import io.espalier.network.NetworkSpec;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** Trains members on toy data, in batches of 8, and keeps what they report. */
final class ToyTraining {
    static final int BATCH = 8;
    static final int EXAMPLES = 127;
    /** With 20 examples held back, 107 are left: 13 batches of 8 and a short one of 3. */
    static final int STEPS_AN_EPOCH = 14;

    private final NetworkSpec network;
    private final Preparation preparation;
    private final Backend backend = new CpuBackend();
    private final ResidentData data = new ResidentData(backend, ToyData.dataset(EXAMPLES, 53));

    final Recordings recorder = new Recordings();

    ToyTraining(NetworkSpec network) {
        this(network, Preparation.NONE);
    }

    ToyTraining(NetworkSpec network, Preparation preparation) {
        this.network = network;
        this.preparation = preparation;
    }

    Backend backend() {
        return backend;
    }

    DataParts parts(int validation) {
        return data.parts(spec(validation));
    }

    private DataSpec spec(int validation) {
        return new DataSpec(new DataSource.Named(Catalog.MNIST), 0, validation, preparation);
    }

    /** Cohorts of members at the start of their programs. */
    List<Cohort> cohorts(int validation, Member... members) {
        return Cohort.starting(
                CohortKey.atStart(network, spec(validation), BATCH),
                backend,
                parts(validation),
                recorder,
                List.of(members));
    }

    /** To the end of all programs. */
    void run(int validation, Member... members) {
        finish(cohorts(validation, members));
    }

    void finish(List<Cohort> cohorts) {
        Trainer trainer = new Trainer(() -> false);
        Queue<Cohort> ready = new ArrayDeque<>(cohorts);
        while (!ready.isEmpty()) {
            Cohort cohort = ready.poll();
            trainer.untilNextEvent(cohort);
            cohort.applyDueEvents();
            ready.addAll(cohort.regrouped());
        }
    }

    /** A member that has trained three epochs and reported once, as what others go on from. */
    Ancestor parent(String label) {
        return new Ancestor() {
            @Override
            public Reported last() {
                return new Reported(network, recorder.readout(label).weights(), 3, 0);
            }

            @Override
            public Optional<Reported> at(CompressionRatio ratio) {
                return Optional.of(last());
            }

            @Override
            public Snapshot snapshot(Length at) {
                return recorder.snapshots.get(label);
            }

            @Override
            public int step() {
                return 3 * STEPS_AN_EPOCH;
            }
        };
    }
}
