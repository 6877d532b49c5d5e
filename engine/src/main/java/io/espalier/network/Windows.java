package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.backend.Tensor;
import io.espalier.backend.Window;

/**
 * What the windows of images see. The copies are made when a product wants them, and again for the way back, so that a deep network needs no
 * more memory than its largest layer for them.
 *
 * @param images (R, C H W, B)
 * @param imageGradient of the same shape; null where nobody wants it
 * @param patches memory for the copies, (R, C k k, Ho Wo B)
 * @param patchGradient of the same shape; null where nobody wants it
 */
public record Windows(
        Backend backend, Tensor images, Tensor imageGradient, Window window, Tensor patches, Tensor patchGradient)
        implements Operand {
    @Override
    public void look() {
        backend.images().patches(images, window, patches);
    }

    /** Adds up {@link #patchGradient}. */
    void fold() {
        backend.images().foldPatches(patchGradient, window, imageGradient);
    }

    @Override
    public Tensor x() {
        return patches;
    }

    @Override
    public Tensor dx() {
        return patchGradient;
    }

    @Override
    public void forward(WeightStore weights, Tensor z) {
        weights.forward(this, z);
    }

    @Override
    public void inputGradient(WeightStore weights, Tensor dz) {
        weights.inputGradient(dz, this);
    }

    @Override
    public void weightGradient(WeightStore weights, Tensor dz) {
        weights.weightGradient(dz, this);
    }
}
