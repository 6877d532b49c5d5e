package io.espalier.run;

import io.espalier.data.Dataset;
import io.espalier.study.Plan;
import io.espalier.study.Study;
import io.espalier.study.Trial;
import io.espalier.study.TrialId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs what is missing of a study on all devices, one thread a device. */
public final class Scheduler {
    private Scheduler() {}

    /**
     * What a run came to.
     *
     * @param plan as far as it is known now
     * @param alreadyDone trials that were over before
     * @param failures trials that crashed or could not start because an ancestor did
     * @param left trials that are not over because the run was asked to stop
     */
    public record Outcome(Plan plan, int alreadyDone, int failures, int left) {
        /** Whether there is more to do for somebody: trials left, or choices that wait for other shards. */
        public boolean isIncomplete() {
            return left > 0 || failures == 0 && plan.isOpen();
        }
    }

    /** Refuses a study that does not fit its data: sizes, labels, batches, validation part. */
    public static void requireRunnable(Study study, Dataset dataset) {
        dataset.requireFits(study.network().inputs(), study.network().outputs());
        Plan.outline(study).requireFits(spec -> spec.trainingExamples(dataset));
    }

    /**
     * Returns when every trial of the shard is over or has failed. A choice on validation data adds trials; they are run too.
     *
     * @throws RunException if the run directory cannot be used any more; the trials under way stay as they were last saved
     * @throws RuntimeException what stopped a device, if trials were left over because of it
     */
    public static Outcome run(
            Study study,
            Dataset dataset,
            List<Device> devices,
            RunDirectory directory,
            Progress progress,
            RunControl control) {
        requireRunnable(study, dataset);
        Plan plan = Selection.plan(study, directory.path());
        requireStarts(plan, directory);
        int alreadyDone = (int) control.shard().work(plan).stream()
                .filter(trial -> directory.result(trial).isPresent())
                .count();
        while (true) {
            int failures = runTrials(plan, control.shard().work(plan), dataset, devices, directory, progress, control);
            int left = (int) control.shard().work(plan).stream()
                            .filter(trial -> directory.result(trial).isEmpty())
                            .count()
                    - failures;
            Plan grown = Selection.plan(study, directory.path());
            if (left > 0
                    || failures > 0
                    || grown.trials().size() == plan.trials().size()) {
                return new Outcome(grown, alreadyDone, failures, left);
            }
            plan = grown;
            progress.planned(control.shard().work(plan));
        }
    }

    /** Refuses weights from elsewhere that cannot be used, unless the run has its own copy by now. */
    private static void requireStarts(Plan plan, RunDirectory directory) {
        for (Trial trial : plan.trials()) {
            if (directory.result(trial).isEmpty()) {
                trial.program().start().ifPresent(start -> start.requireReady(trial.network()));
            }
        }
    }

    /** Runs what is missing of some trials of a plan and says how many failed. */
    static int runTrials(
            Plan plan,
            List<Trial> mine,
            Dataset dataset,
            List<Device> devices,
            RunDirectory directory,
            Progress progress,
            RunControl control) {
        Set<TrialId> over = new HashSet<>();
        plan.trials().stream()
                .filter(trial -> directory.result(trial).isPresent())
                .forEach(trial -> over.add(trial.id()));
        TrialQueue trials =
                new TrialQueue(plan, mine, control.shard().trials(plan), devices.size(), over, directory::claim);
        ExecutorService threads = Executors.newFixedThreadPool(devices.size());
        try {
            List<Future<?>> workers = new ArrayList<>();
            for (Device device : devices) {
                workers.add(
                        threads.submit(new DeviceWorker(device, plan, dataset, trials, directory, progress, control)));
            }
            await(workers, trials, control.stop());
        } finally {
            threads.shutdownNow();
        }
        return trials.failures();
    }

    /** A device that is lost takes its trials with it; the others do the rest. */
    private static void await(List<Future<?>> workers, TrialQueue trials, StopSignal stop) {
        Throwable lost = null;
        for (Future<?> worker : workers) {
            try {
                worker.get();
            } catch (ExecutionException e) {
                lost = lost == null || e.getCause() instanceof RunException ? e.getCause() : lost;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RunException("The run was interrupted.", e);
            }
        }
        if (lost instanceof RunException unusable) {
            throw unusable;
        }
        if (lost != null && trials.unstarted() > 0 && !stop.isSet()) {
            throw lost instanceof RuntimeException cause ? cause : new IllegalStateException(lost);
        }
    }
}
