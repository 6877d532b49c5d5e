// Products of a sparse matrix and activations, forward by rows and backward by columns. A group of lanes owns a row of the result
// and a strip of the batch and adds its weights in their order, one fused multiply-add each: no term is added by two threads.
#pragma once

#include "sparse.cuh"

namespace espalier {

// How many loads of activations are under way at once.
constexpr int SPARSE_LOADS = 8;

// A sparse matrix seen along the rows of the result. With `order`, weight k is values[order[k]].
struct SparseView {
    int rows, depth, batch, capacity;
    const int32_t* starts;
    const int32_t* columns;
    const int32_t* order;
    const float* values;
};

// z = w x and, with CURVATURE, hz = (w o w) hx, which squares the weight that is already there.
template <typename G, bool ORDERED, int TERMS>
__global__ void __launch_bounds__(SPARSE_THREADS)
    sparseProduct(SparseView w, int rowBlocks, const float* __restrict__ x, const float* __restrict__ hx, float* __restrict__ z,
                  float* __restrict__ hz) {
    const int member = blockIdx.z;
    const int lane = G::lane();
    const unsigned mask = G::mask();
    // Blocks with the same strip of the batch are neighbours, so that they share the strip in the cache.
    const int row = blockIdx.x % rowBlocks * G::PER_BLOCK + threadIdx.x / G::LANES;
    const int column = blockIdx.x / rowBlocks * G::STRIP + lane * G::COLUMNS;
    if (row >= w.rows) {
        return;
    }
    const int32_t* const starts = w.starts + slice(member, w.rows + 1LL);
    const int32_t* const columns = w.columns + slice(member, w.capacity);
    const int32_t* const order = ORDERED ? w.order + slice(member, w.capacity) : nullptr;
    const float* const values = w.values + slice(member, w.capacity);
    // Lanes beyond the batch read its last columns and store nothing.
    const long long from = slice(member, static_cast<long long>(w.depth) * w.batch) + min(column, w.batch - G::COLUMNS);
    const int end = starts[row + 1];
    Pack<G::COLUMNS> sum = {};
    Pack<G::COLUMNS> squares = {};
    for (int base = starts[row]; base < end; base += G::LANES) {
        int place = 0;
        float value = 0;
        if (base + lane < end) {
            place = columns[base + lane] * w.batch;
            value = values[ORDERED ? order[base + lane] : base + lane];
        }
        const int count = min(G::LANES, end - base);
        for (int first = 0; first < count; first += SPARSE_LOADS) {
            // Behind the last weight the loads go to the first row of activations, and are not added.
            Pack<G::COLUMNS> loaded[SPARSE_LOADS];
            Pack<G::COLUMNS> curvatures[SPARSE_LOADS];
#pragma unroll
            for (int u = 0; u < SPARSE_LOADS; u++) {
                const int at = __shfl_sync(mask, place, first + u, G::LANES);
                if (TERMS & GRADIENT) {
                    loaded[u] = Pack<G::COLUMNS>::load(x + from + at);
                }
                if (TERMS & CURVATURE) {
                    curvatures[u] = Pack<G::COLUMNS>::load(hx + from + at);
                }
            }
#pragma unroll
            for (int u = 0; u < SPARSE_LOADS; u++) {
                const float weight = __shfl_sync(mask, value, first + u, G::LANES);
                if (first + u < count) {
#pragma unroll
                    for (int c = 0; c < G::COLUMNS; c++) {
                        if (TERMS & GRADIENT) {
                            sum.at[c] = fmaf(weight, loaded[u].at[c], sum.at[c]);
                        }
                        if (TERMS & CURVATURE) {
                            squares.at[c] = fmaf(weight * weight, curvatures[u].at[c], squares.at[c]);
                        }
                    }
                }
            }
        }
    }
    if (column < w.batch) {
        const long long to = slice(member, static_cast<long long>(w.rows) * w.batch) + row * w.batch + column;
        if (TERMS & GRADIENT) {
            sum.store(z + to);
        }
        if (TERMS & CURVATURE) {
            squares.store(hz + to);
        }
    }
}

template <bool ORDERED, int TERMS>
int launchSparseProduct(int members, const SparseView& w, const float* x, const float* hx, float* z, float* hz, void* stream) {
    if (members < 1 || members > MAX_MEMBERS || w.rows < 1 || w.depth < 1 || w.batch < 1 || w.capacity < 1) {
        return ESPALIER_BAD_ARGUMENT;
    }
    return withGroup(w.batch, [=](auto group) {
        using G = decltype(group);
        const int rowBlocks = ceilDiv(w.rows, G::PER_BLOCK);
        const dim3 grid(rowBlocks * ceilDiv(w.batch, G::STRIP), 1, members);
        return LAUNCH((sparseProduct<G, ORDERED, TERMS>), grid, SPARSE_THREADS, 0, stream, w, rowBlocks, x, hx, z, hz);
    });
}

}  // namespace espalier
