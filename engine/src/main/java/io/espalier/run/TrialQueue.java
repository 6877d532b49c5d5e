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
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** Which trials may start: those whose parents are over and that no other process has. Shared by all devices. */
final class TrialQueue {
    /** A waiting device looks this often whether the run is to stop. */
    private static final long STOP_POLL_MILLIS = 100;

    /** Where nothing may start, a waiting device looks this often what other workers have done. */
    private static final long LOOK_AGAIN_NANOS = 1_000_000_000;

    private final Plan plan;
    private final Set<Trial> own;
    private final int devices;
    private final Function<Trial, Claims.Standing> claim;
    private final Set<Trial> waiting = new LinkedHashSet<>();
    private final Set<TrialId> over = new HashSet<>();
    private final Set<TrialId> failed = new HashSet<>();
    private int running;
    private int elsewhere;
    private int changes;

    /**
     * Trials to do.
     *
     * @param trials those of this process, first what it should do first
     * @param own those that it should do first; they are not put together with others
     * @param devices how many share them
     * @param over those that are finished already
     * @param claim tries to get a trial for this process
     */
    TrialQueue(
            Plan plan,
            List<Trial> trials,
            List<Trial> own,
            int devices,
            Set<TrialId> over,
            Function<Trial, Claims.Standing> claim) {
        this.plan = plan;
        this.own = Set.copyOf(own);
        this.devices = devices;
        this.claim = claim;
        this.over.addAll(over);
        for (Trial trial : trials) {
            if (!over.contains(trial.id())) {
                waiting.add(trial);
            }
        }
    }

    /**
     * Takes trials that can train together, in order, at most one device's share of them; waits while none may start but one is still
     * running, here or elsewhere. Empty when nothing is left.
     *
     * @param room how many trials like this one the device can train at once
     */
    synchronized List<Trial> take(ToIntFunction<Trial> room, StopSignal stop) throws InterruptedException {
        while (!stop.isSet()) {
            int known = changes;
            List<Trial> taken = claimTogether(room);
            if (!taken.isEmpty()) {
                running += taken.size();
                return taken;
            }
            if (running == 0 && elsewhere == 0 && changes == known) {
                return List.of();
            }
            long since = System.nanoTime();
            while (changes == known && !stop.isSet() && System.nanoTime() - since < LOOK_AGAIN_NANOS) {
                wait(STOP_POLL_MILLIS);
            }
        }
        return List.of();
    }

    private List<Trial> claimTogether(ToIntFunction<Trial> room) {
        List<Trial> able = waiting.stream()
                .filter(trial -> trial.parent().map(over::contains).orElse(true))
                .toList();
        List<Trial> taken = new ArrayList<>();
        int most = 1;
        elsewhere = 0;
        for (Trial trial : able) {
            if (taken.isEmpty()) {
                most = Math.min(share(able, trial), room.applyAsInt(trial));
            } else if (taken.size() == most) {
                break;
            } else if (!together(taken.get(0), trial)) {
                continue;
            }
            switch (claim.apply(trial)) {
                case HELD -> {
                    waiting.remove(trial);
                    taken.add(trial);
                }
                case OVER -> {
                    waiting.remove(trial);
                    end(trial);
                }
                case FAILED -> {
                    waiting.remove(trial);
                    fail(trial);
                }
                case ELSEWHERE -> elsewhere++;
            }
        }
        return taken;
    }

    /** One device's share of those that can train together with this one. */
    private int share(List<Trial> able, Trial first) {
        int alike = (int) able.stream().filter(other -> together(first, other)).count();
        return (alike + devices - 1) / devices;
    }

    /** Members of one cohort are of one kind and start at the same step. */
    private boolean together(Trial a, Trial b) {
        return own.contains(a) == own.contains(b)
                && a.network().equals(b.network())
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
        changed();
    }

    synchronized void finished(Trial trial) {
        running--;
        end(trial);
    }

    private void end(Trial trial) {
        over.add(trial.id());
        changed();
    }

    /** A crashed trial takes its descendants with it. */
    synchronized void failed(Trial trial) {
        running--;
        fail(trial);
    }

    private void fail(Trial trial) {
        failed.add(trial.id());
        List<Trial> children;
        do {
            children = waiting.stream()
                    .filter(other -> other.parent().map(failed::contains).orElse(false))
                    .toList();
            children.forEach(child -> failed.add(child.id()));
        } while (waiting.removeAll(children));
        changed();
    }

    private void changed() {
        changes++;
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
