package io.espalier.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkSpecTest {
    private static NetworkSpec mlp(Integer... sizes) {
        return new NetworkSpec(List.of(sizes), Activation.RELU, Activation.LINEAR, Loss.SOFTMAX, Initialization.HE);
    }

    @Test
    void countsOfTheLiterature() {
        NetworkSpec lenet = NamedNetwork.LENET_300_100.spec();
        assertEquals(266_610, lenet.parameters());
        assertEquals(266_200, lenet.prunable());
        assertEquals(795_010, mlp(784, 1000, 10).parameters(), "HashedNets, 3 layers");
        assertEquals(2_797_010, mlp(784, 1000, 1000, 1000, 10).parameters(), "HashedNets, 5 layers");
    }

    @Test
    void narrowedIsTheLargestThatFits() {
        NetworkSpec lenet = NamedNetwork.LENET_300_100.spec();
        for (int ratio = 2; ratio <= 30; ratio++) {
            int allowed = 266_610 / ratio;
            NetworkSpec narrow = lenet.narrowedTo(allowed);
            assertTrue(narrow.parameters() <= allowed);
            assertTrue(narrow.sizes().get(1) >= 10 && narrow.sizes().get(2) >= 10);
            // The smallest larger scale rounds one of the widths up.
            double next = Math.min(
                            (narrow.sizes().get(1) + 0.5) / 300, (narrow.sizes().get(2) + 0.5) / 100)
                    + 1e-9;
            NetworkSpec wider = mlp(
                    784, Math.max(10, (int) Math.round(next * 300)), Math.max(10, (int) Math.round(next * 100)), 10);
            assertTrue(wider.parameters() > allowed, ratio + ": " + narrow + " but " + wider + " fits");
        }
        assertEquals(lenet, lenet.narrowedTo(266_610));
        assertThrows(IllegalArgumentException.class, () -> lenet.narrowedTo(1000));
    }

    @Test
    void impossibleNetworksAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> mlp(784));
        assertThrows(IllegalArgumentException.class, () -> mlp(784, 0, 10));
        assertThrows(IllegalArgumentException.class, () -> mlp(1_000_000, 1_000_000, 10));
    }
}
