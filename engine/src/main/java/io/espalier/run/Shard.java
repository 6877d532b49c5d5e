package io.espalier.run;

import io.espalier.study.Plan;
import io.espalier.study.Trial;
import io.espalier.study.TrialId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A part of a plan for one of several processes. A trial is in the shard of the trial that it descends from, so that no shard
 * waits for another.
 *
 * @param index from 1
 * @param count how many shards there are
 */
public record Shard(int index, int count) {
    /** The whole plan. */
    public static final Shard WHOLE = new Shard(1, 1);

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

    /** Its trials, in plan order. */
    public List<Trial> trials(Plan plan) {
        Map<TrialId, Integer> component = new HashMap<>();
        List<Trial> mine = new ArrayList<>();
        int components = 0;
        for (Trial trial : plan.trials()) {
            int number =
                    trial.parent().isPresent() ? component.get(trial.parent().get()) : components++;
            component.put(trial.id(), number);
            if (number % count == index - 1) {
                mine.add(trial);
            }
        }
        return mine;
    }

    boolean isWhole() {
        return count == 1;
    }
}
