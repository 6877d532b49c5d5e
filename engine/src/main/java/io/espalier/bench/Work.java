package io.espalier.bench;

/**
 * What an op has to do at least, or what a way of doing it does: for all members together.
 *
 * @param flops additions and multiplications
 * @param bytes that have to be read and written once
 */
public record Work(double flops, double bytes) {}
