package io.espalier.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** By the formula of Evci et al. 2020, by hand. */
class RegrowthScheduleTest {
    @Test
    void sharesFallAsACosineAndEnd() {
        RegrowthSchedule schedule = new RegrowthSchedule(Length.parse("10it"), 0.5, 0.4);
        assertEquals(0, schedule.share(0, 7, 200), "nothing has been learnt yet");
        assertEquals(0, schedule.share(15, 7, 200), "not due");
        assertEquals(0.4 * (1 + Math.cos(Math.PI / 10)) / 2, schedule.share(10, 7, 200), 1e-12);
        assertEquals(0.2, schedule.share(50, 7, 200), 1e-12);
        assertEquals(0.4 * (1 + Math.cos(0.9 * Math.PI)) / 2, schedule.share(90, 7, 200), 1e-12);
        assertEquals(0, schedule.share(100, 7, 200), "the masks stay from here");
        assertEquals(0, schedule.share(110, 7, 200));
        assertEquals(0.5, new RegrowthSchedule(Length.parse("2ep"), 1, 1).share(14, 7, 28), 1e-12, "epochs have steps");
    }

    @Test
    void thePapersIsThreeQuartersAndThreeTenths() {
        assertEquals(
                new RegrowthSchedule(Length.parse("100it"), 0.75, 0.3),
                RegrowthSchedule.published(Length.parse("100it")));
    }

    @Test
    void sharesAreAboveZeroAndAtMostOne() {
        Length every = Length.parse("1it");
        for (double bad : new double[] {0, -0.1, 1.01, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> new RegrowthSchedule(every, bad, 0.3));
            assertThrows(IllegalArgumentException.class, () -> new RegrowthSchedule(every, 0.75, bad));
        }
        assertThrows(IllegalArgumentException.class, () -> new RegrowthSchedule(Length.parse("0it"), 0.75, 0.3));
    }
}
