package io.espalier.bench;

/**
 * What was measured of a candidate in one mode.
 *
 * @param summary seconds of one run
 * @param repeats runs in a sample
 * @param reason why sampling ended
 * @param throttled samples that were thrown away because the device ran slower than it can
 */
public record Timing(Summary summary, int repeats, StoppingRule.Reason reason, int throttled) {}
