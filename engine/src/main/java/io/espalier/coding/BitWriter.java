package io.espalier.coding;

import java.io.ByteArrayOutputStream;

/** Bits one after the other, the most significant of a byte and of a number first; what is left of the last byte is zero. */
final class BitWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int pending;
    private int held;

    /** Appends the lowest bits of a number. */
    void write(long number, int bits) {
        for (int bit = bits - 1; bit >= 0; bit--) {
            pending = pending << 1 | (int) (number >>> bit & 1);
            held++;
            if (held == Byte.SIZE) {
                bytes.write(pending);
                pending = 0;
                held = 0;
            }
        }
    }

    /** All that was written; nothing may follow. */
    byte[] toBytes() {
        if (held > 0) {
            write(0, Byte.SIZE - held);
        }
        return bytes.toByteArray();
    }
}
