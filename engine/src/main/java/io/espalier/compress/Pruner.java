package io.espalier.compress;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Tensor;
import io.espalier.network.Network;
import io.espalier.network.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Saliency and scope together: brings a member down to an exact number of weights. */
public final class Pruner {
    private Pruner() {}

    /**
     * Prunes one member; the others keep their masks.
     *
     * @param keep weights alive afterwards, at most those alive now
     */
    public static void prune(Saliency.Subject subject, SaliencyKind saliency, Scope scope, int member, int keep) {
        Backend backend = subject.backend();
        Network network = subject.network();
        List<Tensor> scores = new ArrayList<>();
        try {
            List<Tensor> masks = new ArrayList<>();
            for (Parameter weight : network.prunable()) {
                scores.add(backend.zeros(ElementType.REAL, weight.value().shape()));
                masks.add(weight.mask());
            }
            saliency.create().score(subject, scores);
            if (scope == Scope.GLOBAL) {
                backend.pruneLowest(scores, masks, only(network.members(), member, keep));
            } else {
                int[] sizes = masks.stream()
                        .mapToInt(mask -> mask.shape().perMember())
                        .toArray();
                int[] alive = masks.stream()
                        .mapToInt(mask -> count(backend.bytes(mask, member)))
                        .toArray();
                int[] shares = Scope.share(keep, sizes, alive);
                for (int i = 0; i < sizes.length; i++) {
                    backend.pruneLowest(
                            List.of(scores.get(i)), List.of(masks.get(i)), only(network.members(), member, shares[i]));
                }
            }
        } finally {
            scores.forEach(Tensor::close);
        }
        network.masksChanged();
    }

    private static int count(byte[] mask) {
        int alive = 0;
        for (byte value : mask) {
            alive += value;
        }
        return alive;
    }

    private static int[] only(int members, int member, int keep) {
        int[] counts = new int[members];
        Arrays.fill(counts, -1);
        counts[member] = keep;
        return counts;
    }
}
