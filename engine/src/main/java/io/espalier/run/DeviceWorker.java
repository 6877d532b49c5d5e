package io.espalier.run;

import io.espalier.backend.Backend;
import io.espalier.backend.DeviceLostException;
import io.espalier.backend.OutOfDeviceMemoryException;
import io.espalier.backend.contract.CheckedBackend;
import io.espalier.data.Dataset;
import io.espalier.study.Plan;
import io.espalier.study.Trial;
import io.espalier.study.TrialId;
import io.espalier.train.Ancestor;
import io.espalier.train.Cohort;
import io.espalier.train.CohortKey;
import io.espalier.train.CohortMemory;
import io.espalier.train.EpochMetrics;
import io.espalier.train.Member;
import io.espalier.train.Readout;
import io.espalier.train.Recorder;
import io.espalier.train.ResidentData;
import io.espalier.train.Snapshot;
import io.espalier.train.Trainer;
import io.espalier.train.ValidationPoint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/** One device at work: forms cohorts from the trials that may start, trains them, records what they find. */
final class DeviceWorker implements Runnable {
    private final Device device;
    private final Plan plan;
    private final Dataset dataset;
    private final TrialQueue trials;
    private final RunDirectory directory;
    private final Progress progress;

    private final Optional<Check> check;
    private Onlooker onlooker = Onlooker.NONE;
    private final StopSignal stop;
    private final CheckpointClock clock;
    private final Recorder recorder = new DirectoryRecorder();
    private final Queue<Cohort> ready = new ArrayDeque<>();

    /** Trials that this device has taken and that are not over; each has a member in {@code current} once it has begun. */
    private final Set<Trial> mine = new LinkedHashSet<>();

    private final Map<Member, Trial> current = new LinkedHashMap<>();
    private final Map<Member, List<TrialResult.Row>> rows = new HashMap<>();

    /** The most trials at once; less than the device's own limit after it ran out of memory. */
    private int mostMembers;

    DeviceWorker(
            Device device,
            Plan plan,
            Dataset dataset,
            TrialQueue trials,
            RunDirectory directory,
            Progress progress,
            RunControl control) {
        this.device = device;
        this.plan = plan;
        this.dataset = dataset;
        this.trials = trials;
        this.directory = directory;
        this.progress = progress;
        this.check = control.check();
        this.stop = control.stop();
        this.clock = new CheckpointClock(control);
        this.mostMembers = device.maxMembers();
    }

    @Override
    public void run() {
        try {
            while (!trainToTheEnd()) {
                beginAnewWithLess();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RunException e) {
            // Nothing is wrong with the trials: they stay as they were last saved, and the other devices save and end
            // too.
            stop.set();
            throw e;
        } catch (RuntimeException | Error e) {
            fail(e);
            throw e;
        }
    }

    /** False if memory ran out while several trials shared it. */
    private boolean trainToTheEnd() throws InterruptedException {
        try {
            if (check.isEmpty()) {
                train();
            } else {
                trainChecked(check.get());
            }
            return true;
        } catch (OutOfDeviceMemoryException e) {
            if (current.size() < 2) {
                throw e;
            }
            return false;
        }
    }

    /** All memory was given back; half as many trials at once may fit, each from where it was last saved. */
    private void beginAnewWithLess() {
        mostMembers = current.size() / 2;
        giveBack();
    }

    private void giveBack() {
        ready.clear();
        mine.forEach(directory::release);
        trials.giveBack(mine);
        forgetAll();
    }

    private void forgetAll() {
        mine.clear();
        current.clear();
        rows.clear();
    }

    private void train() throws InterruptedException {
        try (Backend backend = device.opener().get();
                ResidentData data = new ResidentData(backend, dataset)) {
            train(backend, data);
        }
    }

    private void trainChecked(Check asked) throws InterruptedException {
        Backend shadow = asked.shadow().get();
        try (CheckedBackend backend = new CheckedBackend(device.opener().get(), shadow);
                ResidentData data = new ResidentData(backend, dataset);
                ParityWatch parityWatch = new ParityWatch(backend, shadow, data, dataset, asked.steps())) {
            onlooker = parityWatch;
            train(backend, data);
        }
    }

    /** The heart of the program. */
    private void train(Backend backend, ResidentData data) throws InterruptedException {
        Trainer trainer = new Trainer(clock::isDue);
        Cohort cohort;
        while ((cohort = next(backend, data)) != null) {
            try {
                onlooker.begin(cohort);
                trainer.untilNextEvent(cohort);
                cohort.applyDueEvents(stop::isSet);
                onlooker.end(cohort);
                ready.addAll(cohort.regrouped());
                checkpointIfDue();
            } catch (RuntimeException | OutOfMemoryError e) {
                failUnlessLessWouldDo(e);
                cohort.close();
            }
        }
    }

    /** Fails what is being trained, unless that concerns the device, or the run, as a whole. */
    private void failUnlessLessWouldDo(Throwable cause) {
        if (cause instanceof OutOfDeviceMemoryException noRoom && current.size() > 1) {
            throw noRoom;
        }
        if (cause instanceof DeviceLostException lost) {
            throw lost;
        }
        if (cause instanceof RunException unusable) {
            throw unusable;
        }
        if (cause instanceof ClaimLostException) {
            // Whoever has the lost trial does it. The others go on from where they were last saved.
            ready.forEach(Cohort::close);
            giveBack();
            return;
        }
        fail(cause);
    }

    /** How many trials like this one fit into what memory is left. */
    private int room(Backend backend, Trial trial) {
        long fitting = backend.freeMemory()
                / CohortMemory.bytesPerMember(
                        trial.network(), trial.batch(), trial.program().hasTeacher());
        return (int) Math.max(1, Math.min(mostMembers, fitting));
    }

    /** A cohort that has something to do, or null when nothing is left. */
    private Cohort next(Backend backend, ResidentData data) throws InterruptedException {
        if (stop.isSet()) {
            return null;
        }
        while (ready.isEmpty()) {
            List<Trial> taken = take(backend);
            if (taken.isEmpty()) {
                return null;
            }
            start(taken, backend, data);
        }
        return ready.poll();
    }

    private List<Trial> take(Backend backend) throws InterruptedException {
        try (Backend.Pause pause = backend.pause()) {
            return trials.take(trial -> room(backend, trial), stop);
        }
    }

    private void checkpointIfDue() {
        if (!clock.isDue()) {
            return;
        }
        for (Cohort cohort : ready) {
            for (Member member : cohort.members()) {
                directory
                        .work(current.get(member))
                        .checkpoint(
                                cohort.state(member),
                                rows.get(member),
                                directory.machine().backend());
            }
        }
        clock.saved();
    }

    private void start(List<Trial> taken, Backend backend, ResidentData data) {
        List<Member> fresh = new ArrayList<>();
        List<TrialId> together = taken.stream().map(Trial::id).toList();
        mine.addAll(taken);
        try {
            for (Trial trial : taken) {
                Optional<CheckpointFile> checkpoint =
                        directory.work(trial).resume(directory.machine(), file -> progress.damaged(trial, file));
                Member member = checkpoint
                        .map(found -> Member.resumed(
                                label(trial), trial.seed(), trial.program(), ancestor(trial), found.state()))
                        .orElseGet(() -> new Member(label(trial), trial.seed(), trial.program(), ancestor(trial)));
                current.put(member, trial);
                rows.put(member, new ArrayList<>());
                progress.started(trial);
                if (checkpoint.isPresent()) {
                    rows.get(member).addAll(checkpoint.get().rows());
                    ready.add(Cohort.resumed(
                            key(trial),
                            backend,
                            data.parts(trial.data()),
                            recorder,
                            List.of(member),
                            List.of(checkpoint.get().state())));
                } else if (parentDiverged(trial)) {
                    directory.work(trial).start(together, directory.machine());
                    record(member, TrialResult.DIVERGED, 1);
                } else {
                    directory.work(trial).start(together, directory.machine());
                    fresh.add(member);
                }
            }
            if (!fresh.isEmpty()) {
                Trial first = taken.get(0);
                ready.addAll(Cohort.starting(key(first), backend, data.parts(first.data()), recorder, fresh));
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            failUnlessLessWouldDo(e);
        }
    }

    private static String label(Trial trial) {
        return trial.method() + " seed " + trial.seed();
    }

    private static CohortKey key(Trial trial) {
        return CohortKey.atStart(trial.network(), trial.data(), trial.batch());
    }

    private Ancestor ancestor(Trial trial) {
        return parentOf(trial)
                .flatMap(
                        parent -> directory.result(parent).map(result -> new StoredAncestor(directory, parent, result)))
                .orElse(null);
    }

    private Optional<Trial> parentOf(Trial trial) {
        return trial.parent().map(plan::trial);
    }

    /** A child of a parent that diverged before it reported anything, or what the child needs, has nothing to start from. */
    private boolean parentDiverged(Trial trial) {
        return parentOf(trial)
                .flatMap(directory::result)
                .map(result -> trial.program()
                        .startsAt()
                        .map(ratio -> result.row(ratio).isEmpty())
                        .orElse(result.rows().isEmpty()))
                .orElse(false);
    }

    private void record(Member member, String status, int cohortSize) {
        Trial trial = current.remove(member);
        directory.finish(
                trial,
                new TrialResult(
                        status,
                        member.step(),
                        member.epochs(),
                        cohortSize,
                        directory.machine().backend(),
                        onlooker.take(member),
                        rows.remove(member)));
        mine.remove(trial);
        progress.finished(trial, status);
        trials.finished(trial);
    }

    /** Whatever this device has was in this cohort or in one that came from the same trials. */
    private void fail(Throwable cause) {
        ready.clear();
        for (Trial trial : mine) {
            try {
                directory.fail(trial, cause);
            } catch (ClaimLostException e) {
                cause.addSuppressed(e);
            }
            progress.failed(trial, cause);
            trials.failed(trial);
        }
        forgetAll();
    }

    private final class DirectoryRecorder implements Recorder {
        @Override
        public void epoch(Member member, EpochMetrics metrics) {
            directory.work(current.get(member)).epoch(metrics);
            progress.epoch(current.get(member), metrics);
        }

        @Override
        public void evaluation(Member member, ValidationPoint point) {
            directory.work(current.get(member)).evaluation(point);
        }

        @Override
        public void readout(Member member, Readout readout) {
            Trial trial = current.get(member);
            long fileBytes = directory.work(trial).model(readout);
            rows.get(member).add(TrialResult.Row.of(readout, trial.dense().parameters(), fileBytes));
            onlooker.readout(member, trial, readout);
            progress.readout(trial, readout);
        }

        @Override
        public void snapshot(Member member, Snapshot snapshot) {
            directory.work(current.get(member)).snapshot(snapshot);
        }

        @Override
        public void finished(Member member, int cohortSize) {
            boolean diverged = member.status() == Member.Status.DIVERGED;
            record(member, diverged ? TrialResult.DIVERGED : TrialResult.DONE, cohortSize);
        }
    }
}
