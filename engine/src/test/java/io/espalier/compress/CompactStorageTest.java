package io.espalier.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.backend.WeightHash;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Storage;
import io.espalier.network.StoreSpec;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Buckets and ranks from ratios. */
class CompactStorageTest {
    private static final NetworkSpec THREE_LAYER = network(784, 1000, 10);
    private static final NetworkSpec FIVE_LAYER = network(784, 1000, 1000, 1000, 10);

    private static NetworkSpec network(Integer... sizes) {
        return new NetworkSpec(List.of(sizes), Activation.RELU, Activation.LINEAR, Loss.SOFTMAX, Initialization.HE);
    }

    private static List<Integer> buckets(Storage storage) {
        return storage.layers().stream()
                .map(layer -> ((StoreSpec.Hashed) layer).buckets())
                .toList();
    }

    private static List<Integer> ranks(Storage storage) {
        return storage.layers().stream()
                .map(layer -> ((StoreSpec.LowRank) layer).rank())
                .toList();
    }

    @Test
    void nativeBucketsByHand() {
        // 99,376 less 1,010 biases; 98,366 x 784 / 794 = 97,127.1 and 1,238.9.
        assertEquals(List.of(97_127, 1_239), buckets(HashedStorage.of(THREE_LAYER, new CompressionRatio(8))));
        // 12,422 less 1,010; 11,412 x 784 / 794 = 11,268.3 and 143.7.
        assertEquals(List.of(11_268, 144), buckets(HashedStorage.of(THREE_LAYER, new CompressionRatio(64))));
        assertEquals(List.of(2, 1), buckets(HashedStorage.of(THREE_LAYER, 3)), "at least one each");
        assertEquals(List.of(1, 1), buckets(HashedStorage.of(THREE_LAYER, 2)));
        assertThrows(IllegalArgumentException.class, () -> HashedStorage.of(THREE_LAYER, 1));
        assertThrows(IllegalArgumentException.class, () -> HashedStorage.of(network(3, 2), 7));
        assertThrows(
                IllegalArgumentException.class, () -> HashedStorage.of(THREE_LAYER, new CompressionRatio(795_010)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1.7, 2, 8, 16, 32, 64, 100})
    void nativeTotalsAreExact(double value) {
        CompressionRatio ratio = new CompressionRatio(value);
        for (NetworkSpec network : List.of(THREE_LAYER, FIVE_LAYER, network(784, 300, 100, 10))) {
            Storage storage = HashedStorage.of(network, ratio);
            assertEquals(ratio.parameters(network), storage.parameters(network));
            for (int l = 0; l < network.layers(); l++) {
                int weights = network.outputs(l) * network.inputs(l);
                double share = (double) ratio.weightsKept(network) / network.prunable();
                assertEquals(share * weights, buckets(storage).get(l), 1, "one factor for all layers");
            }
        }
    }

    @Test
    void publishedBucketsByHand() {
        Storage eighth = HashedStorage.asPublished(THREE_LAYER, new CompressionRatio(8), true);
        assertEquals(
                List.of(
                        new StoreSpec.Hashed(WeightHash.Mode.PAPER, 1691, 98_000, 125),
                        new StoreSpec.Hashed(WeightHash.Mode.PAPER, 1691, 1_250, 2)),
                eighth.layers());
        Storage last = HashedStorage.asPublished(THREE_LAYER, new CompressionRatio(64), false);
        assertEquals(List.of(12_250, 157), buckets(last));
        assertEquals(12_250 + 157 + 1_010, last.parameters(THREE_LAYER));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1.2, 8, 16, 32, 64})
    void ranksFillWhatTheRatioLeaves(double value) {
        CompressionRatio ratio = new CompressionRatio(value);
        for (NetworkSpec network : List.of(THREE_LAYER, FIVE_LAYER)) {
            Storage storage = LowRankStorage.of(network, ratio);
            int stored = storage.parameters(network);
            assertTrue(stored <= ratio.parameters(network), "never below the ratio");
            assertTrue(stored > ratio.parameters(network) - network.outputs(), "nothing more fits");
            assertEquals(3, ((StoreSpec.LowRank) storage.seeded(new Seed(3)).layer(1)).seed());
        }
    }

    @Test
    void ranksByHand() {
        // 11,412 of 794,000: shares 11.27 and 14.37; 11 x 1000 and 14 x 10 leave 272, 27 more ranks of the last layer.
        assertEquals(List.of(11, 41), ranks(LowRankStorage.of(THREE_LAYER, new CompressionRatio(64))));
        assertEquals(List.of(3, 2), ranks(LowRankStorage.of(network(3, 2, 1), new CompressionRatio(1))));
        assertThrows(IllegalArgumentException.class, () -> LowRankStorage.of(THREE_LAYER, new CompressionRatio(500)));
    }

    @Test
    void initialVirtualWeightsHaveTheVarianceOfTheInitialisation() {
        for (Initialization initialization : Initialization.values()) {
            NetworkSpec network = new NetworkSpec(
                    List.of(400, 300), Activation.RELU, Activation.LINEAR, Loss.SOFTMAX, initialization);
            double dense = variance(weight(network, Storage.DENSE));
            double hashed = variance(weight(network, HashedStorage.of(network, new CompressionRatio(8))));
            assertEquals(dense, hashed, 0.06 * dense, "buckets, " + initialization);
            // A product's weight sums `rank` products with the fixed factor, whose variance is 1 / inputs.
            Storage product = LowRankStorage.of(network, new CompressionRatio(8));
            double learned = variance(weight(network, product)) * ranks(product).get(0) / 400;
            assertEquals(dense, learned, 0.06 * dense, "learned factor, " + initialization);
        }
    }

    private static float[] weight(NetworkSpec network, Storage storage) {
        return Parameters.initial(network, storage, new Seed(1), Stream.INITIAL_WEIGHTS, 0)
                .layers()
                .get(0)
                .weight();
    }

    private static double variance(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return sum / values.length;
    }

    @Test
    void storedBytes() {
        NetworkSpec network = network(6, 5, 4);
        Parameters hashed = Parameters.initial(
                network,
                new Storage(List.of(
                        new StoreSpec.Hashed(WeightHash.Mode.PAPER, 1691, 7, 2),
                        new StoreSpec.Hashed(WeightHash.Mode.NATIVE, 1691, 3, 0))),
                new Seed(1),
                Stream.INITIAL_WEIGHTS,
                0);
        assertEquals(4 * (7 + 2 + 3 + 4), StoredSize.of(hashed).bytes());
        assertEquals(10, hashed.aliveWeights());
        assertEquals(6, hashed.biases());
        Parameters product = Parameters.initial(
                network,
                new Storage(List.of(new StoreSpec.LowRank(2, 9), StoreSpec.DENSE)),
                new Seed(1),
                Stream.INITIAL_WEIGHTS,
                0);
        assertEquals(4 * (2 * 5 + 5) + 8 + 4 * (20 + 4), StoredSize.of(product).bytes());
    }
}
