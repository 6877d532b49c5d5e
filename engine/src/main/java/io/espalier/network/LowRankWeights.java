package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Weights that are the product of a fixed random factor and a learned one; see {@link StoreSpec.LowRank}. */
public final class LowRankWeights implements WeightStore {
    private final Backend backend;
    private final int[] ranks;
    private final Tensor fixed;
    private final Parameter learned;
    private final Map<Integer, Few> fewByBatch = new HashMap<>();

    /** What lies between the factors in a pass: values and gradients of the few hidden units, (R, rank, B). */
    private record Few(Tensor values, Tensor gradients) {}

    /** @param stores one a member */
    LowRankWeights(Backend backend, int layer, List<StoreSpec.LowRank> stores, int outputs, int inputs) {
        this.backend = backend;
        this.ranks = stores.stream().mapToInt(StoreSpec.LowRank::rank).toArray();
        int members = ranks.length;
        int capacity = Arrays.stream(ranks).max().orElseThrow();
        this.fixed = backend.zeros(ElementType.REAL, new Shape(members, capacity, inputs));
        for (int r = 0; r < members; r++) {
            float[] padded = Arrays.copyOf(
                    fixedFactor(stores.get(r), layer, inputs), fixed.shape().perMember());
            backend.write(fixed, r, padded);
        }
        Shape shape = new Shape(members, capacity, outputs);
        this.learned = Parameter.leading(
                backend.zeros(ElementType.REAL, shape),
                backend.zeros(ElementType.REAL, shape),
                Arrays.stream(ranks).map(rank -> rank * outputs).toArray(),
                true);
    }

    /** u (rank, inputs) of a layer, row-major; a higher rank has the same first rows. */
    public static float[] fixedFactor(StoreSpec.LowRank store, int layer, int inputs) {
        PhiloxSequence random = new PhiloxSequence(new Seed(store.seed()), Stream.FIXED_FACTOR.at(layer));
        double deviation = 1 / StrictMath.sqrt(inputs);
        float[] factor = new float[store.rank() * inputs];
        for (int i = 0; i < factor.length; i++) {
            factor[i] = (float) (random.nextGaussian() * deviation);
        }
        return factor;
    }

    @Override
    public void forward(Tensor x, Tensor z) {
        backend.lowRankLinear(ranks, fixed, learned.value(), x, few(x).values(), z);
    }

    @Override
    public void inputGradient(Tensor dz, Tensor dx) {
        backend.lowRankInputGradient(ranks, fixed, learned.value(), dz, few(dz).gradients(), dx);
    }

    /** What the hidden units were is known from the forward pass over the same batch. */
    @Override
    public void weightGradient(Tensor dz, Tensor x) {
        backend.lowRankWeightGradient(ranks, dz, few(x).values(), learned.gradient());
    }

    private Few few(Tensor ofBatch) {
        int batch = ofBatch.shape().columns();
        Few few = fewByBatch.get(batch);
        if (few == null) {
            Shape shape = new Shape(ranks.length, fixed.shape().rows(), batch);
            few = new Few(backend.zeros(ElementType.REAL, shape), backend.zeros(ElementType.REAL, shape));
            fewByBatch.put(batch, few);
        }
        return few;
    }

    @Override
    public void inputCurvature(Derivatives above, Derivatives below) {
        throw new UnsupportedOperationException("Factors cannot be pruned, so they have no curvature pass");
    }

    @Override
    public void weightCurvature(Tensor hz, Tensor x, Tensor out) {
        throw new UnsupportedOperationException("Factors cannot be pruned, so they have no curvature pass");
    }

    @Override
    public Parameter parameter() {
        return learned;
    }

    @Override
    public void close() {
        fixed.close();
        learned.close();
        for (Few few : fewByBatch.values()) {
            few.values().close();
            few.gradients().close();
        }
    }
}
