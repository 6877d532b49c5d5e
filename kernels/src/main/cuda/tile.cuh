// One operand of a product on its way from global to shared memory. A thread fetches its part of a tile into registers and puts
// it into shared memory later, so that a tile is on its way while the one before it is multiplied.
#pragma once

#include "simt.h"

namespace espalier {

// Which index of an operand is innermost in memory: that of the sum, or the free one, which is a row or a column of the product.
enum class Inner { SUM, FREE };

// Floats between two steps of the sum in shared memory: a padding of 4 keeps them aligned for 128-bit loads and spreads the
// stores of a warp that transposes over all banks.
__host__ __device__ constexpr int tileStride(int size) { return size + 4; }

// Tiles of SIZE free indices by DEPTH steps of the sum; element (free f, step k) goes to k * tileStride(SIZE) + f.
template <int SIZE, int DEPTH, int THREADS, Inner INNER>
class TileLoader {
public:
    static constexpr int FLOATS = DEPTH * tileStride(SIZE);

    // The operand has `free` by `depth` elements; the tiles begin at `begin` on the free side.
    __device__ TileLoader(const float* at, int free, int depth, int begin)
        : at_(at), free_(free), depth_(depth), begin_(begin), aligned_((INNER == Inner::SUM ? depth : free) % 4 == 0) {}

    // Fetches the tile that begins at `step`; what lies outside of the operand is 0.
    __device__ void fetch(int step) {
        for (int c = 0; c < CHUNKS; c++) {
            if (aligned_) {
                const int f = begin_ + freeOf(c, 0);
                const int k = step + stepOf(c, 0);
                float4 four = make_float4(0, 0, 0, 0);
                if (f < free_ && k < depth_) {
                    four = *reinterpret_cast<const float4*>(at_ + offset(f, k));
                }
                staged_[c][0] = four.x;
                staged_[c][1] = four.y;
                staged_[c][2] = four.z;
                staged_[c][3] = four.w;
            } else {
                for (int i = 0; i < 4; i++) {
                    const int f = begin_ + freeOf(c, i);
                    const int k = step + stepOf(c, i);
                    staged_[c][i] = f < free_ && k < depth_ ? at_[offset(f, k)] : 0;
                }
            }
        }
    }

    // Puts what was fetched last into shared memory.
    __device__ void put(float* tile) const {
        for (int c = 0; c < CHUNKS; c++) {
            if (INNER == Inner::FREE && aligned_) {
                *reinterpret_cast<float4*>(tile + stepOf(c, 0) * tileStride(SIZE) + freeOf(c, 0)) =
                    make_float4(staged_[c][0], staged_[c][1], staged_[c][2], staged_[c][3]);
            } else {
                for (int i = 0; i < 4; i++) {
                    tile[stepOf(c, i) * tileStride(SIZE) + freeOf(c, i)] = staged_[c][i];
                }
            }
        }
    }

private:
    // A thread moves chunks of four elements.
    static constexpr int CHUNKS = SIZE * DEPTH / 4 / THREADS;
    static constexpr int QUARTER = SIZE / 4;
    static_assert(CHUNKS * THREADS * 4 == SIZE * DEPTH, "the threads share a tile evenly");

    __device__ static int chunk(int c) { return c * THREADS + threadIdx.x; }

    // Where element i of a chunk lies in the tile. Along the sum, two neighbouring threads read 32 bytes of one row, a sector,
    // and 16 such pairs store to 32 banks. Along the free side the threads of a row are neighbours, also where each loads
    // single floats.
    __device__ int freeOf(int c, int i) const {
        if (INNER == Inner::SUM) {
            return chunk(c) / 2 % SIZE;
        }
        return aligned_ ? chunk(c) % QUARTER * 4 + i : chunk(c) % QUARTER + i * QUARTER;
    }
    __device__ static int stepOf(int c, int i) {
        return INNER == Inner::SUM ? (chunk(c) / (2 * SIZE) * 2 + chunk(c) % 2) * 4 + i : chunk(c) / QUARTER;
    }

    __device__ int offset(int f, int k) const { return INNER == Inner::SUM ? f * depth_ + k : k * free_ + f; }

    const float* at_;
    int free_, depth_, begin_;
    bool aligned_;
    float staged_[CHUNKS][4];
};

}  // namespace espalier
