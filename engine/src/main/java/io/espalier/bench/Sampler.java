package io.espalier.bench;

import io.espalier.backend.Recording;
import io.espalier.backend.Stopwatch;

/**
 * Takes times of something that is ready to run. On a device both modes run recordings, as training does: one launch, however many
 * kernels there are, so that the speed of the host does not show.
 */
final class Sampler implements TimeSource {
    private static final int WARM_UP_RUNS = 50;
    /** The first runs as it is, the second is recorded. */
    private static final int LEAST_RUNS = 3;

    private static final int MOST_REPEATS = 200;
    private static final double WARM_SAMPLE_SECONDS = 2e-3;

    private final Rig rig;
    private final Mode mode;
    private final int repeats;
    private final Recording recording;
    private final Stopwatch stopwatch;

    /**
     * Warms it up and decides how often a sample runs it.
     *
     * @param patience seconds that warming up may take
     */
    Sampler(Rig rig, Mode mode, Runnable run, double patience) {
        this.rig = rig;
        this.mode = mode;
        stopwatch = rig.backend().stopwatch();
        Recording once = rig.backend().record(run);
        double one = warmedUp(once, patience);
        if (mode == Mode.COLD) {
            repeats = 1;
            recording = once;
            return;
        }
        once.close();
        repeats = (int) Math.max(1, Math.min(MOST_REPEATS, WARM_SAMPLE_SECONDS / one));
        recording = rig.backend().record(() -> {
            for (int i = 0; i < repeats; i++) {
                run.run();
            }
        });
        for (int i = 0; i < LEAST_RUNS; i++) {
            timed(recording);
        }
    }

    /** The time of its last run. */
    private double warmedUp(Recording once, double patience) {
        double last = 0;
        long start = System.nanoTime();
        for (int i = 0; i < WARM_UP_RUNS; i++) {
            if (i >= LEAST_RUNS && (System.nanoTime() - start) / 1e9 > patience) {
                break;
            }
            last = timed(once);
        }
        return last;
    }

    private double timed(Recording runs) {
        stopwatch.start();
        runs.run();
        stopwatch.stop();
        return stopwatch.seconds();
    }

    @Override
    public int repeats() {
        return repeats;
    }

    @Override
    public double sample() {
        if (mode == Mode.COLD) {
            rig.flush();
        }
        return timed(recording) / repeats;
    }

    @Override
    public void close() {
        recording.close();
        stopwatch.close();
    }
}
