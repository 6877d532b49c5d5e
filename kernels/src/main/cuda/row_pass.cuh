// Passes over (R, rows, columns) in which every row has its own numbers: a block works on a part of one row, so that it looks
// them up once.
#pragma once

#include "several.cuh"

namespace espalier {

constexpr int PASS_THREADS = 256;
// Elements of a row that a block works on.
constexpr int PASS_ELEMENTS = 4 * PASS_THREADS;

inline bool validPass(int members, int rows, int columns) {
    return members >= 1 && members <= MAX_MEMBERS && rows >= 1 && columns >= 1;
}

inline dim3 passGrid(int members, int rows, int columns) { return dim3(rows * ceilDiv(columns, PASS_ELEMENTS), 1, members); }

// Where a block is: its row among those of all members, and its part of it.
struct RowPart {
    long long row;
    int first, end;

    __device__ RowPart(int rows, int columns) {
        const int parts = ceilDiv(columns, PASS_ELEMENTS);
        const int part = blockIdx.x % parts;
        row = slice(blockIdx.z, rows) + blockIdx.x / parts;
        first = part * PASS_ELEMENTS;
        end = min(columns - first, PASS_ELEMENTS) + first;
    }
};

// Calls body with the place of each of the thread's groups of WIDTH elements in its row.
template <int WIDTH, typename Body>
__device__ void forOwn(const RowPart& part, Body body) {
    for (int i = part.first + threadIdx.x * WIDTH; i < part.end; i += PASS_THREADS * WIDTH) {
        body(i);
    }
}

}  // namespace espalier
