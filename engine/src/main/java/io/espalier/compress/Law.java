package io.espalier.compress;

import java.util.Locale;

/** How many weights are alive after each of the cycles that lead from one visited ratio to the next. */
public enum Law {
    /** Each cycle keeps the same share of what is left. */
    GEOMETRIC {
        @Override
        double alive(double progress, double from, double to, double all) {
            return from * StrictMath.pow(to / from, progress);
        }
    },
    /** Each cycle removes the same number. */
    LINEAR {
        @Override
        double alive(double progress, double from, double to, double all) {
            return from + (to - from) * progress;
        }
    },
    /** f_k = r (k / n)^(1/16) of all weights removed after cycle k of n (Baktash et al. 2019, their code): one trajectory a ratio. */
    F_K {
        @Override
        double alive(double progress, double from, double to, double all) {
            return all - (all - to) * StrictMath.pow(progress, 1.0 / 16);
        }

        @Override
        public boolean dependsOnLastTarget() {
            return true;
        }
    };

    /** Its name in canonical texts. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    abstract double alive(double progress, double from, double to, double all);

    /** Whether ratios cannot share a trajectory, because all cuts depend on where it ends. */
    public boolean dependsOnLastTarget() {
        return false;
    }

    /**
     * Weights alive after each cycle; the last is {@code to} exactly.
     *
     * @param cycles how many, at least 1
     * @param from alive before the first
     * @param to alive after the last
     * @param all weights of the unpruned network
     */
    public int[] aliveAfter(int cycles, int from, int to, int all) {
        int[] alive = new int[cycles];
        for (int cycle = 0; cycle < cycles; cycle++) {
            double exact = alive((cycle + 1.0) / cycles, from, to, all);
            alive[cycle] = (int) Math.max(to, Math.min(from, Math.round(exact)));
        }
        alive[cycles - 1] = to;
        return alive;
    }
}
