package io.espalier.random;

/** Philox read in order, for code that draws an unknown number of values: initial weights, generated data. */
public final class PhiloxSequence {
    private final Seed seed;
    private final int stream;
    private final int[] words = new int[4];
    private long drawn;

    /** The sequence of one stream word, see {@link Stream#at}. */
    public PhiloxSequence(Seed seed, int stream) {
        this.seed = seed;
        this.stream = stream;
    }

    /** The next 32 bits. */
    public int nextInt() {
        int word = (int) (drawn & 3);
        if (word == 0) {
            long block = drawn >>> 2;
            Philox.block(seed.low(), seed.high(), (int) block, (int) (block >>> 32), stream, 0, words);
        }
        drawn++;
        return words[word];
    }

    /** Uniform on 0 .. bound - 1, without bias (Lemire 2019). */
    public int nextInt(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("Bound must be positive, is " + bound);
        }
        int threshold = Integer.remainderUnsigned(-bound, bound);
        while (true) {
            long product = (nextInt() & 0xFFFFFFFFL) * bound;
            if (Integer.compareUnsigned((int) product, threshold) >= 0) {
                return (int) (product >>> 32);
            }
        }
    }

    /** Uniform on [0, 1) with 53 bits. */
    public double nextDouble() {
        long high = nextInt() & 0xFFFFFFFFL;
        long low = nextInt() & 0xFFFFFFFFL;
        return ((high << 32 | low) >>> 11) * 0x1p-53;
    }

    /** Standard normal (Box and Muller, the cosine branch; StrictMath, so that every machine draws the same bits). */
    public double nextGaussian() {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
        return radius * StrictMath.cos(2 * StrictMath.PI * nextDouble());
    }
}
