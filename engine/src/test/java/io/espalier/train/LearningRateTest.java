package io.espalier.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class LearningRateTest {
    @Test
    void schedulesByHand() {
        LearningRate step = new LearningRate.Step(1, 0.1, 2);
        assertEquals(1, step.at(19, 10, 100));
        assertEquals(0.1, step.at(20, 10, 100), 1e-15);
        assertEquals(0.01, step.at(45, 10, 100), 1e-15);
        LearningRate cosine = new LearningRate.Cosine(2);
        assertEquals(2, cosine.at(0, 10, 100));
        assertEquals(1, cosine.at(50, 10, 100), 1e-12);
        assertEquals(0, cosine.at(100, 10, 100), 1e-12);
        LearningRate root = new LearningRate.InverseSqrtEpoch(6);
        assertEquals(6, root.at(9, 10, 100));
        assertEquals(3, root.at(30, 10, 100), 1e-12);
        assertEquals(0.1 / 1.5, new LearningRate.InverseTime(0.1, 1e-3).at(500, 10, 100), 1e-12);
        assertEquals(0.3, new LearningRate.Constant(0.3).at(77, 10, 100));
    }

    @Test
    void ratesMustBePositive() {
        assertThrows(IllegalArgumentException.class, () -> new LearningRate.Constant(0));
        assertThrows(IllegalArgumentException.class, () -> new LearningRate.Cosine(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new LearningRate.Step(1, 0, 1));
    }

    @Test
    void lengthsReadWhatTheyWrite() {
        for (String text : new String[] {"0ep", "40ep", "2000it"}) {
            assertEquals(text, Length.parse(text).toString());
        }
        assertEquals(400, Length.parse("40ep").steps(10));
        assertEquals(2000, Length.parse("2000it").steps(10));
        for (String bad : new String[] {"", "40", "ep", "-1ep", "1.5ep", "40 ep"}) {
            assertThrows(IllegalArgumentException.class, () -> Length.parse(bad), bad);
        }
    }
}
