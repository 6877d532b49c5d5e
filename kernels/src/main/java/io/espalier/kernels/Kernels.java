package io.espalier.kernels;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.NoException;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * The functions and constants of {@code espalier_kernels.h}, which is their manual, under the same names. Addresses are longs:
 * a call then costs 5 ns, with objects in their place three times that. Touch this class only where
 * {@link KernelLibrary#availability()} says that it can be loaded.
 */
@Platform(include = "espalier_kernels.h", link = "espalier_kernels")
@NoException
public final class Kernels {
    public static final int ESPALIER_ABI_VERSION = 2;
    public static final int ESPALIER_BAD_ARGUMENT = -1;
    public static final int ESPALIER_FAULT = -2;
    public static final int ESPALIER_HASH_NATIVE = 0;
    public static final int ESPALIER_HASH_PAPER_WEIGHTS = 1;
    public static final int ESPALIER_HASH_PAPER_BIASES = 2;
    public static final int ESPALIER_LINEAR = 0;
    public static final int ESPALIER_RELU = 1;
    public static final int ESPALIER_SIGMOID = 2;
    public static final int ESPALIER_TANH = 3;

    static {
        KernelLibrary.loadNamed();
        Loader.load();
    }

    private Kernels() {}

    public static native int espalier_abi_version();

    public static native String espalier_build();

    public static native String espalier_status_text(int status);

    public static native int espalier_advance(int members, @Cast("int32_t*") long counter, @Cast("void*") long stream);

    public static native int espalier_look_up(
            int members,
            int columns,
            @Cast("float*") long table,
            @Cast("int32_t*") long counter,
            @Cast("float*") long out,
            @Cast("void*") long stream);

    public static native int espalier_range(
            int members, int batch, int first, @Cast("int32_t*") long indices, @Cast("void*") long stream);

    public static native int espalier_batch_indices(
            int members,
            int examples,
            int batchSize,
            int batch,
            @Cast("int32_t*") long keys,
            @Cast("int32_t*") long step,
            @Cast("int32_t*") long indices,
            @Cast("void*") long stream);

    public static native int espalier_gather(
            int members,
            int examples,
            int features,
            int batch,
            @Cast("uint8_t*") long data,
            @Cast("int32_t*") long indices,
            @Cast("float*") long out,
            @Cast("void*") long stream);

    public static native int espalier_gather_images(
            int members,
            int examples,
            int channels,
            int height,
            int width,
            int batch,
            @Cast("uint8_t*") long data,
            @Cast("int32_t*") long indices,
            @Cast("float*") long mean,
            @Cast("float*") long scale,
            @Cast("int32_t*") long keys,
            @Cast("int32_t*") long step,
            int shift,
            int mirrored,
            int moveStream,
            @Cast("float*") long out,
            @Cast("void*") long stream);

    public static native int espalier_gather_labels(
            int members,
            int examples,
            int batch,
            @Cast("int32_t*") long labels,
            @Cast("int32_t*") long indices,
            @Cast("int32_t*") long out,
            @Cast("void*") long stream);

    public static native int espalier_gather_columns(
            int members,
            int features,
            int columns,
            int batch,
            @Cast("float*") long table,
            @Cast("int32_t*") long indices,
            @Cast("float*") long out,
            @Cast("void*") long stream);

    public static native int espalier_linear(
            int members,
            int outputs,
            int inputs,
            int batch,
            @Cast("float*") long w,
            @Cast("float*") long x,
            @Cast("float*") long z,
            @Cast("void*") long stream);

    public static native int espalier_linear_input_gradient(
            int members,
            int outputs,
            int inputs,
            int batch,
            @Cast("float*") long w,
            @Cast("float*") long dz,
            @Cast("float*") long dx,
            @Cast("void*") long stream);

    public static native int espalier_linear_weight_gradient(
            int members,
            int outputs,
            int inputs,
            int batch,
            @Cast("float*") long dz,
            @Cast("float*") long x,
            @Cast("float*") long dw,
            @Cast("void*") long stream);

    public static native int espalier_linear_input_curvature(
            int members,
            int outputs,
            int inputs,
            int batch,
            @Cast("float*") long w,
            @Cast("float*") long dz,
            @Cast("float*") long hz,
            @Cast("float*") long dx,
            @Cast("float*") long hx,
            @Cast("void*") long stream);

    public static native int espalier_linear_weight_curvature(
            int members,
            int outputs,
            int inputs,
            int batch,
            @Cast("float*") long dz,
            @Cast("float*") long hz,
            @Cast("float*") long x,
            @Cast("float*") long dw,
            @Cast("float*") long hw,
            @Cast("void*") long stream);

    public static native int espalier_bias_gradient(
            int members,
            int outputs,
            int batch,
            @Cast("float*") long dz,
            @Cast("float*") long db,
            @Cast("void*") long stream);

    public static native int espalier_low_rank_linear(
            int members,
            int capacity,
            int outputs,
            int inputs,
            int batch,
            @Cast("int32_t*") long ranks,
            @Cast("float*") long fixed,
            @Cast("float*") long learned,
            @Cast("float*") long x,
            @Cast("float*") long hidden,
            @Cast("float*") long z,
            @Cast("void*") long stream);

    public static native int espalier_low_rank_input_gradient(
            int members,
            int capacity,
            int outputs,
            int inputs,
            int batch,
            @Cast("int32_t*") long ranks,
            @Cast("float*") long fixed,
            @Cast("float*") long learned,
            @Cast("float*") long dz,
            @Cast("float*") long dhidden,
            @Cast("float*") long dx,
            @Cast("void*") long stream);

    public static native int espalier_low_rank_weight_gradient(
            int members,
            int capacity,
            int outputs,
            int batch,
            @Cast("int32_t*") long ranks,
            @Cast("float*") long dz,
            @Cast("float*") long hidden,
            @Cast("float*") long dlearned,
            @Cast("void*") long stream);

    public static native int espalier_sparse_linear(
            int members,
            int outputs,
            int inputs,
            int batch,
            int capacity,
            @Cast("int32_t*") long rowStarts,
            @Cast("int32_t*") long columns,
            @Cast("float*") long values,
            @Cast("float*") long x,
            @Cast("float*") long z,
            @Cast("void*") long stream);

    public static native int espalier_sparse_input_gradient(
            int members,
            int outputs,
            int inputs,
            int batch,
            int capacity,
            @Cast("int32_t*") long columnStarts,
            @Cast("int32_t*") long rows,
            @Cast("int32_t*") long order,
            @Cast("float*") long values,
            @Cast("float*") long dz,
            @Cast("float*") long dx,
            @Cast("void*") long stream);

    public static native int espalier_sparse_input_curvature(
            int members,
            int outputs,
            int inputs,
            int batch,
            int capacity,
            @Cast("int32_t*") long columnStarts,
            @Cast("int32_t*") long rows,
            @Cast("int32_t*") long order,
            @Cast("float*") long values,
            @Cast("float*") long dz,
            @Cast("float*") long hz,
            @Cast("float*") long dx,
            @Cast("float*") long hx,
            @Cast("void*") long stream);

    public static native int espalier_sparse_weight_gradient(
            int members,
            int outputs,
            int inputs,
            int batch,
            int capacity,
            @Cast("int32_t*") long rowStarts,
            @Cast("int32_t*") long columns,
            @Cast("float*") long dz,
            @Cast("float*") long x,
            @Cast("float*") long dvalues,
            @Cast("void*") long stream);

    public static native int espalier_sparse_weight_curvature(
            int members,
            int outputs,
            int inputs,
            int batch,
            int capacity,
            @Cast("int32_t*") long rowStarts,
            @Cast("int32_t*") long columns,
            @Cast("float*") long dz,
            @Cast("float*") long hz,
            @Cast("float*") long x,
            @Cast("float*") long dvalues,
            @Cast("float*") long hvalues,
            @Cast("void*") long stream);

    public static native int espalier_sparse_weight_step(
            int members,
            int outputs,
            int inputs,
            int batch,
            int capacity,
            @Cast("int32_t*") long rowStarts,
            @Cast("int32_t*") long columns,
            @Cast("float*") long dz,
            @Cast("float*") long x,
            @Cast("float*") long values,
            @Cast("float*") long velocity,
            @Cast("float*") long learningRate,
            @Cast("float*") long momentum,
            @Cast("float*") long l1,
            @Cast("float*") long l2,
            @Cast("void*") long stream);

    public static native int espalier_hash_indices(
            int members,
            int rows,
            int columns,
            int mode,
            int seed,
            int layer,
            @Cast("int32_t*") long buckets,
            @Cast("int32_t*") long index,
            @Cast("void*") long stream);

    public static native int espalier_expand_buckets(
            int members,
            int elements,
            int capacity,
            @Cast("float*") long values,
            @Cast("int32_t*") long index,
            @Cast("float*") long out,
            @Cast("void*") long stream);

    public static native int espalier_invert_index(
            int members,
            int elements,
            int capacity,
            @Cast("int32_t*") long index,
            @Cast("int32_t*") long starts,
            @Cast("uint32_t*") long positions,
            @Cast("int32_t*") long cursor,
            @Cast("void*") long stream);

    public static native int espalier_reduce_to_buckets(
            int members,
            int elements,
            int capacity,
            @Cast("float*") long gradient,
            @Cast("int32_t*") long starts,
            @Cast("uint32_t*") long positions,
            @Cast("float*") long out,
            @Cast("void*") long stream);

    public static native int espalier_activate(
            int members,
            int outputs,
            int batch,
            int activation,
            @Cast("float*") long z,
            @Cast("float*") long bias,
            @Cast("int32_t*") long keys,
            @Cast("int32_t*") long step,
            @Cast("float*") long rate,
            @Cast("int32_t*") long units,
            int dropStream,
            @Cast("void*") long stream);

    public static native int espalier_activation_gradient(
            int members,
            int outputs,
            int batch,
            int activation,
            @Cast("float*") long a,
            @Cast("float*") long da,
            @Cast("int32_t*") long keys,
            @Cast("int32_t*") long step,
            @Cast("float*") long rate,
            @Cast("int32_t*") long units,
            int dropStream,
            @Cast("void*") long stream);

    public static native int espalier_activation_curvature(
            int members,
            int outputs,
            int batch,
            int activation,
            @Cast("float*") long a,
            @Cast("float*") long da,
            @Cast("float*") long ha,
            @Cast("void*") long stream);

    public static native int espalier_dropout(
            int members,
            int features,
            int batch,
            @Cast("float*") long x,
            @Cast("int32_t*") long keys,
            @Cast("int32_t*") long step,
            @Cast("float*") long rate,
            @Cast("int32_t*") long units,
            int dropStream,
            @Cast("void*") long stream);

    public static native int espalier_softmax_cross_entropy(
            int members,
            int outputs,
            int batch,
            @Cast("float*") long z,
            @Cast("int32_t*") long labels,
            @Cast("float*") long dz,
            @Cast("float*") long loss,
            @Cast("void*") long stream);

    public static native int espalier_distill(
            int members,
            int outputs,
            int batch,
            @Cast("float*") long z,
            @Cast("int32_t*") long labels,
            @Cast("float*") long teacher,
            @Cast("float*") long temperature,
            @Cast("float*") long weight,
            @Cast("float*") long dz,
            @Cast("float*") long loss,
            @Cast("void*") long stream);

    public static native int espalier_half_squared_error(
            int members,
            int outputs,
            int batch,
            @Cast("float*") long a,
            @Cast("int32_t*") long labels,
            @Cast("float*") long da,
            @Cast("float*") long loss,
            @Cast("void*") long stream);

    public static native int espalier_count_errors(
            int members,
            int outputs,
            int batch,
            @Cast("float*") long a,
            @Cast("int32_t*") long labels,
            @Cast("int32_t*") long errors,
            @Cast("void*") long stream);

    public static native int espalier_softmax_curvature(
            int members,
            int outputs,
            int batch,
            @Cast("float*") long z,
            @Cast("float*") long h,
            @Cast("void*") long stream);

    public static native int espalier_patches(
            int members,
            int channels,
            int height,
            int width,
            int kernel,
            int stride,
            int padding,
            int batch,
            @Cast("float*") long x,
            @Cast("float*") long out,
            @Cast("void*") long stream);

    public static native int espalier_fold_patches(
            int members,
            int channels,
            int height,
            int width,
            int kernel,
            int stride,
            int padding,
            int batch,
            @Cast("float*") long patches,
            @Cast("float*") long out,
            @Cast("void*") long stream);

    public static native int espalier_max_pool(
            int members,
            int channels,
            int height,
            int width,
            int kernel,
            int stride,
            int padding,
            int batch,
            @Cast("float*") long x,
            @Cast("float*") long y,
            @Cast("uint8_t*") long winners,
            @Cast("void*") long stream);

    public static native int espalier_max_pool_gradient(
            int members,
            int channels,
            int height,
            int width,
            int kernel,
            int stride,
            int padding,
            int batch,
            @Cast("float*") long dy,
            @Cast("uint8_t*") long winners,
            @Cast("float*") long dx,
            @Cast("void*") long stream);

    public static native int espalier_average_pool(
            int members,
            int channels,
            int height,
            int width,
            int kernel,
            int stride,
            int padding,
            int batch,
            float scale,
            @Cast("float*") long x,
            @Cast("float*") long y,
            @Cast("void*") long stream);

    public static native int espalier_average_pool_gradient(
            int members,
            int channels,
            int height,
            int width,
            int kernel,
            int stride,
            int padding,
            int batch,
            float scale,
            @Cast("float*") long dy,
            @Cast("float*") long dx,
            @Cast("void*") long stream);

    public static native int espalier_mean(
            int members,
            int rows,
            int columns,
            @Cast("float*") long x,
            @Cast("float*") long out,
            @Cast("void*") long stream);

    public static native int espalier_variance(
            int members,
            int rows,
            int columns,
            @Cast("float*") long x,
            @Cast("float*") long mean,
            @Cast("float*") long out,
            @Cast("void*") long stream);

    public static native int espalier_normalise(
            int members,
            int rows,
            int columns,
            float epsilon,
            @Cast("float*") long x,
            @Cast("float*") long mean,
            @Cast("float*") long variance,
            @Cast("float*") long gain,
            @Cast("float*") long shift,
            @Cast("float*") long y,
            @Cast("void*") long stream);

    public static native int espalier_normalise_sums(
            int members,
            int rows,
            int columns,
            float epsilon,
            @Cast("float*") long x,
            @Cast("float*") long mean,
            @Cast("float*") long variance,
            @Cast("float*") long dy,
            @Cast("float*") long dgain,
            @Cast("float*") long dshift,
            @Cast("void*") long stream);

    public static native int espalier_normalise_gradient(
            int members,
            int rows,
            int columns,
            float epsilon,
            @Cast("float*") long x,
            @Cast("float*") long mean,
            @Cast("float*") long variance,
            @Cast("float*") long gain,
            @Cast("float*") long dy,
            @Cast("float*") long dgain,
            @Cast("float*") long dshift,
            @Cast("float*") long dx,
            @Cast("void*") long stream);

    public static native int espalier_scale_rows(
            int members,
            int rows,
            int columns,
            float epsilon,
            int power,
            @Cast("float*") long x,
            @Cast("float*") long variance,
            @Cast("float*") long gain,
            @Cast("float*") long out,
            @Cast("void*") long stream);

    public static native int espalier_copy_rows(
            int members,
            int fromRows,
            int toRows,
            int firstRow,
            int columns,
            @Cast("float*") long from,
            @Cast("float*") long to,
            @Cast("void*") long stream);

    public static native int espalier_add_rows(
            int members,
            int fromRows,
            int toRows,
            int firstRow,
            int columns,
            @Cast("float*") long from,
            @Cast("float*") long to,
            @Cast("void*") long stream);

    public static native int espalier_fill(
            int members, int elements, float value, @Cast("float*") long out, @Cast("void*") long stream);

    public static native int espalier_square(
            int members,
            int elements,
            float scale,
            @Cast("float*") long x,
            @Cast("float*") long out,
            @Cast("void*") long stream);

    public static native int espalier_combine(
            int members,
            int elements,
            float a,
            @Cast("float*") long x,
            float b,
            @Cast("float*") long y,
            @Cast("void*") long stream);

    public static native int espalier_magnitude(
            int members, int elements, @Cast("float*") long w, @Cast("float*") long out, @Cast("void*") long stream);

    public static native int espalier_apply_mask(
            int members, int elements, @Cast("float*") long x, @Cast("uint8_t*") long mask, @Cast("void*") long stream);

    public static native int espalier_uniform(
            int members,
            int elements,
            @Cast("int32_t*") long keys,
            @Cast("int32_t*") long step,
            int drawStream,
            @Cast("int32_t*") long positions,
            @Cast("float*") long out,
            @Cast("void*") long stream);

    public static native int espalier_sgd(
            int members,
            int elements,
            @Cast("float*") long w,
            @Cast("float*") long g,
            @Cast("float*") long v,
            @Cast("uint8_t*") long mask,
            @Cast("float*") long learningRate,
            @Cast("float*") long momentum,
            @Cast("float*") long l1,
            @Cast("float*") long l2,
            @Cast("void*") long stream);

    public static native int espalier_prune_lowest(
            int members,
            int tensors,
            @Cast("float**") long saliencies,
            @Cast("uint8_t**") long masks,
            @Cast("int32_t*") long sizes,
            @Cast("int32_t*") long keep,
            @Cast("int32_t*") long found,
            @Cast("void*") long stream);
}
