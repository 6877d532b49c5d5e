package io.espalier.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.espalier.random.Philox;
import org.junit.jupiter.api.Test;

class PhiloxLanesTest {
    @Test
    void theSameBitsAsOneByOne() {
        PhiloxLanes lanes = new PhiloxLanes();
        int[] block = new int[4];
        int[][] counters = {{0, 0, 0, 0, 0, 0}, {-1, -1, -1, -1, -1, -1}, {7, -9, 123, 77, 0x3000001, 4_000_000}};
        for (int[] c : counters) {
            lanes.blocks(c[0], c[1], c[2], c[3], c[4], c[5]);
            for (int lane = 0; lane < PhiloxLanes.WIDTH; lane++) {
                Philox.block(c[0], c[1], c[2], c[3], c[4], c[5] + lane, block);
                assertEquals(block[0] & 0xFFFFFFFFL | (long) block[1] << 32, lanes.low(lane));
                assertEquals(block[2] & 0xFFFFFFFFL | (long) block[3] << 32, lanes.high(lane));
            }
        }
    }
}
