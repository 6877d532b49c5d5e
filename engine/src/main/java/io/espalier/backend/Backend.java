package io.espalier.backend;

import java.util.List;

/**
 * The ops of Espalier. An op is implemented by every backend or does not exist; {@code backend.reference} is the definition.
 *
 * <p>To add an op: (1) a method here, with its shapes; (2) its preconditions in {@link Preconditions}; (3) its definition in
 * {@code backend.reference}; (4) one file in {@code backend.cpu}; (5) a kernel, see {@code kernels/README.md}, and its call in
 * {@code backend.cuda}; (6) one row in {@code backend.contract.Contract}.
 *
 * <p>Every op works on all members of a cohort, member r only on the slices r of its operands, and gives member r the same
 * bits whatever the others are. Outputs do not overlap inputs unless an op says "in place". Activations are feature-major,
 * (R, features, B).
 */
public interface Backend extends AutoCloseable {
    /** The name by which {@code --backend} asks for it. */
    String name();

    /** u, the relative error of one rounding in this backend's working precision. */
    double unitRoundoff();

    @Override
    void close();

    // ---- memory -----------------------------------------------------------------------------------------------------

    /** Bytes that new tensors may take together; a device's is less than everything. */
    default long freeMemory() {
        return Long.MAX_VALUE;
    }

    /**
     * A new tensor of zeros.
     *
     * @throws OutOfDeviceMemoryException if there is no room for it
     */
    Tensor zeros(ElementType type, Shape shape);

    /** A read-only U8 tensor; it may share the array, which must not change while it lives. */
    Tensor constant(byte[] values, Shape shape);

    /** A read-only I32 tensor; it may share the array, which must not change while it lives. */
    Tensor constant(int[] values, Shape shape);

    /**
     * The same memory as (R, rows, columns) of other rows and columns, as many elements a member: (R, C H W, B) is (R, C, H W B).
     * What is written to one is in the other. Closing a view does nothing; it is of no use once its tensor is closed.
     */
    Tensor view(Tensor tensor, Shape shape);

    /** Overwrites one member's slice of a REAL tensor. */
    void write(Tensor to, int member, float[] values);

    /** Overwrites one member's slice of an I32 tensor. */
    void write(Tensor to, int member, int[] values);

    /** Overwrites one member's slice of a U8 tensor. */
    void write(Tensor to, int member, byte[] values);

    /** One member's slice of a REAL tensor, rounded to float32. */
    float[] floats(Tensor from, int member);

    /** One member's slice of a REAL tensor in full precision. */
    double[] doubles(Tensor from, int member);

    /** One member's slice of an I32 tensor. */
    int[] ints(Tensor from, int member);

    /** One member's slice of a U8 tensor. */
    byte[] bytes(Tensor from, int member);

    /** Sets every element of a REAL or I32 tensor to zero. */
    void clear(Tensor tensor);

    // ---- time -------------------------------------------------------------------------------------------------------

    /**
     * Ops that will be run many times on the same tensors. What they take from the host (sizes, numbers, which tensors) stays as it
     * is when they are first run; what is in the tensors may change. A device can then run all of them at one command.
     *
     * @param ops calls ops of this backend that allocate nothing and read nothing back
     */
    default Recording record(Runnable ops) {
        return new Recording() {
            @Override
            public void run() {
                ops.run();
            }

            @Override
            public void close() {}
        };
    }

    /**
     * Says that nothing will be asked of this backend until that is closed. One that shares a processor's cores with others lends them its own
     * meanwhile.
     */
    default Pause pause() {
        return () -> {};
    }

    /** While a backend has nothing to do. */
    @FunctionalInterface
    interface Pause extends AutoCloseable {
        @Override
        void close();
    }

    /** Waits until everything asked for is done; only those who measure time need it. */
    default void finish() {}

    /** A stopwatch on the time that the ops take: a device's own, where one is at work. */
    default Stopwatch stopwatch() {
        return Stopwatch.wall();
    }

    // ---- counting ---------------------------------------------------------------------------------------------------

    /** counter[r] += 1: (R, 1, 1) I32, in place. */
    void advance(Tensor counter);

    /**
     * out[r] = table[r, 0, counter[r] mod N].
     *
     * @param table (R, 1, N) REAL
     * @param counter (R, 1, 1) I32, not negative
     * @param out (R, 1, 1) REAL
     */
    void lookUp(Tensor table, Tensor counter, Tensor out);

    /** indices[r, b] = first + b: (R, 1, B) I32 out. */
    void range(int first, Tensor indices);

    // ---- data -------------------------------------------------------------------------------------------------------

    /**
     * Which examples a step trains on: position s B' + b of the shuffled order of epoch e, with spe = ceil(examples /
     * batchSize) steps an epoch, e = step div spe, s = step mod spe, B' = batchSize; see {@link io.espalier.random.Shuffle}.
     *
     * @param keys (R, 1, 2) I32 seeds
     * @param step (R, 1, 1) I32
     * @param indices (R, 1, B) I32 out; s B' + B <= examples
     */
    void batchIndices(Tensor keys, Tensor step, int examples, int batchSize, Tensor indices);

    /**
     * out[r, f, b] = data[indices[r, b], f] / 255.
     *
     * @param data (1, N, F) U8
     * @param indices (R, 1, B) I32, each 0 to N - 1
     * @param out (R, F, B) REAL
     */
    void gather(Tensor data, Tensor indices, Tensor out);

    /**
     * out[r, b] = labels[indices[r, b]].
     *
     * @param labels (1, 1, N) I32
     * @param indices (R, 1, B) I32
     * @param out (R, 1, B) I32
     */
    void gatherLabels(Tensor labels, Tensor indices, Tensor out);

    /**
     * out[r, f, b] = table[r, f, indices[r, b]].
     *
     * @param table (R, F, N) REAL
     * @param indices (R, 1, B) I32, each 0 to N - 1
     * @param out (R, F, B) REAL
     */
    void gatherColumns(Tensor table, Tensor indices, Tensor out);

    // ---- linear maps ------------------------------------------------------------------------------------------------

    /** z = w x: w (R, O, I), x (R, I, B), z (R, O, B). */
    void linear(Tensor w, Tensor x, Tensor z);

    /** dx = w' dz: w (R, O, I), dz (R, O, B), dx (R, I, B). */
    void linearInputGradient(Tensor w, Tensor dz, Tensor dx);

    /** dw = dz x': dz (R, O, B), x (R, I, B), dw (R, O, I). */
    void linearWeightGradient(Tensor dz, Tensor x, Tensor dw);

    /**
     * A convolution: {@link ImageOps#patches} and {@link #linear} of these. Backends may do both a few windows at a time.
     *
     * @param w (R, O, C k k)
     * @param x (R, C H W, B)
     * @param patches (R, C k k, Ho Wo B) for use meanwhile; what is in it afterwards is not said
     * @param z (R, O, Ho Wo B) out
     */
    default void convolution(Tensor w, Tensor x, Window window, Tensor patches, Tensor z) {
        images().patches(x, window, patches);
        linear(w, patches, z);
    }

    /** {@link #linearInputGradient} and {@link ImageOps#foldPatches}, in any order of the windows: shapes as of {@link #convolution}. */
    default void convolutionInputGradient(Tensor w, Tensor dz, Window window, Tensor patches, Tensor dx) {
        linearInputGradient(w, dz, patches);
        images().foldPatches(patches, window, dx);
    }

    /** {@link ImageOps#patches} and {@link #linearWeightGradient}: shapes as of {@link #convolution}. */
    default void convolutionWeightGradient(Tensor dz, Tensor x, Window window, Tensor patches, Tensor dw) {
        images().patches(x, window, patches);
        linearWeightGradient(dz, patches, dw);
    }

    /** db[r, o] = sum over b of dz[r, o, b]: dz (R, O, B), db (R, O, 1). */
    void biasGradient(Tensor dz, Tensor db);

    /**
     * z = w x with sparse w.
     *
     * @param values (R, 1, capacity) REAL, in the pattern's row order; w (R, O, I)
     * @param x (R, I, B)
     * @param z (R, O, B) out
     */
    void sparseLinear(SparsePattern pattern, Tensor values, Tensor x, Tensor z);

    /** dx = w' dz with sparse w: dz (R, O, B), dx (R, I, B) out. */
    void sparseInputGradient(SparsePattern pattern, Tensor values, Tensor dz, Tensor dx);

    /** dvalues[r, k] = sum over b of dz[r, row(k), b] x[r, column(k), b]; entries beyond a member's weights are zero. */
    void sparseWeightGradient(SparsePattern pattern, Tensor dz, Tensor x, Tensor dvalues);

    /** {@link ImageOps#patches} and {@link #sparseLinear}: values as of the latter, other shapes as of {@link #convolution}. */
    default void sparseConvolution(
            SparsePattern pattern, Tensor values, Tensor x, Window window, Tensor patches, Tensor z) {
        images().patches(x, window, patches);
        sparseLinear(pattern, values, patches, z);
    }

    /** {@link #sparseInputGradient} and {@link ImageOps#foldPatches}, in any order of the windows: shapes as of {@link #sparseConvolution}. */
    default void sparseConvolutionInputGradient(
            SparsePattern pattern, Tensor values, Tensor dz, Window window, Tensor patches, Tensor dx) {
        sparseInputGradient(pattern, values, dz, patches);
        images().foldPatches(patches, window, dx);
    }

    /**
     * Where the elements of virtual matrices find their numbers: index[r, i, j] = hash.entry(i, j, buckets[r]).
     *
     * @param buckets how many each member has, at least 1 and below 2^30
     * @param index (R, rows, columns) I32 out
     */
    void hashIndices(WeightHash hash, int[] buckets, Tensor index);

    /**
     * virtual[r, i, j] = s buckets[r, e div 2], with e the element's entry in the index and s = -1 where e is odd, else 1.
     *
     * @param buckets (R, 1, capacity) REAL
     * @param index (R, rows, columns) I32, each 0 to 2 capacity - 1
     * @param virtual (R, rows, columns) REAL out
     */
    void expandBuckets(Tensor buckets, Tensor index, Tensor virtual);

    /**
     * {@link #expandBuckets} and the product with what it makes: z = virtual x. Backends may do both a few rows at a time.
     *
     * @param buckets (R, 1, capacity) REAL
     * @param index (R, O, I) I32, each 0 to 2 capacity - 1
     * @param x (R, I, B) REAL
     * @param virtual (R, O, I) REAL out
     * @param z (R, O, B) REAL out
     */
    default void hashedLinear(Tensor buckets, Tensor index, Tensor x, Tensor virtual, Tensor z) {
        expandBuckets(buckets, index, virtual);
        linear(virtual, x, z);
    }

    /**
     * The gradient of {@link #expandBuckets}: bucketGradient[r, k] = the signed sum of the gradients of the elements that take
     * their number from bucket k, 0 where there are none.
     *
     * @param gradient (R, rows, columns) REAL
     * @param index (R, rows, columns) I32, each 0 to 2 capacity - 1
     * @param bucketGradient (R, 1, capacity) REAL out
     */
    void reduceToBuckets(Tensor gradient, Tensor index, Tensor bucketGradient);

    /**
     * z = v' (u x), through k = ranks[r] hidden units, the first of the rows: what lies beyond is not looked at.
     *
     * @param ranks of each member, 1 to K
     * @param fixed u (R, K, I)
     * @param learned v (R, K, O)
     * @param x (R, I, B)
     * @param hidden u x, (R, K, B) out
     * @param z (R, O, B) out
     */
    void lowRankLinear(int[] ranks, Tensor fixed, Tensor learned, Tensor x, Tensor hidden, Tensor z);

    /** dhidden = v dz, dx = u' dhidden: shapes as in {@link #lowRankLinear}; dhidden and dx are outputs. */
    void lowRankInputGradient(int[] ranks, Tensor fixed, Tensor learned, Tensor dz, Tensor dhidden, Tensor dx);

    /** dlearned = hidden dz', hidden as {@link #lowRankLinear} left it; rows beyond a member's rank are zero. */
    void lowRankWeightGradient(int[] ranks, Tensor dz, Tensor hidden, Tensor dlearned);

    /**
     * Whether a layer trains faster as a sparse one: a fixed rule of shape and density, informed by measurement but never timed
     * at run time, so that it is the same for everybody.
     */
    boolean prefersSparse(int outputs, int inputs, double density);

    // ---- activations ------------------------------------------------------------------------------------------------

    /** z = dropout(f(z + bias)), in place: z (R, O, B), bias (R, O, 1). */
    void activate(Tensor z, Tensor bias, Activation f, Dropout dropout);

    /**
     * da = da * scale * f'(z) where unit and column survive, else 0, in place; f' is computed from what {@link #activate} left
     * in a: a / scale = f(z).
     *
     * @param a (R, O, B) the output of {@link #activate} with the same f and dropout
     * @param da (R, O, B) in: gradient of a; out: gradient of z
     */
    void activationGradient(Tensor a, Activation f, Dropout dropout, Tensor da);

    /** x = dropout(x), in place: x (R, F, B). */
    void dropout(Tensor x, Dropout dropout);

    // ---- losses -----------------------------------------------------------------------------------------------------

    /**
     * Softmax cross-entropy: loss[r] += sum over b of -log p[label], dz = (p - onehot(label)) / B, p = softmax over outputs.
     *
     * @param z (R, O, B) logits
     * @param labels (R, 1, B) I32
     * @param dz (R, O, B) out
     * @param loss (R, 1, 1) REAL, added to
     */
    void softmaxCrossEntropy(Tensor z, Tensor labels, Tensor dz, Tensor loss);

    /**
     * Softmax cross-entropy with a teacher (Hinton, Vinyals and Dean 2015): with p = softmax(z), pT = softmax(z / T),
     * q = softmax(teacher / T) over outputs, loss[r] += sum over b of (1 - w) (-log p[label]) + w T^2 sum over o of q log(q / pT),
     * dz = ((1 - w) (p - onehot(label)) + w T (pT - q)) / B.
     *
     * @param z (R, O, B) logits
     * @param labels (R, 1, B) I32
     * @param teacher (R, O, B) its logits
     * @param temperature T (R, 1, 1) REAL, above 0
     * @param weight w (R, 1, 1) REAL, 0 to 1
     * @param dz (R, O, B) out
     * @param loss (R, 1, 1) REAL, added to
     */
    void distill(Tensor z, Tensor labels, Tensor teacher, Tensor temperature, Tensor weight, Tensor dz, Tensor loss);

    /**
     * Half the squared error against the one-hot label: loss[r] += sum over b, o of (a - y)^2 / 2, da = (a - y) / B.
     *
     * @param a (R, O, B) outputs
     * @param labels (R, 1, B) I32
     * @param da (R, O, B) out
     * @param loss (R, 1, 1) REAL, added to
     */
    void halfSquaredError(Tensor a, Tensor labels, Tensor da, Tensor loss);

    /**
     * errors[r] += the number of columns whose largest output is not the label's. Equal outputs: the lower class counts as
     * the answer. A column with a NaN is an error.
     *
     * @param a (R, O, B)
     * @param labels (R, 1, B) I32
     * @param errors (R, 1, 1) I32, added to
     */
    void countErrors(Tensor a, Tensor labels, Tensor errors);

    // ---- curvature --------------------------------------------------------------------------------------------------
    //
    // The diagonal recursion of LeCun, Denker and Solla (1990) carries, beside the gradient d, the curvature h: the
    // second
    // derivative of the loss by each number alone. The ops pair the two products that share an operand, so that a
    // device can
    // load it once and square it in registers. The gradient's half may be left out: all its operands are null then.

    /**
     * {dx, hx} = {w' dz, (w o w)' hz}, o being the element-wise product: w (R, O, I), dz and hz (R, O, B), dx and hx (R, I, B).
     *
     * @param dz null together with dx
     */
    void linearInputCurvature(Tensor w, Tensor dz, Tensor hz, Tensor dx, Tensor hx);

    /**
     * {dw, hw} = {dz x', hz (x o x)'}: dz and hz (R, O, B), x (R, I, B), dw and hw (R, O, I).
     *
     * @param dz null together with dw
     */
    void linearWeightCurvature(Tensor dz, Tensor hz, Tensor x, Tensor dw, Tensor hw);

    /**
     * {@link #linearInputCurvature} with sparse w.
     *
     * @param values (R, 1, capacity) REAL, in the pattern's row order
     * @param dz null together with dx
     */
    void sparseInputCurvature(SparsePattern pattern, Tensor values, Tensor dz, Tensor hz, Tensor dx, Tensor hx);

    /**
     * {@link #linearWeightCurvature} where there are weights: dvalues and hvalues (R, 1, capacity) out, zero beyond a member's
     * weights.
     *
     * @param dz null together with dvalues
     */
    void sparseWeightCurvature(SparsePattern pattern, Tensor dz, Tensor hz, Tensor x, Tensor dvalues, Tensor hvalues);

    /**
     * ha = f'(z)^2 ha + f''(z) da, then da = f'(z) da, in place; both derivatives are computed from a = f(z), what {@link
     * #activate} left without dropout. At the corner of relu, as everywhere, f'' is 0.
     *
     * @param a (R, O, B)
     * @param da (R, O, B) in: gradient of a; out: gradient of z; null leaves the term with f'' out (Levenberg-Marquardt)
     * @param ha (R, O, B) in: curvature of a; out: curvature of z
     */
    void activationCurvature(Tensor a, Activation f, Tensor da, Tensor ha);

    /**
     * h = p (1 - p) / B, p = softmax over outputs: the diagonal of the Hessian of the batch's mean softmax cross-entropy by
     * the logits, whatever the labels are.
     *
     * @param z (R, O, B) logits
     * @param h (R, O, B) out
     */
    void softmaxCrossEntropyCurvature(Tensor z, Tensor h);

    /** h = 1 / B: the Hessian of the batch's mean half squared error by the outputs, which is diagonal; h (R, O, B) out. */
    void halfSquaredErrorCurvature(Tensor h);

    /** out = scale x^2; both of one shape. */
    void square(Tensor x, double scale, Tensor out);

    // ---- images -----------------------------------------------------------------------------------------------------

    /** The ops of convolutional networks. */
    ImageOps images();

    // ---- optimiser --------------------------------------------------------------------------------------------------

    /** v = m v + g + l2 w + l1 sign(w), w = w - lr v, both in place; w, g, v of one shape. sign(0) = 0. */
    void sgd(Tensor w, Tensor g, Tensor v, SgdRates rates);

    /** {@link #sgd} where the mask is 1; w = v = 0 where it is 0. mask: U8, of w's shape. */
    void maskedSgd(Tensor w, Tensor g, Tensor v, Tensor mask, SgdRates rates);

    // ---- compression ------------------------------------------------------------------------------------------------

    /** x = 0 where the mask is 0, in place; mask: U8, of x's shape. */
    void applyMask(Tensor x, Tensor mask);

    /** out = |w|; both of one shape. */
    void magnitude(Tensor w, Tensor out);

    /**
     * out[r, i] = the 24 high bits of Philox word 0 for counter (positions[r, i], step[r], stream, 0), over 2^24.
     *
     * @param positions I32 of out's shape
     */
    void uniform(Tensor keys, Tensor step, int stream, Tensor positions, Tensor out);

    /**
     * Prunes the alive weights with the lowest saliency until exactly {@code keep[r]} are alive in all masks of member r
     * together. Equal saliencies: the lower (tensor, row-major index) goes first; -0 equals 0.
     *
     * @param saliencies REAL, compared as float32; what pruned entries hold is ignored
     * @param masks U8, in place, of the saliencies' shapes
     * @param keep one number a member; -1 leaves the member alone
     * @throws ArithmeticException if an alive entry's saliency is NaN; nothing is changed then
     */
    void pruneLowest(List<Tensor> saliencies, List<Tensor> masks, int[] keep);
}
