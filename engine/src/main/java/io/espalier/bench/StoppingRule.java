package io.espalier.bench;

import java.util.Optional;

/**
 * When there are samples enough, as nvbench decides by default ({@code stdrel}): so many of them over so much time, and then
 * either little noise or a noise that no longer changes. Time is what sampling takes, the flushing of caches included: a launch
 * of 3 us would need 160,000 samples to fill half a second by itself.
 *
 * @param minSamples at least
 * @param minSeconds of sampling, at least
 * @param maxNoise the standard deviation over the mean that is little
 * @param timeout seconds of sampling after which whatever there is must do
 */
public record StoppingRule(int minSamples, double minSeconds, double maxNoise, double timeout) {
    /** The defaults of nvbench. */
    public static final StoppingRule NVBENCH = new StoppingRule(10, 0.5, 0.005, 15);

    private static final int WINDOW = 512;
    private static final int MIN_WINDOW = 64;
    private static final double STABLE = 0.05;

    public StoppingRule {
        if (minSamples < 1 || !(minSeconds >= 0) || !(maxNoise >= 0) || !(timeout > 0)) {
            throw new IllegalArgumentException("A stopping rule needs at least one sample and a positive timeout");
        }
    }

    /** Why sampling ended. */
    public enum Reason {
        /** The noise is below what was asked for. */
        QUIET,
        /** The noise does not get smaller any more. */
        STABLE,
        /** Time was up before that. */
        TIMEOUT
    }

    /** The same, but in at most so many seconds, half of them required. */
    public StoppingRule within(double seconds) {
        return new StoppingRule(minSamples, Math.min(minSeconds, seconds / 2), maxNoise, Math.min(timeout, seconds));
    }

    /** The rule at work on one series of samples. */
    Watch watch() {
        return new Watch();
    }

    final class Watch {
        private final double[] noises = new double[WINDOW];
        private int seen;

        /** To be told the noise after every sample. */
        void noticed(double noise) {
            noises[seen++ % WINDOW] = noise;
        }

        /**
         * Whether there is enough, and why.
         *
         * @param samples those of which the noise was told
         * @param spent seconds
         */
        Optional<Reason> verdict(Samples samples, double spent) {
            boolean required = samples.count() >= minSamples && spent >= minSeconds;
            if (required && samples.noise() <= maxNoise) {
                return Optional.of(Reason.QUIET);
            }
            if (required && isStable()) {
                return Optional.of(Reason.STABLE);
            }
            return samples.count() > 0 && spent >= timeout ? Optional.of(Reason.TIMEOUT) : Optional.empty();
        }

        private boolean isStable() {
            int length = Math.min(seen, WINDOW);
            if (length < MIN_WINDOW) {
                return false;
            }
            Samples window = new Samples();
            for (int i = 0; i < length; i++) {
                window.add(noises[i]);
            }
            return window.noise() < STABLE;
        }
    }
}
