package io.espalier.bench;

import io.espalier.kernels.Sensors;
import java.util.Optional;

/** The samples of one candidate in one mode, taken in rounds so that candidates can take turns and drift hits all of them. */
final class Series {
    private static final int ROUND = 16;
    private static final double ROUND_SECONDS = 1;
    /** A device whose clock is below this share of its highest one is throttled; nvbench's threshold. */
    private static final double LEAST_CLOCK = 0.75;

    private static final int PAUSE_MILLIS = 50;

    private final Rig rig;
    private final StoppingRule.Watch watch;
    private final double timeout;
    private final TimeSource source;
    private final Samples samples = new Samples();
    private double spent;
    private int throttled;
    private StoppingRule.Reason reason;

    /** @param source stays its owner's */
    Series(Rig rig, TimeSource source, StoppingRule rule) {
        this.rig = rig;
        this.watch = rule.watch();
        this.timeout = rule.timeout();
        this.source = source;
    }

    boolean isDone() {
        return reason != null;
    }

    /** Some more samples, the first of which only takes the caches back from whoever had the last turn. */
    void round() {
        double[] times = new double[ROUND];
        int taken = 0;
        long start = System.nanoTime();
        source.sample();
        while (taken < ROUND && (taken == 0 || seconds(start) < Math.min(ROUND_SECONDS, timeout - spent))) {
            times[taken++] = source.sample();
        }
        boolean last = spent + seconds(start) >= timeout;
        if (isThrottled() && !(last && samples.count() == 0)) {
            throttled += taken;
            pause();
        } else {
            for (int i = 0; i < taken; i++) {
                samples.add(times[i]);
                watch.noticed(samples.noise());
            }
        }
        spent += seconds(start);
        reason = watch.verdict(samples, spent).orElse(null);
    }

    private boolean isThrottled() {
        Optional<Sensors.Reading> reading = rig.sensed();
        return reading.isPresent()
                && reading.get().clock() < LEAST_CLOCK * reading.get().highestClock();
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    /** What came out; only once it is done. */
    Timing timing() {
        return new Timing(samples.summary(), source.repeats(), reason, throttled);
    }
}
