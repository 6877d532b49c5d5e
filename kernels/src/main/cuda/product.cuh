// The tiled product of two matrices, plain, with one operand squared, or both at once. All dense maps are made of it: what
// differs is which index of an operand is innermost and which operand is squared.
#pragma once

#include "blocking.cuh"

namespace espalier {

enum class Squared { NEITHER, ROWS, COLUMNS };

// What is multiplied. PLAIN makes the product itself, a squared side that with the squares of the operand on that side. Both
// together take that operand from shared memory once; the other one is a pair then, its first matrix for the plain product, its
// second for the squared one.
template <Inner ROWS_INNER, Inner COLUMNS_INNER, bool PLAIN, Squared SQUARED>
struct Form {
    static constexpr Inner ROWS = ROWS_INNER;
    static constexpr Inner COLUMNS = COLUMNS_INNER;
    static constexpr bool HAS_PLAIN = PLAIN;
    static constexpr bool HAS_SQUARED = SQUARED != Squared::NEITHER;
    static constexpr Squared SIDE = SQUARED;
    static constexpr int ROW_OPERANDS = PLAIN && SQUARED == Squared::COLUMNS ? 2 : 1;
    static constexpr int COLUMN_OPERANDS = PLAIN && SQUARED == Squared::ROWS ? 2 : 1;
    static constexpr int RESULTS = PLAIN && HAS_SQUARED ? 2 : 1;
    static_assert(PLAIN || HAS_SQUARED, "something is multiplied");
};

// Many registers a thread, for few loads from shared memory.
using LargeTile = Tile<64, 64, 16, 8, 4, 1, 4>;
// Many threads for few elements: our layers are small, and one tile of them is a long sum.
using SmallTile = Tile<32, 32, 32, 4, 4, 4, 0>;
// From this many large tiles on there are enough of them to keep a GPU busy. The rule knows nothing of the number of members: the
// tile decides the order of the sum.
constexpr int MANY_LARGE_TILES = 96;

struct Operand {
    const float* at[2];
    long long perMember;
};

struct Result {
    float* at[2];
    long long perMember;
};

// rows by columns elements, sums of `depth` products. Member r may have fewer rows, rowLimits[r], or, where both operands have
// the sum outermost, a shorter sum, depthLimits[r]; null means no limit. Rows beyond the limit become 0 if `clear`, or else stay
// as they are.
struct Extent {
    int rows, columns, depth;
    const int32_t* rowLimits;
    const int32_t* depthLimits;
    bool clear;
};

template <class FORM, class TILE>
__global__ void __launch_bounds__(TILE::THREADS, TILE::RESIDENT)
    product(Extent extent, Operand rowsOperand, Operand columnsOperand, Result result) {
    using RowLoader = TileLoader<TILE::ROWS, TILE::DEPTH, TILE::THREADS, FORM::ROWS>;
    using ColumnLoader = TileLoader<TILE::COLUMNS, TILE::DEPTH, TILE::THREADS, FORM::COLUMNS>;
    constexpr int COLUMN_TILES_AT = FORM::ROW_OPERANDS * RowLoader::FLOATS;
    constexpr int BUFFER = COLUMN_TILES_AT + FORM::COLUMN_OPERANDS * ColumnLoader::FLOATS;
    constexpr int STEPS = TILE::DEPTH / TILE::SPLITS;
    // Two buffers, of which one is filled while the other is read; in the end the groups' sums.
    static_assert(TILE::SPLITS == 1 || TILE::SPLITS * TILE::FLOATS <= 2 * BUFFER, "the groups' sums fit into the buffers");
    SHARED(float4, memory, [2 * BUFFER / 4]);
    float* const pool = reinterpret_cast<float*>(memory);

    const int member = blockIdx.z;
    const int rows = extent.rowLimits ? extent.rowLimits[member] : extent.rows;
    const int depth = extent.depthLimits ? extent.depthLimits[member] : extent.depth;
    const int tilesAcross = ceilDiv(extent.columns, TILE::COLUMNS);
    const Place place = {static_cast<int>(blockIdx.x) / tilesAcross * TILE::ROWS,
                         static_cast<int>(blockIdx.x) % tilesAcross * TILE::COLUMNS, rows, extent.clear ? extent.rows : rows,
                         extent.columns};

    const long long rowsSlice = slice(member, rowsOperand.perMember);
    const long long columnsSlice = slice(member, columnsOperand.perMember);
    constexpr int LAST_ROWS = FORM::ROW_OPERANDS - 1;
    constexpr int LAST_COLUMNS = FORM::COLUMN_OPERANDS - 1;
    RowLoader rowLoaders[2] = {{rowsOperand.at[0] + rowsSlice, rows, depth, place.firstRow},
                               {rowsOperand.at[LAST_ROWS] + rowsSlice, rows, depth, place.firstRow}};
    ColumnLoader columnLoaders[2] = {{columnsOperand.at[0] + columnsSlice, extent.columns, depth, place.firstColumn},
                                     {columnsOperand.at[LAST_COLUMNS] + columnsSlice, extent.columns, depth, place.firstColumn}};
    const auto fetch = [&](int step) {
        for (int o = 0; o < FORM::ROW_OPERANDS; o++) {
            rowLoaders[o].fetch(step);
        }
        for (int o = 0; o < FORM::COLUMN_OPERANDS; o++) {
            columnLoaders[o].fetch(step);
        }
    };
    const auto put = [&](float* buffer) {
        for (int o = 0; o < FORM::ROW_OPERANDS; o++) {
            rowLoaders[o].put(buffer + o * RowLoader::FLOATS);
        }
        for (int o = 0; o < FORM::COLUMN_OPERANDS; o++) {
            columnLoaders[o].put(buffer + COLUMN_TILES_AT + o * ColumnLoader::FLOATS);
        }
    };

    float sums[FORM::RESULTS][TILE::THREAD_ROWS][TILE::THREAD_COLUMNS] = {};
    // A block without rows has nothing to sum.
    const int end = place.firstRow < rows ? depth : 0;
    fetch(0);
    put(pool);
    __syncthreads();
    for (int step = 0, buffer = 0; step < end; step += TILE::DEPTH, buffer ^= 1) {
        const bool more = step + TILE::DEPTH < end;
        if (more) {
            fetch(step + TILE::DEPTH);
        }
        const float* const rowTiles = pool + buffer * BUFFER;
        const float* const columnTiles = rowTiles + COLUMN_TILES_AT;
        const int firstStep = threadIdx.x / TILE::GROUP * STEPS;
        for (int k = firstStep; k < firstStep + STEPS; k++) {
            float row[FORM::ROW_OPERANDS][TILE::THREAD_ROWS];
            float column[FORM::COLUMN_OPERANDS][TILE::THREAD_COLUMNS];
            for (int o = 0; o < FORM::ROW_OPERANDS; o++) {
                readOwn<TILE::ROWS>(rowTiles + o * RowLoader::FLOATS + k * tileStride(TILE::ROWS), threadRow<TILE>(), row[o]);
            }
            for (int o = 0; o < FORM::COLUMN_OPERANDS; o++) {
                readOwn<TILE::COLUMNS>(columnTiles + o * ColumnLoader::FLOATS + k * tileStride(TILE::COLUMNS),
                                       threadColumn<TILE>(), column[o]);
            }
            if (FORM::HAS_PLAIN) {
                addProducts(row[0], column[0], sums[0]);
            }
            if (FORM::SIDE == Squared::ROWS) {
                squareAll(row[LAST_ROWS]);
            }
            if (FORM::SIDE == Squared::COLUMNS) {
                squareAll(column[LAST_COLUMNS]);
            }
            if (FORM::HAS_SQUARED) {
                addProducts(row[LAST_ROWS], column[LAST_COLUMNS], sums[FORM::RESULTS - 1]);
            }
        }
        if (more) {
            put(pool + (buffer ^ 1) * BUFFER);
        }
        __syncthreads();
    }

    const long long resultSlice = slice(member, result.perMember);
    storeTile<TILE>(place, sums[0], pool, result.at[0] + resultSlice);
    if (FORM::RESULTS == 2) {
        __syncthreads();
        storeTile<TILE>(place, sums[FORM::RESULTS - 1], pool, result.at[1] + resultSlice);
    }
}

template <class FORM, class TILE>
int launchTiles(int members, const Extent& extent, const Operand& rows, const Operand& columns, const Result& result,
                void* stream) {
    const dim3 grid(ceilDiv(extent.rows, TILE::ROWS) * ceilDiv(extent.columns, TILE::COLUMNS), 1, members);
    return LAUNCH((product<FORM, TILE>), grid, TILE::THREADS, 0, stream, extent, rows, columns, result);
}

// A product of dense matrices, all of whose rows count.
template <class FORM>
int launchProduct(int members, int rows, int columns, int depth, const Operand& rowsOperand, const Operand& columnsOperand,
                  const Result& result, void* stream) {
    if (members < 1 || members > MAX_MEMBERS || rows < 1 || columns < 1 || depth < 1) {
        return ESPALIER_BAD_ARGUMENT;
    }
    const Extent extent = {rows, columns, depth, nullptr, nullptr, false};
    const long long largeTiles =
        static_cast<long long>(ceilDiv(rows, LargeTile::ROWS)) * ceilDiv(columns, LargeTile::COLUMNS);
    return largeTiles >= MANY_LARGE_TILES
               ? launchTiles<FORM, LargeTile>(members, extent, rowsOperand, columnsOperand, result, stream)
               : launchTiles<FORM, SmallTile>(members, extent, rowsOperand, columnsOperand, result, stream);
}

}  // namespace espalier
