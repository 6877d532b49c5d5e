package io.espalier.backend.cuda;

import static io.espalier.backend.cuda.DeviceTensor.at;
import static io.espalier.backend.cuda.DeviceTensor.columns;
import static io.espalier.backend.cuda.DeviceTensor.members;
import static io.espalier.backend.cuda.DeviceTensor.rows;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.DeviceLostException;
import io.espalier.backend.DeviceUnavailableException;
import io.espalier.backend.Dropout;
import io.espalier.backend.ElementType;
import io.espalier.backend.ImageOps;
import io.espalier.backend.Preconditions;
import io.espalier.backend.Recording;
import io.espalier.backend.SgdRates;
import io.espalier.backend.Shape;
import io.espalier.backend.SparsePattern;
import io.espalier.backend.SparseRule;
import io.espalier.backend.Stopwatch;
import io.espalier.backend.Tensor;
import io.espalier.backend.WeightHash;
import io.espalier.kernels.CudaLibraries;
import io.espalier.kernels.CudaLibrary;
import io.espalier.kernels.Kernels;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Every op a kernel of ours, unless dense products are left to a library. Not thread-safe: one instance a worker, which owns its device. */
public final class CudaBackend implements Backend {
    /** The address of an operand that is left out. */
    private static final long NONE = 0;

    private final KernelDevice device;
    private final Transfers transfers;
    private final long stream;
    private final DenseProducts products;
    private final ImageOps images;
    private final Map<List<Integer>, Tensor> remembered = new HashMap<>();

    /** @param device closed with the backend */
    CudaBackend(KernelDevice device) {
        this(device, backend -> new KernelProducts(device));
    }

    /**
     * A backend that owns its device, also if it does not come to be.
     *
     * @param products makes what multiplies dense matrices, once there is memory and a stream; closed with the backend
     */
    CudaBackend(KernelDevice device, Function<CudaBackend, DenseProducts> products) {
        this.device = device;
        this.transfers = new Transfers(device);
        this.stream = device.stream();
        this.images = new CudaImages(device);
        try {
            this.products = products.apply(this);
        } catch (RuntimeException e) {
            device.close();
            throw e;
        }
    }

    /**
     * Opens a GPU for the thread that asks; {@link io.espalier.kernels.KernelLibrary#availability()} says whether there is one.
     *
     * @param ordinal among the GPUs that are visible, from 0
     * @throws DeviceUnavailableException if CUDA's own libraries are missing, or the GPU does not answer
     */
    public static CudaBackend open(int ordinal) {
        return opened(ordinal, CudaBackend::new);
    }

    /**
     * Opens a GPU on which a library multiplies dense matrices.
     *
     * @param products opens the library for the backend
     * @throws DeviceUnavailableException as {@link #open(int)}, and if the library cannot be used
     */
    public static CudaBackend open(int ordinal, Function<CudaBackend, DenseProducts> products) {
        return opened(ordinal, device -> new CudaBackend(device, products));
    }

    private static CudaBackend opened(int ordinal, Function<KernelDevice, CudaBackend> on) {
        // The presets find only what the dynamic linker does, unless it is open already.
        String problem = CudaLibraries.here().open(CudaLibrary.RUNTIME).problem();
        if (!problem.isEmpty()) {
            throw new DeviceUnavailableException("CUDA's runtime library cannot be used: " + problem + ".");
        }
        try {
            return on.apply(new CudaDevice(ordinal));
        } catch (LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new DeviceUnavailableException(
                    "CUDA's runtime library cannot be loaded: " + cause.getMessage()
                            + ". Install CUDA 13, or put its lib64 folder into LD_LIBRARY_PATH.",
                    e);
        } catch (KernelFailure | DeviceLostException e) {
            throw new DeviceUnavailableException("GPU " + ordinal + " cannot be used. " + e.getMessage(), e);
        }
    }

    /** The stream in which everything is ordered, a cudaStream_t; for those who run other libraries' kernels on the same memory. */
    public long stream() {
        return stream;
    }

    /** Where the slice of a member begins in device memory. */
    public static long address(Tensor tensor, int member) {
        return DeviceTensor.of(tensor).address(member);
    }

    /** Bytes of the cache that all kernels share. */
    public long cacheBytes() {
        return device.cacheBytes();
    }

    @Override
    public String name() {
        return products.backend();
    }

    @Override
    public double unitRoundoff() {
        return products.unitRoundoff();
    }

    @Override
    public void close() {
        products.close();
        device.close();
    }

    // ---- memory -----------------------------------------------------------------------------------------------------

    @Override
    public Tensor zeros(ElementType type, Shape shape) {
        DeviceTensor tensor = new DeviceTensor(device, type, shape);
        device.zero(tensor.address(), tensor.bytes());
        return tensor;
    }

    @Override
    public long freeMemory() {
        return device.freeMemory();
    }

    @Override
    public Tensor constant(byte[] values, Shape shape) {
        DeviceTensor tensor = new DeviceTensor(device, ElementType.U8, shape);
        transfers.write(tensor.address(), values);
        return tensor;
    }

    @Override
    public Tensor constant(int[] values, Shape shape) {
        DeviceTensor tensor = new DeviceTensor(device, ElementType.I32, shape);
        transfers.write(tensor.address(), values);
        return tensor;
    }

    @Override
    public Tensor view(Tensor tensor, Shape shape) {
        Preconditions.view(tensor, shape);
        return DeviceTensor.of(tensor).as(shape);
    }

    @Override
    public void write(Tensor to, int member, float[] values) {
        Preconditions.write(to, ElementType.REAL, values.length);
        transfers.write(DeviceTensor.of(to).address(member), values);
    }

    @Override
    public void write(Tensor to, int member, int[] values) {
        Preconditions.write(to, ElementType.I32, values.length);
        DeviceTensor.of(to).changed();
        transfers.write(DeviceTensor.of(to).address(member), values);
    }

    @Override
    public void write(Tensor to, int member, byte[] values) {
        Preconditions.write(to, ElementType.U8, values.length);
        transfers.write(DeviceTensor.of(to).address(member), values);
    }

    @Override
    public float[] floats(Tensor from, int member) {
        return transfers.floats(
                DeviceTensor.of(from).address(member), from.shape().perMember());
    }

    @Override
    public double[] doubles(Tensor from, int member) {
        float[] values = floats(from, member);
        double[] wide = new double[values.length];
        Arrays.setAll(wide, i -> values[i]);
        return wide;
    }

    @Override
    public int[] ints(Tensor from, int member) {
        return transfers.ints(
                DeviceTensor.of(from).address(member), from.shape().perMember());
    }

    @Override
    public byte[] bytes(Tensor from, int member) {
        return transfers.bytes(
                DeviceTensor.of(from).address(member), from.shape().perMember());
    }

    @Override
    public void clear(Tensor tensor) {
        DeviceTensor.of(tensor).changed();
        device.zero(DeviceTensor.at(tensor), DeviceTensor.of(tensor).bytes());
    }

    // ---- time
    // ------------------------------------------------------------------------------------------------------------

    @Override
    public Recording record(Runnable ops) {
        return device.record(ops);
    }

    @Override
    public void finish() {
        device.finish();
    }

    @Override
    public Stopwatch stopwatch() {
        return device.stopwatch();
    }

    // ---- counting
    // --------------------------------------------------------------------------------------------------------

    @Override
    public void advance(Tensor counter) {
        Preconditions.advance(counter);
        done("advance", Kernels.espalier_advance(members(counter), at(counter), stream));
    }

    @Override
    public void lookUp(Tensor table, Tensor counter, Tensor out) {
        Preconditions.lookUp(table, counter, out);
        done(
                "lookUp",
                Kernels.espalier_look_up(members(table), columns(table), at(table), at(counter), at(out), stream));
    }

    @Override
    public void range(int first, Tensor indices) {
        Preconditions.range(indices);
        done("range", Kernels.espalier_range(members(indices), columns(indices), first, at(indices), stream));
    }

    // ---- data
    // ------------------------------------------------------------------------------------------------------------

    @Override
    public void batchIndices(Tensor keys, Tensor step, int examples, int batchSize, Tensor indices) {
        Preconditions.batchIndices(keys, step, examples, batchSize, indices);
        done(
                "batchIndices",
                Kernels.espalier_batch_indices(
                        members(indices),
                        examples,
                        batchSize,
                        columns(indices),
                        at(keys),
                        at(step),
                        at(indices),
                        stream));
    }

    @Override
    public void gather(Tensor data, Tensor indices, Tensor out) {
        Preconditions.gather(data, indices, out);
        done(
                "gather",
                Kernels.espalier_gather(
                        members(out), rows(data), rows(out), columns(out), at(data), at(indices), at(out), stream));
    }

    @Override
    public void gatherLabels(Tensor labels, Tensor indices, Tensor out) {
        Preconditions.gatherLabels(labels, indices, out);
        done(
                "gatherLabels",
                Kernels.espalier_gather_labels(
                        members(out), columns(labels), columns(out), at(labels), at(indices), at(out), stream));
    }

    @Override
    public void gatherColumns(Tensor table, Tensor indices, Tensor out) {
        Preconditions.gatherColumns(table, indices, out);
        done(
                "gatherColumns",
                Kernels.espalier_gather_columns(
                        members(out),
                        rows(out),
                        columns(table),
                        columns(out),
                        at(table),
                        at(indices),
                        at(out),
                        stream));
    }

    // ---- linear maps
    // -----------------------------------------------------------------------------------------------------

    @Override
    public void linear(Tensor w, Tensor x, Tensor z) {
        Preconditions.linear("linear", w, x, z);
        products.linear(w, x, z);
    }

    @Override
    public void linearInputGradient(Tensor w, Tensor dz, Tensor dx) {
        Preconditions.linear("linearInputGradient", w, dx, dz);
        products.linearInputGradient(w, dz, dx);
    }

    @Override
    public void linearWeightGradient(Tensor dz, Tensor x, Tensor dw) {
        Preconditions.linear("linearWeightGradient", dw, x, dz);
        products.linearWeightGradient(dz, x, dw);
    }

    @Override
    public void biasGradient(Tensor dz, Tensor db) {
        Preconditions.bias("biasGradient", dz, db);
        done(
                "biasGradient",
                Kernels.espalier_bias_gradient(members(dz), rows(dz), columns(dz), at(dz), at(db), stream));
    }

    @Override
    public void sparseLinear(SparsePattern pattern, Tensor values, Tensor x, Tensor z) {
        Preconditions.sparse("sparseLinear", pattern, values, x, z);
        done(
                "sparseLinear",
                Kernels.espalier_sparse_linear(
                        members(values),
                        pattern.outputs(),
                        pattern.inputs(),
                        columns(x),
                        pattern.capacity(),
                        at(pattern.rowStarts()),
                        at(pattern.columns()),
                        at(values),
                        at(x),
                        at(z),
                        stream));
    }

    @Override
    public void sparseInputGradient(SparsePattern pattern, Tensor values, Tensor dz, Tensor dx) {
        Preconditions.sparse("sparseInputGradient", pattern, values, dx, dz);
        done(
                "sparseInputGradient",
                Kernels.espalier_sparse_input_gradient(
                        members(values),
                        pattern.outputs(),
                        pattern.inputs(),
                        columns(dz),
                        pattern.capacity(),
                        at(pattern.columnStarts()),
                        at(pattern.rows()),
                        at(pattern.order()),
                        at(values),
                        at(dz),
                        at(dx),
                        stream));
    }

    @Override
    public void sparseWeightGradient(SparsePattern pattern, Tensor dz, Tensor x, Tensor dvalues) {
        Preconditions.sparse("sparseWeightGradient", pattern, dvalues, x, dz);
        done(
                "sparseWeightGradient",
                Kernels.espalier_sparse_weight_gradient(
                        members(dvalues),
                        pattern.outputs(),
                        pattern.inputs(),
                        columns(x),
                        pattern.capacity(),
                        at(pattern.rowStarts()),
                        at(pattern.columns()),
                        at(dz),
                        at(x),
                        at(dvalues),
                        stream));
    }

    @Override
    public void hashIndices(WeightHash hash, int[] buckets, Tensor index) {
        Preconditions.hashIndices(buckets, index);
        DeviceTensor.of(index).changed();
        try (Tensor counts = ints(buckets)) {
            done(
                    "hashIndices",
                    Kernels.espalier_hash_indices(
                            members(index),
                            rows(index),
                            columns(index),
                            mode(hash),
                            hash.seed(),
                            hash.layer(),
                            at(counts),
                            at(index),
                            stream));
        }
    }

    private static int mode(WeightHash hash) {
        if (hash.mode() == WeightHash.Mode.NATIVE) {
            return Kernels.ESPALIER_HASH_NATIVE;
        }
        return hash.part() == WeightHash.Part.WEIGHTS
                ? Kernels.ESPALIER_HASH_PAPER_WEIGHTS
                : Kernels.ESPALIER_HASH_PAPER_BIASES;
    }

    @Override
    public void expandBuckets(Tensor buckets, Tensor index, Tensor virtual) {
        Preconditions.buckets("expandBuckets", buckets, index, virtual);
        done(
                "expandBuckets",
                Kernels.espalier_expand_buckets(
                        members(index),
                        index.shape().perMember(),
                        columns(buckets),
                        at(buckets),
                        at(index),
                        at(virtual),
                        stream));
    }

    @Override
    public void reduceToBuckets(Tensor gradient, Tensor index, Tensor bucketGradient) {
        Preconditions.buckets("reduceToBuckets", bucketGradient, index, gradient);
        InvertedIndex inverse = DeviceTensor.of(index).inverse(columns(bucketGradient));
        done(
                "reduceToBuckets",
                Kernels.espalier_reduce_to_buckets(
                        members(index),
                        index.shape().perMember(),
                        inverse.capacity(),
                        at(gradient),
                        inverse.starts(),
                        inverse.positions(),
                        at(bucketGradient),
                        stream));
    }

    @Override
    public void lowRankLinear(int[] ranks, Tensor fixed, Tensor learned, Tensor x, Tensor hidden, Tensor z) {
        Preconditions.lowRank("lowRankLinear", ranks, fixed, learned, x, hidden, z);
        done(
                "lowRankLinear",
                Kernels.espalier_low_rank_linear(
                        members(fixed),
                        rows(fixed),
                        columns(learned),
                        columns(fixed),
                        columns(x),
                        at(remembered(ranks)),
                        at(fixed),
                        at(learned),
                        at(x),
                        at(hidden),
                        at(z),
                        stream));
    }

    @Override
    public void lowRankInputGradient(int[] ranks, Tensor fixed, Tensor learned, Tensor dz, Tensor dhidden, Tensor dx) {
        Preconditions.lowRank("lowRankInputGradient", ranks, fixed, learned, dx, dhidden, dz);
        done(
                "lowRankInputGradient",
                Kernels.espalier_low_rank_input_gradient(
                        members(fixed),
                        rows(fixed),
                        columns(learned),
                        columns(fixed),
                        columns(dz),
                        at(remembered(ranks)),
                        at(fixed),
                        at(learned),
                        at(dz),
                        at(dhidden),
                        at(dx),
                        stream));
    }

    @Override
    public void lowRankWeightGradient(int[] ranks, Tensor dz, Tensor hidden, Tensor dlearned) {
        Preconditions.lowRank("lowRankWeightGradient", ranks, dlearned, hidden, dz);
        done(
                "lowRankWeightGradient",
                Kernels.espalier_low_rank_weight_gradient(
                        members(dlearned),
                        rows(dlearned),
                        columns(dlearned),
                        columns(dz),
                        at(remembered(ranks)),
                        at(dz),
                        at(hidden),
                        at(dlearned),
                        stream));
    }

    @Override
    public boolean prefersSparse(int outputs, int inputs, double density) {
        return SparseRule.prefersSparse(outputs, inputs, density);
    }

    // ---- activations
    // -----------------------------------------------------------------------------------------------------

    @Override
    public void activate(Tensor z, Tensor bias, Activation f, Dropout dropout) {
        Preconditions.bias("activate", z, bias);
        Preconditions.dropout("activate", z, dropout);
        done(
                "activate",
                Kernels.espalier_activate(
                        members(z),
                        rows(z),
                        columns(z),
                        code(f),
                        at(z),
                        at(bias),
                        at(dropout.keys()),
                        at(dropout.step()),
                        at(dropout.rate()),
                        at(dropout.units()),
                        dropout.stream(),
                        stream));
    }

    @Override
    public void activationGradient(Tensor a, Activation f, Dropout dropout, Tensor da) {
        Preconditions.sameReal("activationGradient", a, da);
        Preconditions.dropout("activationGradient", a, dropout);
        done(
                "activationGradient",
                Kernels.espalier_activation_gradient(
                        members(a),
                        rows(a),
                        columns(a),
                        code(f),
                        at(a),
                        at(da),
                        at(dropout.keys()),
                        at(dropout.step()),
                        at(dropout.rate()),
                        at(dropout.units()),
                        dropout.stream(),
                        stream));
    }

    @Override
    public void dropout(Tensor x, Dropout dropout) {
        Preconditions.dropout("dropout", x, dropout);
        if (dropout.isActive()) {
            done(
                    "dropout",
                    Kernels.espalier_dropout(
                            members(x),
                            rows(x),
                            columns(x),
                            at(x),
                            at(dropout.keys()),
                            at(dropout.step()),
                            at(dropout.rate()),
                            at(dropout.units()),
                            dropout.stream(),
                            stream));
        }
    }

    private static int code(Activation f) {
        return switch (f) {
            case LINEAR -> Kernels.ESPALIER_LINEAR;
            case RELU -> Kernels.ESPALIER_RELU;
            case SIGMOID -> Kernels.ESPALIER_SIGMOID;
            case TANH -> Kernels.ESPALIER_TANH;
        };
    }

    // ---- losses
    // ----------------------------------------------------------------------------------------------------------

    @Override
    public void softmaxCrossEntropy(Tensor z, Tensor labels, Tensor dz, Tensor loss) {
        Preconditions.loss("softmaxCrossEntropy", z, labels, dz, loss);
        done(
                "softmaxCrossEntropy",
                Kernels.espalier_softmax_cross_entropy(
                        members(z), rows(z), columns(z), at(z), at(labels), at(dz), at(loss), stream));
    }

    @Override
    public void distill(
            Tensor z, Tensor labels, Tensor teacher, Tensor temperature, Tensor weight, Tensor dz, Tensor loss) {
        Preconditions.distill(z, labels, teacher, temperature, weight, dz, loss);
        done(
                "distill",
                Kernels.espalier_distill(
                        members(z),
                        rows(z),
                        columns(z),
                        at(z),
                        at(labels),
                        at(teacher),
                        at(temperature),
                        at(weight),
                        at(dz),
                        at(loss),
                        stream));
    }

    @Override
    public void halfSquaredError(Tensor a, Tensor labels, Tensor da, Tensor loss) {
        Preconditions.loss("halfSquaredError", a, labels, da, loss);
        done(
                "halfSquaredError",
                Kernels.espalier_half_squared_error(
                        members(a), rows(a), columns(a), at(a), at(labels), at(da), at(loss), stream));
    }

    @Override
    public void countErrors(Tensor a, Tensor labels, Tensor errors) {
        Preconditions.countErrors(a, labels, errors);
        done(
                "countErrors",
                Kernels.espalier_count_errors(members(a), rows(a), columns(a), at(a), at(labels), at(errors), stream));
    }

    // ---- curvature
    // -------------------------------------------------------------------------------------------------------

    @Override
    public void linearInputCurvature(Tensor w, Tensor dz, Tensor hz, Tensor dx, Tensor hx) {
        Preconditions.linearInputCurvature(w, dz, hz, dx, hx);
        done(
                "linearInputCurvature",
                Kernels.espalier_linear_input_curvature(
                        members(w), rows(w), columns(w), columns(hz), at(w), at(dz), at(hz), at(dx), at(hx), stream));
    }

    @Override
    public void linearWeightCurvature(Tensor dz, Tensor hz, Tensor x, Tensor dw, Tensor hw) {
        Preconditions.linearWeightCurvature(dz, hz, x, dw, hw);
        done(
                "linearWeightCurvature",
                Kernels.espalier_linear_weight_curvature(
                        members(hw), rows(hw), columns(hw), columns(x), at(dz), at(hz), at(x), at(dw), at(hw), stream));
    }

    @Override
    public void sparseInputCurvature(SparsePattern pattern, Tensor values, Tensor dz, Tensor hz, Tensor dx, Tensor hx) {
        Preconditions.sparseInputCurvature(pattern, values, dz, hz, dx, hx);
        done(
                "sparseInputCurvature",
                Kernels.espalier_sparse_input_curvature(
                        members(values),
                        pattern.outputs(),
                        pattern.inputs(),
                        columns(hz),
                        pattern.capacity(),
                        at(pattern.columnStarts()),
                        at(pattern.rows()),
                        at(pattern.order()),
                        at(values),
                        at(dz),
                        at(hz),
                        at(dx),
                        at(hx),
                        stream));
    }

    @Override
    public void sparseWeightCurvature(
            SparsePattern pattern, Tensor dz, Tensor hz, Tensor x, Tensor dvalues, Tensor hvalues) {
        Preconditions.sparseWeightCurvature(pattern, dz, hz, x, dvalues, hvalues);
        done(
                "sparseWeightCurvature",
                Kernels.espalier_sparse_weight_curvature(
                        members(hvalues),
                        pattern.outputs(),
                        pattern.inputs(),
                        columns(x),
                        pattern.capacity(),
                        at(pattern.rowStarts()),
                        at(pattern.columns()),
                        at(dz),
                        at(hz),
                        at(x),
                        at(dvalues),
                        at(hvalues),
                        stream));
    }

    @Override
    public void activationCurvature(Tensor a, Activation f, Tensor da, Tensor ha) {
        Preconditions.activationCurvature(a, da, ha);
        done(
                "activationCurvature",
                Kernels.espalier_activation_curvature(
                        members(a), rows(a), columns(a), code(f), at(a), at(da), at(ha), stream));
    }

    @Override
    public void softmaxCrossEntropyCurvature(Tensor z, Tensor h) {
        Preconditions.sameReal("softmaxCrossEntropyCurvature", z, h);
        done(
                "softmaxCrossEntropyCurvature",
                Kernels.espalier_softmax_curvature(members(z), rows(z), columns(z), at(z), at(h), stream));
    }

    @Override
    public void halfSquaredErrorCurvature(Tensor h) {
        Preconditions.sameReal("halfSquaredErrorCurvature", h, h);
        done(
                "halfSquaredErrorCurvature",
                Kernels.espalier_fill(members(h), h.shape().perMember(), 1f / columns(h), at(h), stream));
    }

    @Override
    public ImageOps images() {
        return images;
    }

    @Override
    public void square(Tensor x, double scale, Tensor out) {
        Preconditions.sameReal("square", x, out);
        done(
                "square",
                Kernels.espalier_square(members(x), x.shape().perMember(), (float) scale, at(x), at(out), stream));
    }

    // ---- optimiser and compression
    // ---------------------------------------------------------------------------------------

    @Override
    public void sgd(Tensor w, Tensor g, Tensor v, SgdRates rates) {
        Preconditions.sgd("sgd", w, g, v, rates);
        done(
                "sgd",
                Kernels.espalier_sgd(
                        members(w),
                        w.shape().perMember(),
                        at(w),
                        at(g),
                        at(v),
                        NONE,
                        at(rates.learningRate()),
                        at(rates.momentum()),
                        at(rates.l1()),
                        at(rates.l2()),
                        stream));
    }

    @Override
    public void maskedSgd(Tensor w, Tensor g, Tensor v, Tensor mask, SgdRates rates) {
        Preconditions.sgd("maskedSgd", w, g, v, rates);
        Preconditions.mask("maskedSgd", w, mask);
        done(
                "maskedSgd",
                Kernels.espalier_sgd(
                        members(w),
                        w.shape().perMember(),
                        at(w),
                        at(g),
                        at(v),
                        at(mask),
                        at(rates.learningRate()),
                        at(rates.momentum()),
                        at(rates.l1()),
                        at(rates.l2()),
                        stream));
    }

    @Override
    public void applyMask(Tensor x, Tensor mask) {
        Preconditions.mask("applyMask", x, mask);
        done("applyMask", Kernels.espalier_apply_mask(members(x), x.shape().perMember(), at(x), at(mask), stream));
    }

    @Override
    public void magnitude(Tensor w, Tensor out) {
        Preconditions.sameReal("magnitude", w, out);
        done("magnitude", Kernels.espalier_magnitude(members(w), w.shape().perMember(), at(w), at(out), stream));
    }

    @Override
    public void uniform(Tensor keys, Tensor step, int draws, Tensor positions, Tensor out) {
        Preconditions.uniform(keys, step, positions, out);
        done(
                "uniform",
                Kernels.espalier_uniform(
                        members(out),
                        out.shape().perMember(),
                        at(keys),
                        at(step),
                        draws,
                        at(positions),
                        at(out),
                        stream));
    }

    @Override
    public void pruneLowest(List<Tensor> saliencies, List<Tensor> masks, int[] keep) {
        Preconditions.pruneLowest(saliencies, masks, keep);
        int[] sizes = masks.stream().mapToInt(mask -> mask.shape().perMember()).toArray();
        try (Tensor saliencyTable = addresses(saliencies);
                Tensor maskTable = addresses(masks);
                Tensor sizeTable = ints(sizes);
                Tensor wanted = ints(keep);
                Tensor found = new DeviceTensor(device, ElementType.I32, new Shape(keep.length, 1, 2))) {
            done(
                    "pruneLowest",
                    Kernels.espalier_prune_lowest(
                            keep.length,
                            sizes.length,
                            at(saliencyTable),
                            at(maskTable),
                            at(sizeTable),
                            at(wanted),
                            at(found),
                            stream));
            for (int r = 0; r < keep.length; r++) {
                int[] counts = ints(found, r);
                if (keep[r] > counts[0]) {
                    throw new IllegalArgumentException(
                            "pruneLowest: " + keep[r] + " to keep, but only " + counts[0] + " alive");
                }
                if (keep[r] >= 0 && counts[1] > 0) {
                    throw new ArithmeticException(counts[1] + " saliencies are NaN");
                }
            }
        }
    }

    // ---- what the ops share -----------------------------------------------------------------------------------------

    private void done(String op, int status) {
        device.check(op, status);
    }

    /** Numbers that an op takes from the host. */
    private Tensor ints(int[] values) {
        return constant(values, new Shape(1, 1, values.length));
    }

    /** The same for ops that a graph may hold: it stays where it is, for a few numbers that come again and again. */
    private Tensor remembered(int[] values) {
        return remembered.computeIfAbsent(Arrays.stream(values).boxed().toList(), any -> ints(values));
    }

    /** Bytes that the ops keep on the device for themselves. */
    long rememberedBytes() {
        return remembered.values().stream()
                .mapToLong(tensor -> DeviceTensor.of(tensor).bytes())
                .sum();
    }

    /** A table of 64-bit addresses, two words each. */
    private Tensor addresses(List<Tensor> tensors) {
        DeviceTensor table = new DeviceTensor(device, ElementType.I32, new Shape(1, tensors.size(), 2));
        transfers.write(
                table.address(), tensors.stream().mapToLong(DeviceTensor::at).toArray());
        return table;
    }
}
