package io.espalier.backend;

/**
 * What a step of stochastic gradient descent needs to know of each member; all (R, 1, 1) REAL.
 *
 * @param learningRate lr
 * @param momentum m
 * @param l1 strength of the penalty l1 ||w||_1
 * @param l2 strength of the penalty l2/2 ||w||^2
 */
public record SgdRates(Tensor learningRate, Tensor momentum, Tensor l1, Tensor l2) {}
