package io.espalier.run;

import io.espalier.study.Plan;
import io.espalier.study.Trial;
import io.espalier.study.TrialId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which trials may start: those whose parents are over. Shared by all devices. */
final class TrialQueue {
    /** A waiting device looks this often whether the run is to stop. */
    private static final long STOP_POLL_MILLIS = 100;

    private final Plan plan;
    private final Set<Trial> waiting = new LinkedHashSet<>();
    private final Set<TrialId> over = new HashSet<>();
    private final Set<TrialId> failed = new HashSet<>();
    private int running;

    /**
     * Trials to do.
     *
     * @param trials those of this process
     * @param over those that are finished already
     */
    TrialQueue(Plan plan, List<Trial> trials, Set<TrialId> over) {
        this.plan = plan;
        this.over.addAll(over);
        for (Trial trial : trials) {
            if (!over.contains(trial.id())) {
                waiting.add(trial);
            }
        }
    }

    /**
     * Takes trials that can train together, in plan order; waits while none may start but one is still running. Empty when
     * nothing is left.
     */
    synchronized List<Trial> take(int most, StopSignal stop) throws InterruptedException {
        while (!stop.isSet()) {
            List<Trial> taken = new ArrayList<>();
            for (Trial trial : waiting) {
                boolean mayStart = trial.parent().map(over::contains).orElse(true);
                if (mayStart && taken.size() < most && (taken.isEmpty() || together(taken.get(0), trial))) {
                    taken.add(trial);
                }
            }
            if (!taken.isEmpty()) {
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
