package io.espalier.experiments.cli;

import io.espalier.run.Progress;
import io.espalier.run.RunDirectory;
import io.espalier.run.Shard;
import io.espalier.study.Plan;
import io.espalier.study.Trial;
import io.espalier.train.EpochMetrics;
import io.espalier.train.Evaluation;
import io.espalier.train.Readout;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress for people: a bar on a terminal, a line a trial in a log, nothing if asked. */
final class RunProgress implements Progress, AutoCloseable {
    private final Path run;
    private volatile int trials;
    private final PrintWriter log;
    private final ProgressBar bar;
    private final AtomicInteger over = new AtomicInteger();
    private final Map<Trial, String> lastReadouts = new ConcurrentHashMap<>();
    private final Map<Trial, Integer> epochsSeen = new ConcurrentHashMap<>();

    private RunProgress(Path run, int trials, int done, PrintWriter log, ProgressBar bar) {
        this.run = run;
        this.trials = trials;
        this.over.set(done);
        this.log = log;
        this.bar = bar;
    }

    /**
     * The kind that fits.
     *
     * @param err where lines go
     */
    static RunProgress of(Plan plan, Shard shard, Path run, boolean terminal, boolean quiet, PrintWriter err) {
        List<Trial> trials = shard.work(plan);
        int done = (int) trials.stream()
                .filter(trial -> RunDirectory.readResult(run, trial).isPresent())
                .count();
        int all = trials.size();
        if (quiet) {
            return new RunProgress(run, all, done, null, null);
        }
        if (!terminal) {
            err.println(plan.study().name() + ": " + all + " trials, " + done + " already done, in " + run);
            err.flush();
            return new RunProgress(run, all, done, err, null);
        }
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(plan.study().name())
                .setUnit(" epochs", 1)
                .setInitialMax(Math.max(1, Math.round(epochsLeft(trials, run))))
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(250)
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .build();
        bar.setExtraMessage(done + "/" + all + " trials");
        return new RunProgress(run, all, done, null, bar);
    }

    private static double epochsLeft(List<Trial> trials, Path run) {
        return trials.stream()
                .filter(trial -> RunDirectory.readResult(run, trial).isEmpty())
                .mapToDouble(Trial::ownEpochs)
                .sum();
    }

    @Override
    public void planned(List<Trial> all) {
        trials = all.size();
        if (bar != null) {
            bar.maxHint(bar.getCurrent() + Math.round(epochsLeft(all, run)));
        }
        if (log != null) {
            log.println("Chosen on validation data; " + trials + " trials now.");
            log.flush();
        }
    }

    @Override
    public void started(Trial trial) {}

    @Override
    public void epoch(Trial trial, EpochMetrics metrics) {
        if (bar != null) {
            epochsSeen.merge(trial, 1, Integer::sum);
            bar.step();
        }
    }

    @Override
    public void readout(Trial trial, Readout readout) {
        Evaluation shown = readout.test() == null ? readout.validation() : readout.test();
        String text = String.format(
                Locale.ROOT,
                "%s error %.2f %% at %sx",
                readout.test() == null ? "validation" : "test",
                shown.errorPercent(),
                readout.target());
        lastReadouts.merge(trial, text, (before, now) -> before + ", " + now);
    }

    @Override
    public void finished(Trial trial, String status) {
        String readouts = Optional.ofNullable(lastReadouts.remove(trial)).orElse("no readout");
        if (bar != null) {
            // A plan knows only how long a trial may become: what it did not need is not to be waited for.
            bar.maxHint(bar.getMax() + epochsSeen.getOrDefault(trial, 0) - Math.round(trial.ownEpochs()));
            epochsSeen.remove(trial);
        }
        say(trial, status + ", " + readouts);
    }

    @Override
    public void failed(Trial trial, Throwable cause) {
        say(trial, "FAILED: " + cause);
    }

    @Override
    public void damaged(Trial trial, Path checkpoint) {
        if (bar != null) {
            bar.setExtraMessage("damaged checkpoint passed over");
        }
        if (log != null) {
            log.println(trial.method() + ", seed " + trial.seed() + ": " + checkpoint
                    + " is damaged and is passed over; what it had is trained again.");
            log.flush();
        }
    }

    private void say(Trial trial, String what) {
        int count = over.incrementAndGet();
        if (bar != null) {
            bar.setExtraMessage(count + "/" + trials + " trials");
        }
        if (log != null) {
            log.println("[" + count + "/" + trials + "] " + trial.method() + ", seed " + trial.seed() + ": " + what);
            log.flush();
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
