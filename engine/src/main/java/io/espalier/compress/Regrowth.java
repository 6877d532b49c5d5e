package io.espalier.compress;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Tensor;
import io.espalier.network.Network;
import io.espalier.network.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A mask moves: in every layer the smallest weights go, and as many pruned ones come back at zero, those where the loss is steepest
 * (RigL: Evci et al. 2020, Algorithm 1). What has just gone may come back, at zero as well. A layer of which nothing is pruned
 * stays as it is.
 */
public final class Regrowth {
    private Regrowth() {}

    /**
     * Moves the mask of the subject's network.
     *
     * @param subject whose network has a number for every connection, pruned or not
     * @param examples training examples whose mean loss is to fall, seen without dropout
     * @param share of a layer's weights that move, rounded down
     * @return for each layer 1 where a weight stayed, 0 elsewhere; empty, with nothing changed, if weights or gradient are no
     *     longer numbers
     */
    public static Optional<List<byte[]>> move(Saliency.Subject subject, int[] examples, double share) {
        Backend backend = subject.backend();
        Network network = subject.network();
        WeightMeans slopes = WeightMeans.ofGradient(subject, examples).with(subject, (w, g) -> Math.abs(g));
        WeightMeans sizes = slopes.with(subject, (w, g) -> Math.abs(w));
        if (!slopes.areFinite() || !sizes.areFinite()) {
            return Optional.empty();
        }
        List<byte[]> stayed = new ArrayList<>();
        List<Tensor> bySize = zeros(subject);
        List<Tensor> bySlope = zeros(subject);
        try {
            sizes.writeTo(subject, bySize);
            slopes.writeTo(subject, bySlope);
            for (int i = 0; i < bySize.size(); i++) {
                stayed.add(move(backend, network.prunable().get(i), bySize.get(i), bySlope.get(i), share));
            }
        } finally {
            bySize.forEach(Tensor::close);
            bySlope.forEach(Tensor::close);
        }
        return Optional.of(stayed);
    }

    private static byte[] move(Backend backend, Parameter weight, Tensor bySize, Tensor bySlope, double share) {
        Tensor mask = weight.mask();
        int alive = count(backend.bytes(mask, 0));
        int moving = alive == mask.shape().perMember() ? 0 : (int) (share * alive);
        backend.pruneLowest(List.of(bySize), List.of(mask), new int[] {alive - moving});
        backend.applyMask(weight.value(), mask);
        byte[] stayed = backend.bytes(mask, 0);

        byte[] others = stayed.clone();
        for (int i = 0; i < others.length; i++) {
            others[i] ^= 1;
        }
        backend.write(mask, 0, others);
        backend.pruneLowest(List.of(bySlope), List.of(mask), new int[] {moving});
        byte[] now = backend.bytes(mask, 0);
        for (int i = 0; i < now.length; i++) {
            now[i] |= stayed[i];
        }
        backend.write(mask, 0, now);
        return stayed;
    }

    private static List<Tensor> zeros(Saliency.Subject subject) {
        List<Tensor> zeros = new ArrayList<>();
        for (Parameter weight : subject.network().prunable()) {
            zeros.add(subject.backend().zeros(ElementType.REAL, weight.value().shape()));
        }
        return zeros;
    }

    private static int count(byte[] mask) {
        int alive = 0;
        for (byte value : mask) {
            alive += value;
        }
        return alive;
    }
}
