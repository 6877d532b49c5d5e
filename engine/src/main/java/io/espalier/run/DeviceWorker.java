package io.espalier.run;

import io.espalier.backend.Backend;
import io.espalier.data.Dataset;
import io.espalier.study.Plan;
import io.espalier.study.Trial;
import io.espalier.train.Ancestor;
import io.espalier.train.Cohort;
import io.espalier.train.CohortKey;
import io.espalier.train.EpochMetrics;
import io.espalier.train.Member;
import io.espalier.train.Readout;
import io.espalier.train.Recorder;
import io.espalier.train.ResidentData;
import io.espalier.train.Snapshot;
import io.espalier.train.Trainer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/** One device at work: forms cohorts from the trials that may start, trains them, records what they find. */
final class DeviceWorker implements Runnable {
    private final Device device;
    private final Plan plan;
    private final Dataset dataset;
    private final TrialQueue trials;
    private final RunDirectory directory;
    private final Progress progress;

    private final Queue<Cohort> ready = new ArrayDeque<>();
    private final Map<Member, Trial> current = new LinkedHashMap<>();
    private final Map<Member, List<TrialResult.Row>> rows = new HashMap<>();

    DeviceWorker(
            Device device, Plan plan, Dataset dataset, TrialQueue trials, RunDirectory directory, Progress progress) {
        this.device = device;
        this.plan = plan;
        this.dataset = dataset;
        this.trials = trials;
        this.directory = directory;
        this.progress = progress;
    }

    @Override
    public void run() {
        try (Backend backend = device.opener().get();
                ResidentData data = new ResidentData(backend, plan.study().data(), dataset)) {
            train(backend, data);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            fail(e);
            throw e;
        }
    }

    /** The heart of the program. */
    private void train(Backend backend, ResidentData data) throws InterruptedException {
        Trainer trainer = new Trainer();
        Cohort cohort;
        while ((cohort = next(backend, data)) != null) {
            try {
                trainer.untilNextEvent(cohort);
                cohort.applyDueEvents();
                ready.addAll(cohort.regrouped());
            } catch (RuntimeException | OutOfMemoryError e) {
                fail(e);
                cohort.close();
            }
        }
    }

    /** A cohort that has something to do, or null when nothing is left. */
    private Cohort next(Backend backend, ResidentData data) throws InterruptedException {
        while (ready.isEmpty()) {
            List<Trial> taken = trials.take(device.maxMembers());
            if (taken.isEmpty()) {
                return null;
            }
            start(taken, backend, data);
        }
        return ready.poll();
    }

    private void start(List<Trial> taken, Backend backend, ResidentData data) {
        for (Trial trial : taken) {
            Optional<TrialResult> parent = parentOf(trial).flatMap(directory::result);
            Ancestor ancestor = parent.<Ancestor>map(result ->
                            new StoredAncestor(directory, parentOf(trial).orElseThrow(), result))
                    .orElse(null);
            current.put(
                    new Member(trial.method() + " seed " + trial.seed(), trial.seed(), trial.program(), ancestor),
                    trial);
        }
        try {
            List<Member> members = new ArrayList<>();
            for (Member member : List.copyOf(current.keySet())) {
                Trial trial = current.get(member);
                rows.put(member, new ArrayList<>());
                directory.start(trial);
                progress.started(trial);
                if (parentDiverged(trial)) {
                    record(member, TrialResult.DIVERGED, 1);
                } else {
                    members.add(member);
                }
            }
            if (!members.isEmpty()) {
                Trial first = taken.get(0);
                CohortKey key = CohortKey.atStart(first.network(), first.data(), first.batch());
                ready.add(new Cohort(key, backend, data, new DirectoryRecorder(), members));
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            fail(e);
        }
    }

    private Optional<Trial> parentOf(Trial trial) {
        return trial.parent().map(plan::trial);
    }

    /** A child of a diverged parent has nothing to start from. */
    private boolean parentDiverged(Trial trial) {
        return parentOf(trial)
                .flatMap(directory::result)
                .map(result -> result.status().equals(TrialResult.DIVERGED))
                .orElse(false);
    }

    private void record(Member member, String status, int cohortSize) {
        Trial trial = current.remove(member);
        directory.finish(
                trial,
                new TrialResult(
                        status, member.step(), member.epochs(), cohortSize, directory.backend(), rows.remove(member)));
        progress.finished(trial, status);
        trials.finished(trial);
    }

    /** Only one cohort is under way at a time, so whoever is current was in it. */
    private void fail(Throwable cause) {
        ready.clear();
        for (Trial trial : List.copyOf(current.values())) {
            directory.fail(trial, cause);
            progress.failed(trial, cause);
            trials.failed(trial);
        }
        current.clear();
        rows.clear();
    }

    private final class DirectoryRecorder implements Recorder {
        @Override
        public void epoch(Member member, EpochMetrics metrics) {
            directory.epoch(current.get(member), metrics);
            progress.epoch(current.get(member), metrics);
        }

        @Override
        public void readout(Member member, Readout readout) {
            Trial trial = current.get(member);
            directory.model(trial, readout);
            rows.get(member).add(TrialResult.Row.of(readout, trial.dense().parameters()));
            progress.readout(trial, readout);
        }

        @Override
        public void snapshot(Member member, Snapshot snapshot) {
            directory.snapshot(current.get(member), snapshot);
        }

        @Override
        public void finished(Member member, int cohortSize) {
            boolean diverged = member.status() == Member.Status.DIVERGED;
            record(member, diverged ? TrialResult.DIVERGED : TrialResult.DONE, cohortSize);
        }
    }
}
