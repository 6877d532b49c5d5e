package io.espalier.experiments.cli;

import io.espalier.run.StopSignal;
import java.util.ArrayList;
import java.util.List;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** While open, TERM, INT and USR1 ask the run to save and stop; a second INT ends the process at once. */
final class Signals implements AutoCloseable {
    private static final int KILLED_BY_INT = 130;

    private final List<Runnable> undo = new ArrayList<>();

    Signals(StopSignal stop) {
        for (String name : List.of("TERM", "INT", "USR1")) {
            Signal signal = new Signal(name);
            SignalHandler before = Signal.handle(signal, received -> {
                if (stop.isSet() && received.getName().equals("INT")) {
                    Runtime.getRuntime().halt(KILLED_BY_INT);
                }
                stop.set();
            });
            undo.add(() -> Signal.handle(signal, before));
        }
    }

    @Override
    public void close() {
        undo.forEach(Runnable::run);
    }
}
