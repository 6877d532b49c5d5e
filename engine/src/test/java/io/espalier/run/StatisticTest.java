package io.espalier.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StatisticTest {
    @Test
    void statisticsByHand() {
        ResultTable.Statistic three = ResultTable.Statistic.of(new double[] {1, 2, 6});
        assertEquals(3, three.mean());
        assertEquals(Math.sqrt(7), three.sd(), 1e-12);
        assertEquals(Math.sqrt(2), ResultTable.Statistic.of(new double[] {3, 5}).sd(), 1e-12);
    }

    @Test
    void tooFewSay() {
        assertEquals(5, ResultTable.Statistic.of(new double[] {5}).mean());
        assertTrue(Double.isNaN(ResultTable.Statistic.of(new double[] {5}).sd()));
        assertTrue(Double.isNaN(ResultTable.Statistic.of(new double[0]).mean()));
    }
}
