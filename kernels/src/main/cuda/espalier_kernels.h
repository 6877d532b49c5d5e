// The only interface of the kernel library: C functions that enqueue work on a stream and return at once.
//
// What holds for all of them:
// - Every op works on `members` networks at once, 1 to 65535; member r reads and writes the slices r of its operands, and gets
//   the same bits whatever the other members are and however many.
// - A tensor of shape (R, rows, columns) is contiguous, the columns innermost: element (r, i, j) is at (r * rows + i) * columns
//   + j. Activations are feature-major, (R, features, batch). A scalar a member is an array of R.
// - Pointers are device addresses unless their line says "host"; arrays are aligned to 16 bytes; outputs do not overlap inputs
//   unless a line says "in place". Sizes are at least 1; rows * columns of one member is below 2^31.
// - float is IEEE binary32. Sums are made in a fixed order without floating-point atomics: the same inputs give the same bits.
// - `stream` is a cudaStream_t, null for the default stream. No function allocates, synchronises or copies to the host, so all
//   of them can be captured into a graph.
// - The return value is 0 or a status that espalier_status_text explains: a cudaError_t above 0, an ESPALIER_... below.
#pragma once

#include <stdint.h>

#if defined(__GNUC__)
#define ESPALIER_API __attribute__((visibility("default")))
#else
#define ESPALIER_API
#endif

// Changes whenever a signature or the meaning of an argument does; a binding refuses a library with another number.
#define ESPALIER_ABI_VERSION 2

// An argument is out of its documented range; nothing was enqueued.
#define ESPALIER_BAD_ARGUMENT (-1)
// Emulation only: the kernel did what no kernel may do, such as a race or an access out of bounds.
#define ESPALIER_FAULT (-2)

#ifdef __cplusplus
extern "C" {
#endif

// ---- the library ------------------------------------------------------------------------------------------------------------

// ESPALIER_ABI_VERSION as the library was built with.
ESPALIER_API int espalier_abi_version(void);

// What the library was built by and for, host text of static lifetime: "nvcc 13.0, sm_75 sm_80 ... compute_120" or "emulator".
ESPALIER_API const char* espalier_build(void);

// One plain sentence, host text; that of ESPALIER_FAULT names kernel, block, thread and address and is valid until the next fault.
ESPALIER_API const char* espalier_status_text(int status);

// ---- counting ---------------------------------------------------------------------------------------------------------------

// counter[r] += 1, in place: counter (R).
ESPALIER_API int espalier_advance(int members, int32_t* counter, void* stream);

// out[r] = table[r, counter[r] % columns]: table (R, columns), counter (R), not negative, out (R).
ESPALIER_API int espalier_look_up(int members, int columns, const float* table, const int32_t* counter, float* out,
                                  void* stream);

// indices[r, b] = first + b: indices (R, batch) out.
ESPALIER_API int espalier_range(int members, int batch, int32_t first, int32_t* indices, void* stream);

// ---- data -------------------------------------------------------------------------------------------------------------------

// indices[r, b] = the example at position s * batch_size + b of the shuffled order of epoch e, where steps = ceil(examples /
// batch_size), e = step[r] / steps, s = step[r] % steps. The order is the Feistel permutation of io.espalier.random.Shuffle.
//   keys (R, 2) int32, low and high word of each member's seed; step (R); indices (R, batch) out; s * batch_size + batch <= examples
ESPALIER_API int espalier_batch_indices(int members, int examples, int batch_size, int batch, const int32_t* keys,
                                        const int32_t* step, int32_t* indices, void* stream);

// out[r, f, b] = data[indices[r, b], f] / 255.
//   data (examples, features) bytes, shared by all members; indices (R, batch), 0 to examples - 1; out (R, features, batch)
ESPALIER_API int espalier_gather(int members, int examples, int features, int batch, const uint8_t* data,
                                 const int32_t* indices, float* out, void* stream);

// out[r, c, y, x, b] = (data[indices[r, b], c, y + dy, x' + dx] / 255 - mean[r, c]) * scale[r, c], 0 outside of the image. With the
// words of Philox counter (b, step[r], move_stream, 0): dy = floor(word 0 (2 shift + 1) / 2^32) - shift, dx likewise of word 1,
// x' = width - 1 - x where `mirrored` is not 0 and the high bit of word 2 is set, else x.
//   data (examples, channels, height, width) bytes, shared by all members; indices (R, batch); mean, scale (R, channels)
//   keys (R, 2), step (R), or both null for dy = dx = 0 and x' = x; shift 0 to 2^20; out (R, channels, height, width, batch)
ESPALIER_API int espalier_gather_images(int members, int examples, int channels, int height, int width, int batch,
                                        const uint8_t* data, const int32_t* indices, const float* mean, const float* scale,
                                        const int32_t* keys, const int32_t* step, int shift, int mirrored, int move_stream,
                                        float* out, void* stream);

// out[r, b] = labels[indices[r, b]].
//   labels (examples), shared by all members; indices (R, batch); out (R, batch)
ESPALIER_API int espalier_gather_labels(int members, int examples, int batch, const int32_t* labels, const int32_t* indices,
                                        int32_t* out, void* stream);

// out[r, f, b] = table[r, f, indices[r, b]].
//   table (R, features, columns); indices (R, batch), 0 to columns - 1; out (R, features, batch)
ESPALIER_API int espalier_gather_columns(int members, int features, int columns, int batch, const float* table,
                                         const int32_t* indices, float* out, void* stream);

// ---- dense linear maps: w (R, outputs, inputs), x (R, inputs, batch), z (R, outputs, batch) -----------------------------------

// z = w x.
ESPALIER_API int espalier_linear(int members, int outputs, int inputs, int batch, const float* w, const float* x, float* z,
                                 void* stream);

// dx = w' dz.
ESPALIER_API int espalier_linear_input_gradient(int members, int outputs, int inputs, int batch, const float* w,
                                                const float* dz, float* dx, void* stream);

// dw = dz x'.
ESPALIER_API int espalier_linear_weight_gradient(int members, int outputs, int inputs, int batch, const float* dz,
                                                 const float* x, float* dw, void* stream);

// {dx, hx} = {w' dz, (w o w)' hz}, o being the element-wise product; w is loaded once and squared in registers.
//   dz and dx (R, outputs, batch) and (R, inputs, batch), or both null: then only hx is made; hz, hx likewise, never null
ESPALIER_API int espalier_linear_input_curvature(int members, int outputs, int inputs, int batch, const float* w,
                                                 const float* dz, const float* hz, float* dx, float* hx, void* stream);

// {dw, hw} = {dz x', hz (x o x)'}; x is loaded once and squared in registers.
//   dz and dw, or both null: then only hw is made; hz (R, outputs, batch), hw (R, outputs, inputs), never null
ESPALIER_API int espalier_linear_weight_curvature(int members, int outputs, int inputs, int batch, const float* dz,
                                                  const float* hz, const float* x, float* dw, float* hw, void* stream);

// db[r, o] = sum over b of dz[r, o, b]: dz (R, outputs, batch), db (R, outputs).
ESPALIER_API int espalier_bias_gradient(int members, int outputs, int batch, const float* dz, float* db, void* stream);

// ---- low-rank linear maps: w = learned' fixed through ranks[r] hidden units ---------------------------------------------------

// hidden = fixed x, z = learned' hidden, on the first ranks[r] of the capacity rows; what lies beyond is neither read nor written.
//   ranks (R), 1 to capacity; fixed (R, capacity, inputs); learned (R, capacity, outputs); x (R, inputs, batch);
//   hidden (R, capacity, batch) out; z (R, outputs, batch) out
ESPALIER_API int espalier_low_rank_linear(int members, int capacity, int outputs, int inputs, int batch, const int32_t* ranks,
                                          const float* fixed, const float* learned, const float* x, float* hidden, float* z,
                                          void* stream);

// dhidden = learned dz, dx = fixed' dhidden.
//   dz (R, outputs, batch); dhidden (R, capacity, batch) out; dx (R, inputs, batch) out
ESPALIER_API int espalier_low_rank_input_gradient(int members, int capacity, int outputs, int inputs, int batch,
                                                  const int32_t* ranks, const float* fixed, const float* learned,
                                                  const float* dz, float* dhidden, float* dx, void* stream);

// dlearned = hidden dz'; rows beyond a member's rank become zero.
//   dz (R, outputs, batch); hidden (R, capacity, batch) as espalier_low_rank_linear left it; dlearned (R, capacity, outputs) out
ESPALIER_API int espalier_low_rank_weight_gradient(int members, int capacity, int outputs, int batch, const int32_t* ranks,
                                                   const float* dz, const float* hidden, float* dlearned, void* stream);

// ---- sparse linear maps -------------------------------------------------------------------------------------------------------
//
// Each member has its own pattern, all with room for `capacity` weights:
//   row_starts (R, outputs + 1), where each row's weights begin; columns (R, capacity), each weight's column, ascending in a row
//   column_starts (R, inputs + 1); rows (R, capacity), the row of each weight in column order, ascending in a column;
//   order (R, capacity), that weight's number in row order
//   values (R, capacity), in row order; entries from row_starts[r, outputs] on are unused

// z = w x: x (R, inputs, batch), z (R, outputs, batch) out.
ESPALIER_API int espalier_sparse_linear(int members, int outputs, int inputs, int batch, int capacity,
                                        const int32_t* row_starts, const int32_t* columns, const float* values, const float* x,
                                        float* z, void* stream);

// dx = w' dz: dz (R, outputs, batch), dx (R, inputs, batch) out.
ESPALIER_API int espalier_sparse_input_gradient(int members, int outputs, int inputs, int batch, int capacity,
                                                const int32_t* column_starts, const int32_t* rows, const int32_t* order,
                                                const float* values, const float* dz, float* dx, void* stream);

// {dx, hx} = {w' dz, (w o w)' hz}; a weight is loaded once and squared in registers.
//   dz and dx, or both null: then only hx is made
ESPALIER_API int espalier_sparse_input_curvature(int members, int outputs, int inputs, int batch, int capacity,
                                                 const int32_t* column_starts, const int32_t* rows, const int32_t* order,
                                                 const float* values, const float* dz, const float* hz, float* dx, float* hx,
                                                 void* stream);

// dvalues[r, k] = sum over b of dz[r, row(k), b] x[r, column(k), b]; unused entries become zero.
//   dz (R, outputs, batch), x (R, inputs, batch), dvalues (R, capacity) out
ESPALIER_API int espalier_sparse_weight_gradient(int members, int outputs, int inputs, int batch, int capacity,
                                                 const int32_t* row_starts, const int32_t* columns, const float* dz,
                                                 const float* x, float* dvalues, void* stream);

// {dvalues, hvalues} = sums over b of {dz x, hz x^2}; x is loaded once; unused entries become zero.
//   dz and dvalues, or both null: then only hvalues is made
ESPALIER_API int espalier_sparse_weight_curvature(int members, int outputs, int inputs, int batch, int capacity,
                                                  const int32_t* row_starts, const int32_t* columns, const float* dz,
                                                  const float* hz, const float* x, float* dvalues, float* hvalues, void* stream);

// espalier_sparse_weight_gradient followed by espalier_sgd on the values, without storing the gradient; the same bits as the two.
//   values and velocity (R, capacity) in place, unused entries become zero; learning_rate, momentum, l1, l2 (R)
ESPALIER_API int espalier_sparse_weight_step(int members, int outputs, int inputs, int batch, int capacity,
                                             const int32_t* row_starts, const int32_t* columns, const float* dz, const float* x,
                                             float* values, float* velocity, const float* learning_rate, const float* momentum,
                                             const float* l1, const float* l2, void* stream);

// ---- hashed weights -----------------------------------------------------------------------------------------------------------

// Keys of io.espalier.backend.WeightHash: row and column as little-endian words; or decimal text of weights, or of biases.
#define ESPALIER_HASH_NATIVE 0
#define ESPALIER_HASH_PAPER_WEIGHTS 1
#define ESPALIER_HASH_PAPER_BIASES 2

// index[r, i, j] = 2 * (xxHash32 of the bucket key mod buckets[r]) + (1 if the sign hash is even, else 0).
//   seed and layer: native keys are hashed with seed + 2 layer (bucket) and seed + 2 layer + 1 (sign), text with seed
//   buckets (R), 1 to 2^30 - 1; index (R, rows, columns) out
ESPALIER_API int espalier_hash_indices(int members, int rows, int columns, int mode, int32_t seed, int layer,
                                       const int32_t* buckets, int32_t* index, void* stream);

// out[r, e] = s values[r, index[r, e] / 2], s = -1 where index[r, e] is odd, else 1.
//   values (R, capacity); index (R, elements), 0 to 2 capacity - 1; out (R, elements)
ESPALIER_API int espalier_expand_buckets(int members, int elements, int capacity, const float* values, const int32_t* index,
                                         float* out, void* stream);

// The inverse of an index: which elements take their number from each bucket, in ascending order.
//   index (R, elements); starts (R, capacity + 1) out, where each bucket's elements begin; positions (R, elements) out, an
//   element's number, plus 2^31 (the sign bit) where its entry is odd; cursor (R, capacity), overwritten
ESPALIER_API int espalier_invert_index(int members, int elements, int capacity, const int32_t* index, int32_t* starts,
                                       uint32_t* positions, int32_t* cursor, void* stream);

// out[r, k] = the signed sum of gradient[r, e] over the elements e of bucket k, 0 where there are none.
//   gradient (R, elements); starts, positions as espalier_invert_index makes them; out (R, capacity)
ESPALIER_API int espalier_reduce_to_buckets(int members, int elements, int capacity, const float* gradient,
                                            const int32_t* starts, const uint32_t* positions, float* out, void* stream);

// ---- activations --------------------------------------------------------------------------------------------------------------
//
// Dropout is a pure function of (seed, step, stream, unit, column), see io.espalier.backend.Dropout: unit i of column b is dropped
// where draw b % 8 of the Philox block for counter (i, step, drop_stream, b / 8) is below round(65536 rate).
//   keys (R, 2), step (R), rate (R), 0 to below 1; all three null: no dropout
//   units (R, outputs): which unit each row is; null: row i is unit i, as it must be without dropout

#define ESPALIER_LINEAR 0
#define ESPALIER_RELU 1
#define ESPALIER_SIGMOID 2
#define ESPALIER_TANH 3

// z = dropout(f(z + bias)), in place: z (R, outputs, batch), bias (R, outputs).
ESPALIER_API int espalier_activate(int members, int outputs, int batch, int activation, float* z, const float* bias,
                                   const int32_t* keys, const int32_t* step, const float* rate, const int32_t* units,
                                   int drop_stream, void* stream);

// da = da * scale * f'(z) where unit and column survive, else 0, in place; f' comes from a / scale = f(z).
//   a (R, outputs, batch) as espalier_activate left it with the same dropout; da (R, outputs, batch) in place
ESPALIER_API int espalier_activation_gradient(int members, int outputs, int batch, int activation, const float* a, float* da,
                                              const int32_t* keys, const int32_t* step, const float* rate,
                                              const int32_t* units, int drop_stream, void* stream);

// ha = f'(z)^2 ha + f''(z) da, then da = f'(z) da, in place; both derivatives come from a = f(z), without dropout.
//   a, da, ha (R, outputs, batch); da null: the term with f'' is left out
ESPALIER_API int espalier_activation_curvature(int members, int outputs, int batch, int activation, const float* a, float* da,
                                               float* ha, void* stream);

// x = dropout(x), in place: x (R, features, batch), units (R, features); keys, step and rate not null.
ESPALIER_API int espalier_dropout(int members, int features, int batch, float* x, const int32_t* keys, const int32_t* step,
                                  const float* rate, const int32_t* units, int drop_stream, void* stream);

// ---- losses: z (R, outputs, batch), labels (R, batch), 0 to outputs - 1 ---------------------------------------------------------

// loss[r] += sum over b of -log p[label], dz = (p - onehot) / batch, p = softmax over outputs: dz (R, outputs, batch), loss (R).
ESPALIER_API int espalier_softmax_cross_entropy(int members, int outputs, int batch, const float* z, const int32_t* labels,
                                                float* dz, float* loss, void* stream);

// The same with a teacher: p = softmax(z), pT = softmax(z / T), q = softmax(teacher / T); loss[r] += sum over b of
// (1 - w) (-log p[label]) + w T^2 sum over o of q log(q / pT); dz = ((1 - w) (p - onehot) + w T (pT - q)) / batch.
//   teacher (R, outputs, batch) logits; temperature T (R), above 0; weight w (R), 0 to 1
ESPALIER_API int espalier_distill(int members, int outputs, int batch, const float* z, const int32_t* labels,
                                  const float* teacher, const float* temperature, const float* weight, float* dz, float* loss,
                                  void* stream);

// loss[r] += sum over b, o of (a - onehot)^2 / 2, da = (a - onehot) / batch.
ESPALIER_API int espalier_half_squared_error(int members, int outputs, int batch, const float* a, const int32_t* labels,
                                             float* da, float* loss, void* stream);

// errors[r] += the number of columns whose largest output is not the label's; the lower of equals is the answer; a column that
// holds a NaN is an error: a (R, outputs, batch), errors (R).
ESPALIER_API int espalier_count_errors(int members, int outputs, int batch, const float* a, const int32_t* labels,
                                       int32_t* errors, void* stream);

// h = p (1 - p) / batch, p = softmax over outputs: z, h (R, outputs, batch).
ESPALIER_API int espalier_softmax_curvature(int members, int outputs, int batch, const float* z, float* h, void* stream);

// ---- images: x (R, channels, height, width, batch), a window of kernel x kernel pixels every `stride`, `padding` zeros around ----
// y (R, channels, h, w, batch) with h = (height + 2 padding - kernel) / stride + 1, rounded down, and w likewise, both at least 1;
// padding < kernel, so that every window has a pixel. A pixel adds up what it gets in the order of its places in the windows.

// out[c, ky, kx, oy, ox, b] = x[c, oy stride + ky - padding, ox stride + kx - padding, b], 0 outside of the image.
//   out (R, channels, kernel, kernel, h, w, batch), below 2^31 a member
ESPALIER_API int espalier_patches(int members, int channels, int height, int width, int kernel, int stride, int padding, int batch,
                                  const float* x, float* out, void* stream);

// The transpose: out[c, y, x, b] = the sum of what espalier_patches would have copied from there. out (R, channels, height, width,
// batch)
ESPALIER_API int espalier_fold_patches(int members, int channels, int height, int width, int kernel, int stride, int padding,
                                       int batch, const float* patches, float* out, void* stream);

// y = the largest pixel of every window, winners = its place ky kernel + kx, the first of equals; a NaN is larger than any number.
//   kernel at most 16; winners bytes of y's shape
ESPALIER_API int espalier_max_pool(int members, int channels, int height, int width, int kernel, int stride, int padding,
                                   int batch, const float* x, float* y, uint8_t* winners, void* stream);

// dx = the sum of dy over the windows that the pixel won.
ESPALIER_API int espalier_max_pool_gradient(int members, int channels, int height, int width, int kernel, int stride, int padding,
                                            int batch, const float* dy, const uint8_t* winners, float* dx, void* stream);

// y = scale times the sum of every window.
ESPALIER_API int espalier_average_pool(int members, int channels, int height, int width, int kernel, int stride, int padding,
                                       int batch, float scale, const float* x, float* y, void* stream);

// dx = scale times the sum of dy over the windows that have the pixel.
ESPALIER_API int espalier_average_pool_gradient(int members, int channels, int height, int width, int kernel, int stride,
                                                int padding, int batch, float scale, const float* dy, float* dx, void* stream);

// ---- normalisation along rows: x, y (R, rows, columns), a number a row (R, rows) ------------------------------------------------

// out = the sum of a row / columns.
ESPALIER_API int espalier_mean(int members, int rows, int columns, const float* x, float* out, void* stream);

// out = the sum of (x - mean)^2 over a row / columns.
ESPALIER_API int espalier_variance(int members, int rows, int columns, const float* x, const float* mean, float* out,
                                   void* stream);

// y = gain (x - mean) / sqrt(variance + epsilon) + shift.
ESPALIER_API int espalier_normalise(int members, int rows, int columns, float epsilon, const float* x, const float* mean,
                                    const float* variance, const float* gain, const float* shift, float* y, void* stream);

// dgain = the sum of dy n over a row, dshift = that of dy, n = (x - mean) / sqrt(variance + epsilon).
ESPALIER_API int espalier_normalise_sums(int members, int rows, int columns, float epsilon, const float* x, const float* mean,
                                         const float* variance, const float* dy, float* dgain, float* dshift, void* stream);

// dx = gain / sqrt(variance + epsilon) (dy - dshift / columns - n dgain / columns), where mean and variance are those of x.
ESPALIER_API int espalier_normalise_gradient(int members, int rows, int columns, float epsilon, const float* x,
                                             const float* mean, const float* variance, const float* gain, const float* dy,
                                             const float* dgain, const float* dshift, float* dx, void* stream);

// out = (gain / sqrt(variance + epsilon))^power x: power 1 or 2.
ESPALIER_API int espalier_scale_rows(int members, int rows, int columns, float epsilon, int power, const float* x,
                                     const float* variance, const float* gain, float* out, void* stream);

// ---- parts and sums ---------------------------------------------------------------------------------------------------------------

// to[first_row + i] = from[i]: from (R, from_rows, columns), to (R, to_rows, columns), from_rows + first_row <= to_rows.
ESPALIER_API int espalier_copy_rows(int members, int from_rows, int to_rows, int first_row, int columns, const float* from,
                                    float* to, void* stream);

// to[i] += from[first_row + i]: to_rows + first_row <= from_rows.
ESPALIER_API int espalier_add_rows(int members, int from_rows, int to_rows, int first_row, int columns, const float* from,
                                   float* to, void* stream);

// ---- element-wise: arrays of (R, elements) ----------------------------------------------------------------------------------------

// out = value.
ESPALIER_API int espalier_fill(int members, int elements, float value, float* out, void* stream);

// out = scale x^2.
ESPALIER_API int espalier_square(int members, int elements, float scale, const float* x, float* out, void* stream);

// y = a x + b y, in place.
ESPALIER_API int espalier_combine(int members, int elements, float a, const float* x, float b, float* y, void* stream);

// out = |w|.
ESPALIER_API int espalier_magnitude(int members, int elements, const float* w, float* out, void* stream);

// x = 0 where the mask is 0, in place: mask bytes, 0 or 1.
ESPALIER_API int espalier_apply_mask(int members, int elements, float* x, const uint8_t* mask, void* stream);

// out[r, e] = the 24 high bits of Philox word 0 for counter (positions[r, e], step[r], draw_stream, 0), over 2^24.
//   keys (R, 2), step (R), positions (R, elements)
ESPALIER_API int espalier_uniform(int members, int elements, const int32_t* keys, const int32_t* step, int draw_stream,
                                  const int32_t* positions, float* out, void* stream);

// v = m v + g + l2 w + l1 sign(w), w = w - lr v, in place, sign(0) = 0; where there is a mask and it is 0, w = v = 0.
//   w, g, v (R, elements); mask (R, elements) bytes or null; learning_rate lr, momentum m, l1, l2 (R)
ESPALIER_API int espalier_sgd(int members, int elements, float* w, const float* g, float* v, const uint8_t* mask,
                              const float* learning_rate, const float* momentum, const float* l1, const float* l2, void* stream);

// ---- selection ----------------------------------------------------------------------------------------------------------------

// Prunes the alive weights with the lowest saliency until exactly keep[r] are alive in all masks of member r together. Equal
// saliencies: the lower (tensor, index) goes first; -0 equals 0; what pruned entries hold is ignored. A member with keep[r] = -1
// is left alone. If any other member has an alive saliency that is NaN, or fewer alive than it is to keep, nothing is changed
// anywhere, and found tells where.
//   saliencies, masks: arrays of `tensors` device addresses, of (R, sizes[t]) floats and bytes (0 or 1); sizes (tensors)
//   keep (R), -1 or 0 to the number alive; found (R, 2) out, how many are alive and how many of those are NaN, 0 for keep = -1
ESPALIER_API int espalier_prune_lowest(int members, int tensors, const float* const* saliencies, uint8_t* const* masks,
                                       const int32_t* sizes, const int32_t* keep, int32_t* found, void* stream);

#ifdef __cplusplus
}
#endif
