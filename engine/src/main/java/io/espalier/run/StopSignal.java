package io.espalier.run;

/** Asks a run to save where it is and end; set once, from a signal handler or a test, and seen by all devices. */
public final class StopSignal {
    private volatile boolean set;

    public void set() {
        set = true;
    }

    public boolean isSet() {
        return set;
    }
}
