package io.espalier.compress;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Tensor;
import io.espalier.network.Network;
import io.espalier.network.Parameter;
import java.util.ArrayList;
import java.util.List;

/** Saliency and scope together: brings a network down to an exact number of weights. */
public final class Pruner {
    private Pruner() {}

    /**
     * Prunes the subject's network.
     *
     * @param keep weights alive afterwards, at most those alive now
     */
    public static void prune(Saliency.Subject subject, Saliency saliency, Scope scope, int keep) {
        Backend backend = subject.backend();
        Network network = subject.network();
        if (network.prunable().size() < network.spec().layers()) {
            throw new IllegalArgumentException(
                    "Only dense layers can be pruned, network " + network.spec() + " has others");
        }
        List<Tensor> masks = network.prunable().stream().map(Parameter::mask).toList();
        List<Tensor> scores = new ArrayList<>();
        try {
            for (Tensor mask : masks) {
                scores.add(backend.zeros(ElementType.REAL, mask.shape()));
            }
            saliency.score(subject, scores);
            if (scope == Scope.GLOBAL) {
                backend.pruneLowest(scores, masks, new int[] {keep});
            } else {
                int[] alive = masks.stream()
                        .mapToInt(mask -> count(backend.bytes(mask, 0)))
                        .toArray();
                int[] kept = scope.kept(network.spec(), alive, keep);
                for (int i = 0; i < kept.length; i++) {
                    backend.pruneLowest(List.of(scores.get(i)), List.of(masks.get(i)), new int[] {kept[i]});
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
}
