package io.espalier.backend.reference;

import io.espalier.backend.HostTensors;
import io.espalier.backend.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Exact selection by sorting everything that is alive. */
final class RankedPruning {
    private RankedPruning() {}

    private record Candidate(int tensor, int index, float saliency) {}

    static void prune(List<Tensor> saliencies, List<Tensor> masks, int[] keep) {
        List<List<Candidate>> doomed = new ArrayList<>();
        for (int r = 0; r < keep.length; r++) {
            List<Candidate> alive = keep[r] < 0 ? List.of() : alive(saliencies, masks, r);
            if (keep[r] > alive.size()) {
                throw new IllegalArgumentException(
                        "pruneLowest: " + keep[r] + " to keep, but only " + alive.size() + " alive");
            }
            // The sort is stable, so that equal saliencies stay in (tensor, index) order.
            doomed.add(alive.stream()
                    .sorted(Comparator.comparing(Candidate::saliency))
                    .limit(alive.size() - Math.max(keep[r], 0))
                    .toList());
        }
        for (int r = 0; r < keep.length; r++) {
            for (Candidate candidate : doomed.get(r)) {
                HostTensors.bytes(masks.get(candidate.tensor), r)[candidate.index] = 0;
            }
        }
    }

    private static List<Candidate> alive(List<Tensor> saliencies, List<Tensor> masks, int member) {
        List<Candidate> alive = new ArrayList<>();
        for (int t = 0; t < masks.size(); t++) {
            double[] values = Doubles.values(saliencies.get(t), member);
            byte[] mask = HostTensors.bytes(masks.get(t), member);
            for (int i = 0; i < mask.length; i++) {
                if (mask[i] != 0) {
                    if (Double.isNaN(values[i])) {
                        throw new ArithmeticException("The saliency of weight " + i + " in tensor " + t + " is NaN");
                    }
                    alive.add(new Candidate(t, i, (float) values[i] + 0f));
                }
            }
        }
        return alive;
    }
}
