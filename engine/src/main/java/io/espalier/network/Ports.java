package io.espalier.network;

import io.espalier.backend.Tensor;
import java.util.List;

/**
 * Where a layer reads and writes in a pass.
 *
 * @param x what it reads, each (R, features, B)
 * @param y out: what it makes of them, (R, features, B)
 * @param dy gradient of y; overwritten. Null in a pass that only goes forward
 * @param dx out: gradients of x, each null where nobody needs it
 */
record Ports(List<Tensor> x, Tensor y, Tensor dy, List<Tensor> dx) {}
