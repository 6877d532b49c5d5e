package io.espalier.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.bench.StoppingRule.Reason;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

class StoppingRuleTest {
    private static final StoppingRule RULE = new StoppingRule(10, 0.5, 0.005, 15);

    /** What the rule says of a series, and after how many samples, each of which costs so much time. */
    private record Outcome(Reason reason, int samples) {}

    private static Outcome run(StoppingRule rule, DoubleSupplier times, double cost) {
        Samples samples = new Samples();
        StoppingRule.Watch watch = rule.watch();
        for (int i = 1; i <= 100_000; i++) {
            samples.add(times.getAsDouble());
            watch.noticed(samples.noise());
            Optional<Reason> reason = watch.verdict(samples, i * cost);
            if (reason.isPresent()) {
                return new Outcome(reason.get(), i);
            }
        }
        throw new AssertionError("the rule never stops");
    }

    /** Times around 1 ms that scatter by this share, uniformly. */
    private static DoubleSupplier scattered(double share) {
        PhiloxSequence random = new PhiloxSequence(new Seed(5), 1);
        return () -> 1e-3 * (1 + share * (2 * random.nextDouble() - 1));
    }

    @Test
    void whatIsQuietStopsAsSoonAsItMay() {
        assertEquals(new Outcome(Reason.QUIET, 10), run(RULE, () -> 1e-3, 1));
        assertEquals(new Outcome(Reason.QUIET, 500), run(RULE, () -> 1e-3, 1e-3));
        assertEquals(new Outcome(Reason.QUIET, 10), run(RULE, scattered(0.003), 0.1));
    }

    /** Deviation of a uniform scatter of 10 % is 5.8 %, far above what is quiet: it settles, and then more samples say no more. */
    @Test
    void whatStaysNoisyStopsWhenTheNoiseNoLongerChanges() {
        Outcome outcome = run(RULE, scattered(0.1), 1e-2);
        assertEquals(Reason.STABLE, outcome.reason());
        assertTrue(outcome.samples() >= 64 && outcome.samples() < 1500, outcome.toString());
    }

    /** Every sample is slower than those before. */
    @Test
    void whatNeverSettlesEndsByTheClock() {
        double[] time = {1};
        Outcome outcome = run(RULE, () -> time[0] *= 1.1, 0.1);
        assertEquals(new Outcome(Reason.TIMEOUT, 150), outcome);
    }

    @Test
    void evenALateSampleIsASample() {
        assertEquals(new Outcome(Reason.TIMEOUT, 1), run(RULE, () -> 20, 20));
    }

    @Test
    void aBudgetShortensTheRule() {
        assertEquals(new StoppingRule(10, 0.1, 0.005, 0.2), RULE.within(0.2));
        assertEquals(RULE, RULE.within(100));
    }

    @Test
    void rulesThatCannotEndAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new StoppingRule(0, 0, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new StoppingRule(1, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new StoppingRule(1, Double.NaN, 0, 1));
    }
}
