package io.espalier.study;

import io.espalier.random.Seed;
import io.espalier.random.Shuffle;
import io.espalier.random.Stream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Settings to choose between: every combination of some axes' values if the budget allows, else as many drawn from them, the
 * same ones every time.
 *
 * @param sizes how many values each axis has
 * @param budget configurations tried at most
 */
public record TuningGrid(List<Integer> sizes, int budget) {
    private static final Seed DRAWS = new Seed(0);

    public TuningGrid {
        sizes = List.copyOf(sizes);
        if (budget < 1) {
            throw new IllegalArgumentException("A tuning budget is at least 1, got " + budget);
        }
        if (combinations(sizes) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("There are more combinations of tuned values than can be numbered");
        }
    }

    private static long combinations(List<Integer> sizes) {
        return sizes.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> Math.min(a * b, 1L << 40));
    }

    /** For each configuration the number of each axis' value; the last axis runs fastest. */
    public List<List<Integer>> configurations() {
        int all = (int) combinations(sizes);
        int[] chosen = new int[Math.min(all, budget)];
        if (all <= budget) {
            Arrays.setAll(chosen, i -> i);
        } else {
            Shuffle shuffle = new Shuffle(Stream.TUNING, DRAWS.low(), DRAWS.high(), 0, all);
            Arrays.setAll(chosen, shuffle::at);
            Arrays.sort(chosen);
        }
        List<List<Integer>> configurations = new ArrayList<>();
        for (int index : chosen) {
            Integer[] values = new Integer[sizes.size()];
            int left = index;
            for (int axis = sizes.size() - 1; axis >= 0; axis--) {
                values[axis] = left % sizes.get(axis);
                left /= sizes.get(axis);
            }
            configurations.add(List.of(values));
        }
        return configurations;
    }
}
