package io.espalier.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShuffleTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 16, 17, 97, 255, 256, 257, 1000, 65_535, 65_536, 65_537})
    void everyElementOnce(int size) {
        Shuffle shuffle = new Shuffle(3, 7, 2, size);
        boolean[] seen = new boolean[size];
        for (int position = 0; position < size; position++) {
            int element = shuffle.at(position);
            assertFalse(seen[element], "twice: " + element);
            seen[element] = true;
        }
    }

    @Test
    void positionsAreChecked() {
        assertThrows(IndexOutOfBoundsException.class, () -> new Shuffle(0, 0, 0, 5).at(5));
        assertThrows(IllegalArgumentException.class, () -> new Shuffle(0, 0, 0, 0));
    }

    @Test
    void epochsAndSeedsDiffer() {
        int same = 0;
        for (int position = 0; position < 1000; position++) {
            int here = new Shuffle(1, 0, 0, 1000).at(position);
            same += here == new Shuffle(1, 0, 1, 1000).at(position) ? 1 : 0;
            same += here == new Shuffle(2, 0, 0, 1000).at(position) ? 1 : 0;
        }
        assertTrue(same < 15, "about 2 coincidences expected, got " + same);
    }

    /** Every element lands in every tenth of the order about equally often. */
    @Test
    void elementsLandEverywhere() {
        int size = 100;
        int[][] counts = new int[size][10];
        int epochs = 2000;
        for (int epoch = 0; epoch < epochs; epoch++) {
            Shuffle shuffle = new Shuffle(11, 13, epoch, size);
            for (int position = 0; position < size; position++) {
                counts[shuffle.at(position)][position / 10]++;
            }
        }
        double chiSquare = 0;
        double expected = epochs / 10.0;
        for (int[] element : counts) {
            for (int count : element) {
                chiSquare += (count - expected) * (count - expected) / expected;
            }
        }
        // 9 degrees of freedom for each of 100 elements: mean 900, standard deviation 42.
        assertEquals(900, chiSquare, 200);
    }
}
