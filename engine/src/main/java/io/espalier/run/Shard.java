package io.espalier.run;

import io.espalier.compress.CompressionRatio;
import io.espalier.random.Seed;
import io.espalier.study.Plan;
import io.espalier.study.Purpose;
import io.espalier.study.Trial;
import io.espalier.study.TrialId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A part of a plan for one of several processes. A trial is in the shard of the trial that it descends from, so that no shard
 * waits for another.
 *
 * @param index from 1
 * @param count how many shards there are
 * @param sharing whether the process goes on with what others have not begun or not ended when this part is over
 */
public record Shard(int index, int count, boolean sharing) {
    /** The whole plan, for a process that is alone with it. */
    public static final Shard WHOLE = new Shard(1, 1);

    /** A part that is left at its end. */
    public Shard(int index, int count) {
        this(index, count, false);
    }

    public Shard {
        if (count < 1 || index < 1 || index > count) {
            throw new IllegalArgumentException("A shard is written i/n with 1 <= i <= n, got " + index + "/" + count);
        }
    }

    /** Reads i/n. */
    public static Shard parse(String text) {
        if (!text.matches("[0-9]{1,6}/[0-9]{1,6}")) {
            throw new IllegalArgumentException("A shard is written i/n, such as 1/4, got " + text);
        }
        String[] parts = text.split("/");
        return new Shard(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    /** Its trials, in plan order. A trial stays in its shard while choices add to the plan. */
    public List<Trial> trials(Plan plan) {
        Map<Root, Integer> numbers = new HashMap<>();
        for (Trial trial : Plan.outline(plan.study()).trials()) {
            if (trial.parent().isEmpty()) {
                numbers.putIfAbsent(Root.of(trial), numbers.size());
            }
        }
        Map<TrialId, Integer> component = new HashMap<>();
        List<Trial> mine = new ArrayList<>();
        for (Trial trial : plan.trials()) {
            int number = trial.parent().map(component::get).orElseGet(() -> numbers.get(Root.of(trial)));
            component.put(trial.id(), number);
            if (number % count == index - 1) {
                mine.add(trial);
            }
        }
        return mine;
    }

    /** Where a component of the plan begins, whatever configuration of its method is chosen. */
    private record Root(Purpose purpose, String method, List<CompressionRatio> ratios, Seed seed) {
        static Root of(Trial trial) {
            return new Root(trial.purpose(), trial.method(), trial.ratios(), trial.seed());
        }
    }

    /** The same part, shared. */
    public Shard shared() {
        return new Shard(index, count, true);
    }

    /** What its process runs: its trials, then, if it shares the work, all others. */
    public List<Trial> work(Plan plan) {
        Set<Trial> work = new LinkedHashSet<>(trials(plan));
        if (sharing) {
            work.addAll(plan.trials());
        }
        return List.copyOf(work);
    }

    /** Whether nobody else may work on the plan. */
    boolean isAlone() {
        return count == 1 && !sharing;
    }
}
