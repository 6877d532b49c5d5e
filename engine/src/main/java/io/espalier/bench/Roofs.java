package io.espalier.bench;

/**
 * How fast the device can be at all, measured in the same run: no data sheet's numbers. They are denominators, not results.
 *
 * @param fp32 flop/s of the largest product in float32, by the best library there is
 * @param tf32 the same in TF32; NaN where there is none
 * @param memory bytes/s of a kernel that reads and writes far more than a cache holds
 * @param cache bytes/s of the same kernel on a quarter of the cache, again and again
 */
public record Roofs(double fp32, double tf32, double memory, double cache) {
    /** The share of the roof that was reached: the time that the work takes at least, over the time it took. */
    double share(Work work, Precision precision, Mode mode, double seconds) {
        double flops = work.flops() / (precision == Precision.TF32 ? tf32 : fp32);
        double bytes = work.bytes() / (mode == Mode.COLD ? memory : cache);
        return Math.max(flops, bytes) / seconds;
    }
}
