package io.espalier.experiments.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.espalier.backend.Activation;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Parameters.LayerParameters;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveUnitsTest {
    private static LayerParameters layer(int outputs, int inputs, float[] bias, float... weights) {
        byte[] mask = new byte[weights.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) (weights[i] == 0 ? 0 : 1);
        }
        return new LayerParameters(outputs, inputs, weights, mask, bias);
    }

    private static LiveUnits live(List<Integer> sizes, LayerParameters... layers) {
        NetworkSpec spec = new NetworkSpec(sizes, Activation.RELU, Activation.LINEAR, Loss.SOFTMAX, Initialization.HE);
        return LiveUnits.of(spec, new Parameters(List.of(layers)));
    }

    /** Of four units nothing reaches the first, whose relu(0.5) the next biases take over, and nothing follows the last. */
    @Test
    void constantsMoveIntoBiasesAndTheUnheardGo() {
        LiveUnits live = live(
                List.of(2, 4, 2),
                layer(4, 2, new float[] {0.5f, -1, 0.25f, 7}, 0, 0, 1, 2, 0, 3, 4, 5),
                layer(2, 4, new float[] {10, 20}, 2, 1, 0, 0, -4, 0, 1, 0));
        assertArrayEquals(new int[] {1, 2}, live.units().get(1));
        assertArrayEquals(new float[] {11, 18}, live.biases().get(1));
        assertArrayEquals(new int[] {1, 2, 5, 6}, live.places(1, 4));
    }

    /** A unit whose only listener is unheard is unheard; one that only constants reach is constant. */
    @Test
    void whatDiesTakesOthersAlong() {
        LiveUnits live = live(
                List.of(1, 2, 2, 1),
                layer(2, 1, new float[] {1, -3}, 1, 0),
                layer(2, 2, new float[] {0, 2}, 1, 0, 0, 5),
                layer(1, 2, new float[] {4}, 0, 3));
        // Unit 1 says relu(-3) = 0, so that unit 1 of the next layer always says 2: the output is 4 + 3 * 2, whatever
        // comes in.
        assertArrayEquals(new float[] {10}, live.biases().get(2));
        assertEquals(1, live.units().get(1).length, "a layer keeps one unit");
        assertEquals(1, live.units().get(2).length, "a layer keeps one unit");
    }
}
