package io.espalier.run;

import io.espalier.data.Dataset;
import io.espalier.study.Plan;
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

/** Runs what is missing of a plan on all devices, one thread a device. */
public final class Scheduler {
    private Scheduler() {}

    /**
     * What a run came to.
     *
     * @param alreadyDone trials that were over before
     * @param failures trials that crashed or could not start because an ancestor did
     * @param left trials that are not over because the run was asked to stop
     */
    public record Outcome(int alreadyDone, int failures, int left) {}

    /** Refuses a plan that does not fit its data: sizes, labels, batches, validation part. */
    public static void requireRunnable(Plan plan, Dataset dataset) {
        dataset.requireFits(
                plan.study().network().inputs(), plan.study().network().outputs());
        plan.requireFits(plan.study().data().trainingExamples(dataset));
    }

    /**
     * Returns when every trial is over or has failed.
     *
     * @throws RuntimeException what stopped a device, if trials were left over because of it
     */
    public static Outcome run(
            Plan plan,
            Dataset dataset,
            List<Device> devices,
            RunDirectory directory,
            Progress progress,
            RunControl control) {
        dataset.requireFits(
                plan.study().network().inputs(), plan.study().network().outputs());
        plan.requireFits(plan.study().data().trainingExamples(dataset));
        Set<TrialId> over = new HashSet<>();
        List<Trial> mine = control.shard().trials(plan);
        mine.stream().filter(trial -> directory.result(trial).isPresent()).forEach(trial -> over.add(trial.id()));
        TrialQueue trials = new TrialQueue(plan, mine, over);
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
        int finished = (int) mine.stream()
                .filter(trial -> directory.result(trial).isPresent())
                .count();
        return new Outcome(over.size(), trials.failures(), mine.size() - finished - trials.failures());
    }

    /** A device that is lost takes its trials with it; the others do the rest. */
    private static void await(List<Future<?>> workers, TrialQueue trials, StopSignal stop) {
        Throwable lost = null;
        for (Future<?> worker : workers) {
            try {
                worker.get();
            } catch (ExecutionException e) {
                lost = lost == null ? e.getCause() : lost;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RunException("The run was interrupted.", e);
            }
        }
        if (lost != null && trials.unstarted() > 0 && !stop.isSet()) {
            throw lost instanceof RuntimeException cause ? cause : new IllegalStateException(lost);
        }
    }
}
