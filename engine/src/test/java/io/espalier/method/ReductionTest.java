package io.espalier.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.network.NamedNetwork;
import io.espalier.network.NetworkSpec;
import org.junit.jupiter.api.Test;

/** Sizes of the networks that pruning is compared with. */
class ReductionTest {
    private static NetworkSpec named(String name) {
        return NamedNetwork.find(name).orElseThrow();
    }

    @Test
    void depthTakesBlocks() {
        NetworkSpec whole = named("wrn-40-2");
        assertEquals(named("wrn-28-2"), new Reduction.Depth().reduced(whole, 1_500_000));
        assertEquals(
                named("wrn-16-2"), new Reduction.Depth().reduced(whole, 1_079_641), "one parameter short of wrn-22-2");
        assertEquals(whole, new Reduction.Depth().reduced(whole, whole.parameters()));
        assertEquals(named("densenet-bc-94-12"), new Reduction.Depth().reduced(named("densenet-bc-100-12"), 769_161));
        IllegalArgumentException shallow =
                assertThrows(IllegalArgumentException.class, () -> new Reduction.Depth().reduced(whole, 100_000));
        assertTrue(shallow.getMessage().contains("wrn-10-2 has 303706"), shallow.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Reduction.Depth().reduced(named("lenet-5"), 100_000));
    }

    @Test
    void bottlenecksLeaveWhatBlocksShare() {
        NetworkSpec whole = named("wrn-16-1");
        NetworkSpec narrow = new Reduction.Bottleneck().reduced(whole, whole.parameters() / 2);
        assertTrue(narrow.parameters() <= whole.parameters() / 2);
        for (int l = 0; l < whole.layers(); l++) {
            if (whole.hasFreeUnits(l)) {
                assertTrue(narrow.outputs(l) < whole.outputs(l), "layer " + l);
            } else {
                assertEquals(whole.outputs(l), narrow.outputs(l), "layer " + l);
            }
        }
    }

    @Test
    void widthKeepsSumsTogether() {
        for (String name : new String[] {"wrn-16-1", "densenet-bc-22-12", "lenet-5", "small-cnn"}) {
            NetworkSpec whole = named(name);
            NetworkSpec narrow = new Reduction.Width().reduced(whole, whole.parameters() / 3);
            assertTrue(narrow.parameters() <= whole.parameters() / 3, name);
            assertTrue(narrow.parameters() > whole.parameters() / 4, name + ": " + narrow);
        }
    }

    @Test
    void anotherNetworkGoesDownToOneUnit() {
        NetworkSpec perceptron = named("lenet-300-100");
        NetworkSpec small = new Reduction.Other(named("small-cnn")).reduced(perceptron, 900);
        assertTrue(small.parameters() <= 900 && small.parameters() > 500, "" + small);
        assertEquals("small-cnn", small.architecture().topology().name());
    }
}
