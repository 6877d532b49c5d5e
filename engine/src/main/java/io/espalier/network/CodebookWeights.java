package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Weights that share the entries of a codebook, each as it was assigned to one: buckets whose index was learned rather than hashed.
 * The gradient of an entry is the sum over its weights (Han et al. 2016, equation 3). Products are those of dense weights, or of
 * sparse ones where any is pruned; what they multiply with is made anew in every forward pass.
 */
public final class CodebookWeights implements WeightStore {
    private final Backend backend;
    private final Parameter codebook;
    private final Tensor index;
    private final WeightStore virtual;

    /**
     * The weights of R members.
     *
     * @param stores one a member
     * @param sparse whether pruned connections are left out of the products
     */
    CodebookWeights(Backend backend, List<StoreSpec.Codebook> stores, boolean sparse, int outputs, int inputs) {
        this.backend = backend;
        int members = stores.size();
        this.virtual = sparse
                ? new SparseWeights(
                        backend,
                        stores.stream().map(store -> store.assignment().alive()).toList(),
                        outputs,
                        inputs)
                : new DenseWeights(backend, new Shape(members, outputs, inputs));
        int[] counts = stores.stream().mapToInt(StoreSpec.Codebook::entries).toArray();
        int spare = Arrays.stream(counts).max().orElseThrow();
        Shape pool = new Shape(members, 1, spare + 1);
        this.codebook = Parameter.leading(
                backend.zeros(ElementType.REAL, pool), backend.zeros(ElementType.REAL, pool), counts, true);
        this.index = backend.zeros(ElementType.I32, virtual.parameter().value().shape());
        for (int r = 0; r < members; r++) {
            backend.write(
                    index,
                    r,
                    index(stores.get(r).assignment().entries(), index.shape().perMember(), spare));
        }
    }

    /** Places of the numbers, none negated; a member with fewer weights than the fullest fills up with a spare entry, always zero. */
    private static int[] index(int[] entries, int capacity, int spare) {
        int[] index = new int[capacity];
        Arrays.fill(index, 2 * spare);
        for (int i = 0; i < entries.length; i++) {
            index[i] = 2 * entries[i];
        }
        return index;
    }

    @Override
    public void forward(Tensor x, Tensor z) {
        backend.expandBuckets(codebook.value(), index, virtual.parameter().value());
        virtual.forward(x, z);
    }

    @Override
    public void inputGradient(Tensor dz, Tensor dx) {
        virtual.inputGradient(dz, dx);
    }

    @Override
    public void weightGradient(Tensor dz, Tensor x) {
        virtual.weightGradient(dz, x);
        backend.reduceToBuckets(virtual.parameter().gradient(), index, codebook.gradient());
    }

    @Override
    public void inputCurvature(Derivatives above, Derivatives below) {
        throw new UnsupportedOperationException(
                "Entries of a codebook cannot be pruned, so they have no curvature pass");
    }

    @Override
    public void weightCurvature(Tensor hz, Tensor x, Tensor out) {
        throw new UnsupportedOperationException(
                "Entries of a codebook cannot be pruned, so they have no curvature pass");
    }

    @Override
    public Parameter parameter() {
        return codebook;
    }

    @Override
    public void close() {
        codebook.close();
        index.close();
        virtual.close();
    }
}
