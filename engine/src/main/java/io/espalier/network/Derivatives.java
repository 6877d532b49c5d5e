package io.espalier.network;

import io.espalier.backend.Tensor;

/**
 * Derivatives of the loss by the activations between two layers, (R, features, B) both.
 *
 * @param gradient null where nobody needs it
 * @param curvature the diagonal of the Hessian
 */
record Derivatives(Tensor gradient, Tensor curvature) {}
