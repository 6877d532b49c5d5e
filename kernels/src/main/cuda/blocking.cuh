// How the threads of a block share a tile of a product: which elements each makes in its registers, what it reads for one step of
// the sum, and how the sums leave the block.
#pragma once

#include "tile.cuh"

namespace espalier {

// What a block makes: ROWS by COLUMNS elements, DEPTH steps of the sum at a time, THREAD_ROWS by THREAD_COLUMNS of them a thread.
// SPLITS groups of threads share the steps of each DEPTH and add up at the end. The registers are to suffice for RESIDENT blocks
// on a multiprocessor; 0 leaves that to the compiler.
template <int ROWS_, int COLUMNS_, int DEPTH_, int THREAD_ROWS_, int THREAD_COLUMNS_, int SPLITS_, int RESIDENT_>
struct Tile {
    static constexpr int ROWS = ROWS_;
    static constexpr int COLUMNS = COLUMNS_;
    static constexpr int DEPTH = DEPTH_;
    static constexpr int THREAD_ROWS = THREAD_ROWS_;
    static constexpr int THREAD_COLUMNS = THREAD_COLUMNS_;
    static constexpr int SPLITS = SPLITS_;
    static constexpr int RESIDENT = RESIDENT_;
    static constexpr int GROUP = ROWS / THREAD_ROWS * (COLUMNS / THREAD_COLUMNS);
    static constexpr int THREADS = GROUP * SPLITS;
    // Of shared memory, for one group's sums.
    static constexpr int FLOATS = ROWS * tileStride(COLUMNS);
};

// Every second bit of a thread's number, from the lowest on. Rows and columns of threads are interleaved in its bits: so every
// half warp is a square of 4 by 4 threads, and needs the fewest different words for its 128-bit loads.
__device__ inline int everySecondBit(int n) { return (n & 1) | (n >> 1 & 2) | (n >> 2 & 4) | (n >> 3 & 8); }

template <class TILE>
__device__ int threadRow() {
    return everySecondBit(threadIdx.x % TILE::GROUP >> 1);
}

template <class TILE>
__device__ int threadColumn() {
    return everySecondBit(threadIdx.x % TILE::GROUP);
}

// Which of SIZE rows or columns is the i-th of thread t: fours, at the same place of equal parts of the tile.
template <int SIZE, int COUNT>
__device__ int ownIndex(int t, int i) {
    return i / 4 * (SIZE / (COUNT / 4)) + t * 4 + i % 4;
}

template <int SIZE, int COUNT>
__device__ void readOwn(const float* step, int t, float (&own)[COUNT]) {
    for (int i = 0; i < COUNT; i += 4) {
        const float4 four = *reinterpret_cast<const float4*>(step + ownIndex<SIZE, COUNT>(t, i));
        own[i] = four.x;
        own[i + 1] = four.y;
        own[i + 2] = four.z;
        own[i + 3] = four.w;
    }
}

template <int COUNT>
__device__ void squareAll(float (&values)[COUNT]) {
    for (int i = 0; i < COUNT; i++) {
        values[i] *= values[i];
    }
}

template <int ROWS, int COLUMNS>
__device__ void addProducts(const float (&row)[ROWS], const float (&column)[COLUMNS], float (&sum)[ROWS][COLUMNS]) {
    for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < COLUMNS; j++) {
            sum[i][j] = fmaf(row[i], column[j], sum[i][j]);
        }
    }
}

// Where a block is in its member's product: its first row and column, how many rows are multiplied and how many are written,
// those between the two as zeros, and how many columns there are.
struct Place {
    int firstRow, firstColumn, rows, written, columns;
};

// Writes four neighbours of a row of the tile.
__device__ inline void storeFour(const Place& place, float* out, int tileRow, int tileColumn, float4 four) {
    const int row = place.firstRow + tileRow;
    const int column = place.firstColumn + tileColumn;
    if (row >= place.written || column >= place.columns) {
        return;
    }
    if (row >= place.rows) {
        four = make_float4(0, 0, 0, 0);
    }
    float* const to = out + row * place.columns + column;
    if (place.columns % 4 == 0) {
        *reinterpret_cast<float4*>(to) = four;
        return;
    }
    const float values[4] = {four.x, four.y, four.z, four.w};
    for (int j = 0; j < 4; j++) {
        if (column + j < place.columns) {
            to[j] = values[j];
        }
    }
}

// Writes the sums of all threads of a block. Those of several groups go through `pool`, where nothing may be in use any more, and
// are added in the order of the groups.
template <class TILE>
__device__ void storeTile(const Place& place, const float (&sum)[TILE::THREAD_ROWS][TILE::THREAD_COLUMNS], float* pool,
                          float* out) {
    for (int i = 0; i < TILE::THREAD_ROWS; i++) {
        for (int j = 0; j < TILE::THREAD_COLUMNS; j += 4) {
            const float4 four = make_float4(sum[i][j], sum[i][j + 1], sum[i][j + 2], sum[i][j + 3]);
            const int row = ownIndex<TILE::ROWS, TILE::THREAD_ROWS>(threadRow<TILE>(), i);
            const int column = ownIndex<TILE::COLUMNS, TILE::THREAD_COLUMNS>(threadColumn<TILE>(), j);
            if (TILE::SPLITS == 1) {
                storeFour(place, out, row, column, four);
            } else {
                float* const partial = pool + threadIdx.x / TILE::GROUP * TILE::FLOATS;
                *reinterpret_cast<float4*>(partial + row * tileStride(TILE::COLUMNS) + column) = four;
            }
        }
    }
    if (TILE::SPLITS > 1) {
        __syncthreads();
        constexpr int FOURS = TILE::COLUMNS / 4;
        for (int e = threadIdx.x; e < TILE::ROWS * FOURS; e += TILE::THREADS) {
            const float* const partial = pool + e / FOURS * tileStride(TILE::COLUMNS) + e % FOURS * 4;
            float4 four = *reinterpret_cast<const float4*>(partial);
            for (int s = 1; s < TILE::SPLITS; s++) {
                const float4 next = *reinterpret_cast<const float4*>(partial + s * TILE::FLOATS);
                four = make_float4(four.x + next.x, four.y + next.y, four.z + next.z, four.w + next.w);
            }
            storeFour(place, out, e / FOURS, e % FOURS * 4, four);
        }
    }
}

}  // namespace espalier
