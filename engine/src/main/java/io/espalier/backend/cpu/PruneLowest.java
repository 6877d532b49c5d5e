package io.espalier.backend.cpu;

import io.espalier.backend.HostTensors;
import io.espalier.backend.Tensor;
import java.util.Arrays;
import java.util.List;

/** Exact selection: sorts a copy of the alive saliencies to find the cut, then walks the masks in order. */
final class PruneLowest {
    void apply(List<Tensor> saliencies, List<Tensor> masks, int[] keep) {
        float[][] alive = new float[keep.length][];
        for (int r = 0; r < keep.length; r++) {
            if (keep[r] >= 0) {
                alive[r] = aliveSaliencies(saliencies, masks, r);
                if (keep[r] > alive[r].length) {
                    throw new IllegalArgumentException(
                            "pruneLowest: " + keep[r] + " to keep, but only " + alive[r].length + " alive");
                }
            }
        }
        for (int r = 0; r < keep.length; r++) {
            if (keep[r] >= 0 && keep[r] < alive[r].length) {
                cut(saliencies, masks, r, alive[r], alive[r].length - keep[r]);
            }
        }
    }

    private static float[] aliveSaliencies(List<Tensor> saliencies, List<Tensor> masks, int member) {
        int total = masks.stream().mapToInt(mask -> mask.shape().perMember()).sum();
        float[] found = new float[total];
        int count = 0;
        for (int t = 0; t < masks.size(); t++) {
            float[] values = Reals.of(saliencies.get(t), member);
            byte[] mask = HostTensors.bytes(masks.get(t), member);
            for (int i = 0; i < mask.length; i++) {
                if (mask[i] != 0) {
                    if (Float.isNaN(values[i])) {
                        throw new ArithmeticException("The saliency of weight " + i + " in tensor " + t + " is NaN");
                    }
                    found[count++] = values[i] + 0f; // turns -0 into 0
                }
            }
        }
        return Arrays.copyOf(found, count);
    }

    private static void cut(List<Tensor> saliencies, List<Tensor> masks, int member, float[] alive, int remove) {
        Arrays.sort(alive);
        float threshold = alive[remove - 1];
        int below = 0;
        while (alive[below] < threshold) {
            below++;
        }
        int ties = remove - below;
        for (int t = 0; t < masks.size(); t++) {
            float[] values = Reals.of(saliencies.get(t), member);
            byte[] mask = HostTensors.bytes(masks.get(t), member);
            for (int i = 0; i < mask.length; i++) {
                if (mask[i] != 0 && (values[i] < threshold || values[i] == threshold && ties-- > 0)) {
                    mask[i] = 0;
                }
            }
        }
    }
}
