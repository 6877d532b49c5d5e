// Which activations are dropped, as in io.espalier.backend.Dropout. A warp works on 8 units by 32 columns: their draws are 32
// Philox blocks, one a lane, and any batch size is read and written in whole rows.
#pragma once

#include "philox.cuh"

namespace espalier {

constexpr int TILE_UNITS = 8;
constexpr int TILE_WARPS = 8;
constexpr int TILE_THREADS = TILE_WARPS * WARP;
// 16-bit draws of a Philox block.
constexpr int DRAWS = 8;

// What a launcher is given: (R, 2), (R), (R), all null for no dropout; (R, units) or null.
struct Dropout {
    const int32_t* keys;
    const int32_t* step;
    const float* rate;
    const int32_t* units;
    int stream;
};

inline bool drops(const Dropout& dropout) { return dropout.keys != nullptr; }

// The first three or none, and units only with them.
inline bool valid(const Dropout& dropout) {
    return (dropout.keys == nullptr) == (dropout.step == nullptr) && (dropout.keys == nullptr) == (dropout.rate == nullptr) &&
           (dropout.keys != nullptr || dropout.units == nullptr);
}

inline dim3 tileGrid(int members, int units, int columns) {
    return dim3(ceilDiv(ceilDiv(units, TILE_UNITS) * ceilDiv(columns, WARP), TILE_WARPS), 1, members);
}

// The lane's column in the warp's tile of a member's (units, columns).
class Tile {
public:
    __device__ Tile(int units, int columns) : units_(units), columns_(columns) {
        const int across = ceilDiv(columns, WARP);
        const int tile = blockIdx.x * TILE_WARPS + threadIdx.x / WARP;
        firstUnit = tile / across * TILE_UNITS;
        firstColumn = tile % across * WARP;
        column_ = firstColumn + threadIdx.x % WARP;
    }

    // Which unit row u of the tile is; any number for a row that does not exist.
    __device__ uint32_t unit(int u, const int32_t* units, int member) const {
        const int row = firstUnit + u;
        return static_cast<uint32_t>(units == nullptr || row >= units_ ? row : units[slice(member, units_) + row]);
    }

    // Whether unit u of the tile exists in this column.
    __device__ bool has(int u) const { return firstUnit + u < units_ && column_ < columns_; }
    __device__ int at(int u) const { return (firstUnit + u) * columns_ + column_; }

    // This column of a member's slice. All loads are on their way before the first is needed.
    __device__ void load(const float* from, float (&values)[TILE_UNITS]) const {
        for (int u = 0; u < TILE_UNITS; u++) {
            values[u] = has(u) ? from[at(u)] : 0;
        }
    }

    int firstUnit, firstColumn;

private:
    int units_, columns_, column_;
};

// A member's rate as draws see it: those below the threshold drop.
struct DropRate {
    uint32_t threshold;
    float scale;    // of the survivors
    float unscale;  // its inverse, which is exact

    __device__ DropRate(const Dropout& dropout, int member) : threshold(0), scale(1), unscale(1) {
        if (dropout.rate != nullptr) {
            threshold = static_cast<uint32_t>(rintf(dropout.rate[member] * 65536));
            const float survivors = static_cast<float>(65536 - threshold);
            // Where all drop, any finite number will do.
            scale = survivors > 0 ? 65536 / survivors : 0;
            unscale = survivors / 65536;
        }
    }
};

// Who of a tile survives. All lanes of a warp must ask together.
template <bool DROPPING>
class Survivors {
public:
    __device__ Survivors(const Dropout& dropout, const DropRate& rate, const Tile& tile, int member) : eight_((1 << DRAWS) - 1) {
        if (DROPPING && rate.threshold > 0) {
            const int lane = threadIdx.x % WARP;
            const uint32_t unit = tile.unit(lane / BLOCKS_ACROSS, dropout.units, member);
            const uint32_t block = tile.firstColumn / DRAWS + lane % BLOCKS_ACROSS;
            const PhiloxWords words = philox(keyOf(dropout.keys, member), {unit, static_cast<uint32_t>(dropout.step[member]),
                                                                           static_cast<uint32_t>(dropout.stream), block});
            eight_ = two(words.x, rate.threshold) | two(words.y, rate.threshold) << 2 | two(words.z, rate.threshold) << 4 |
                     two(words.w, rate.threshold) << 6;
        }
    }

    // Whether unit u of the tile survives in this lane's column.
    __device__ bool has(int u) const {
        if (!DROPPING) {
            return true;
        }
        const int lane = threadIdx.x % WARP;
        return __shfl_sync(ALL_LANES, eight_, u * BLOCKS_ACROSS + lane / DRAWS) >> lane % DRAWS & 1;
    }

private:
    static constexpr int BLOCKS_ACROSS = WARP / DRAWS;

    // A bit for each half of the word, the low half first: 1 for survival.
    __device__ static unsigned two(uint32_t word, uint32_t threshold) {
        return ((word & 0xffff) >= threshold) | ((word >> 16) >= threshold) << 1;
    }

    // A bit for each of eight neighbouring columns of one unit.
    unsigned eight_;
};

}  // namespace espalier
