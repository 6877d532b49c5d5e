package io.espalier.network;

import io.espalier.backend.Tensor;

/**
 * Stored numbers that training changes.
 *
 * @param value (R, rows, columns)
 * @param gradient of value's shape
 * @param mask U8 of value's shape, or null where nothing may be pruned
 * @param penalised whether L1 and L2 apply: weights yes, biases no
 */
public record Parameter(Tensor value, Tensor gradient, Tensor mask, boolean penalised) {}
