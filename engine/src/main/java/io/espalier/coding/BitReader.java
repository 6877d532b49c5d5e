package io.espalier.coding;

/** Reads what {@link BitWriter} wrote. */
final class BitReader {
    private final byte[] bytes;
    private long at;

    BitReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws IllegalArgumentException if the bytes are used up */
    int bit() {
        if (at == (long) Byte.SIZE * bytes.length) {
            throw new IllegalArgumentException("a stream of bits ends too early");
        }
        int bit = bytes[(int) (at / Byte.SIZE)] >>> Byte.SIZE - 1 - (int) (at % Byte.SIZE) & 1;
        at++;
        return bit;
    }

    int bits(int count) {
        int number = 0;
        for (int i = 0; i < count; i++) {
            number = number << 1 | bit();
        }
        return number;
    }

    /** @throws IllegalArgumentException if more is left than the zeros that fill the last byte */
    void requireEnd() {
        boolean zeros = true;
        while (at % Byte.SIZE != 0) {
            zeros &= bit() == 0;
        }
        if (!zeros || at != (long) Byte.SIZE * bytes.length) {
            throw new IllegalArgumentException("a stream of bits has something after its end");
        }
    }
}
