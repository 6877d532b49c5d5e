// How lanes walk the weights of a sparse map: a group of lanes takes a row and lies over the batch, so that every weight is one
// coalesced load of activations and sums over a row need no exchange.
#pragma once

#include "simt.h"

namespace espalier {

constexpr int SPARSE_THREADS = 128;

// What a pass over the weights makes.
constexpr int GRADIENT = 1;
constexpr int CURVATURE = 2;

// Neighbouring columns of the batch, loaded and stored as one.
template <int COLUMNS>
struct alignas(COLUMNS * sizeof(float)) Pack {
    float at[COLUMNS];

    __device__ static Pack load(const float* from) { return *reinterpret_cast<const Pack*>(from); }
    __device__ void store(float* to) const { *reinterpret_cast<Pack*>(to) = *this; }
};

// Lanes that work on one row, each with `COLUMNS_` neighbouring columns of the batch at a time.
template <int COLUMNS_, int LANES_>
struct Group {
    static constexpr int COLUMNS = COLUMNS_;
    static constexpr int LANES = LANES_;
    static constexpr int STRIP = COLUMNS * LANES;
    static constexpr int PER_BLOCK = SPARSE_THREADS / LANES;

    __device__ static int lane() { return threadIdx.x % LANES; }
    __device__ static int row() { return blockIdx.x * PER_BLOCK + threadIdx.x / LANES; }
    // Groups of a warp have rows of different lengths, so each exchanges among its own lanes only.
    __device__ static unsigned mask() { return ALL_LANES >> (WARP - LANES) << (threadIdx.x & (WARP - LANES)); }
};

// launch(group), the group being the one for this batch: 128-bit loads where every row of activations is aligned to them, and no
// more lanes than have columns.
template <typename Launch>
int withGroup(int batch, Launch launch) {
    if (batch % 4 != 0) {
        return launch(Group<1, 32>());
    }
    if (batch <= 32) {
        return launch(Group<4, 8>());
    }
    return batch <= 64 ? launch(Group<4, 16>()) : launch(Group<4, 32>());
}

}  // namespace espalier
