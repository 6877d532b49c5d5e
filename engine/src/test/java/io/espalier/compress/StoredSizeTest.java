package io.espalier.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.espalier.network.Parameters;
import io.espalier.network.Parameters.LayerParameters;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoredSizeTest {
    @Test
    void everyEncodingByHand() {
        byte[] mask = new byte[20];
        mask[3] = 1;
        mask[19] = 1;
        LayerParameters layer = new LayerParameters(4, 5, new float[20], mask, new float[4]);
        StoredSize size = StoredSize.of(new Parameters(List.of(layer)));
        assertEquals(20 * 4 + 16, size.dense());
        assertEquals(2 * 4 + 3 + 16, size.bitmask());
        assertEquals(2 * (4 + 2) + 5 * 4 + 16, size.csr());
        assertEquals(27, size.bytes());
    }
}
