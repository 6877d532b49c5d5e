package io.espalier.run;

import io.espalier.study.Plan;
import io.espalier.study.Trial;
import io.espalier.study.TrialId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;

/** Which trials may start: those whose parents are over. Shared by all devices. */
final class TrialQueue {
    /** A waiting device looks this often whether the run is to stop. */
    private static final long STOP_POLL_MILLIS = 100;

    private final Plan plan;
    private final int devices;
    private final Set<Trial> waiting = new LinkedHashSet<>();
    private final Set<TrialId> over = new HashSet<>();
    private final Set<TrialId> failed = new HashSet<>();
    private int running;

    /**
     * Trials to do.
     *
     * @param trials those of this process
     * @param devices how many share them
     * @param over those that are finished already
     */
    TrialQueue(Plan plan, List<Trial> trials, int devices, Set<TrialId> over) {
        this.plan = plan;
        this.devices = devices;
        this.over.addAll(over);
        for (Trial trial : trials) {
            if (!over.contains(trial.id())) {
                waiting.add(trial);
            }
        }
    }

    /**
     * Takes trials that can train together, in plan order, at most one device's share of them; waits while none may start but one
     * is still running. Empty when nothing is left.
     *
     * @param room how many trials like this one the device can train at once
     */
    synchronized List<Trial> take(ToIntFunction<Trial> room, StopSignal stop) throws InterruptedException {
        while (!stop.isSet()) {
            List<Trial> able = new ArrayList<>();
            for (Trial trial : waiting) {
                boolean mayStart = trial.parent().map(over::contains).orElse(true);
                if (mayStart && (able.isEmpty() || together(able.get(0), trial))) {
                    able.add(trial);
                }
            }
            if (!able.isEmpty()) {
                int share = (able.size() + devices - 1) / devices;
                List<Trial> taken = able.subList(0, Math.min(share, room.applyAsInt(able.get(0))));
                taken.forEach(waiting::remove);
                running += taken.size();
                return taken;
            }
            if (running == 0) {
                return List.of();
            }
            wait(STOP_POLL_MILLIS);
        }
        return List.of();
    }

    /** Members of one cohort are of one kind and start at the same step. */
    private boolean together(Trial a, Trial b) {
        return a.network().equals(b.network())
                && a.data().equals(b.data())
                && a.batch() == b.batch()
                && a.program().hasTeacher() == b.program().hasTeacher()
                && epochsBefore(a) == epochsBefore(b);
    }

    /** Where it starts: in the cohort's eyes a trial with a teacher starts from nothing, as one without a parent does. */
    private double epochsBefore(Trial trial) {
        return trial.program().inherits()
                ? trial.parent().map(id -> plan.trial(id).epochs()).orElseThrow()
                : 0;
    }

    /** Trials that were taken and have to be taken again. */
    synchronized void giveBack(Collection<Trial> trials) {
        running -= trials.size();
        waiting.addAll(trials);
        notifyAll();
    }

    synchronized void finished(Trial trial) {
        running--;
        over.add(trial.id());
        notifyAll();
    }

    /** A crashed trial takes its descendants with it. */
    synchronized void failed(Trial trial) {
        running--;
        failed.add(trial.id());
        waiting.removeIf(other -> other.parent().map(failed::contains).orElse(false) && failed.add(other.id()));
        notifyAll();
    }

    /** Trials that nobody has started. */
    synchronized int unstarted() {
        return waiting.size();
    }

    /** Trials that crashed or could not start because an ancestor did. */
    synchronized int failures() {
        return failed.size();
    }
}
