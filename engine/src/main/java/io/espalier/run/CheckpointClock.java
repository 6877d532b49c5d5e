package io.espalier.run;

/** When a device saves: every so often, and when the run is asked to stop. */
final class CheckpointClock {
    private final StopSignal stop;
    private final long intervalNanos;
    private long last = System.nanoTime();

    CheckpointClock(RunControl control) {
        this.stop = control.stop();
        this.intervalNanos = control.checkpointEvery().toNanos();
    }

    boolean isDue() {
        return stop.isSet() || System.nanoTime() - last >= intervalNanos;
    }

    void saved() {
        last = System.nanoTime();
    }
}
