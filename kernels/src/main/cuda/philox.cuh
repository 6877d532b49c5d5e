// Philox4x32-10, 128 random bits as a pure function of a key and a counter: the same numbers as io.espalier.random.Philox.
// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
#pragma once

#include "simt.h"

namespace espalier {

// The words of a seed.
struct PhiloxKey {
    uint32_t low, high;
};

// A member's key among those of all members, (R, 2).
__device__ inline PhiloxKey keyOf(const int32_t* keys, int member) {
    return {static_cast<uint32_t>(keys[2 * member]), static_cast<uint32_t>(keys[2 * member + 1])};
}

// Four words: a counter, which Espalier fills with (index, step, stream, block), or the random bits made of it.
struct PhiloxWords {
    uint32_t x, y, z, w;
};

__device__ inline PhiloxWords philox(PhiloxKey key, PhiloxWords c) {
    for (int round = 0; round < 10; round++) {
        const uint64_t product0 = 0xD2511F53ull * c.x;
        const uint64_t product1 = 0xCD9E8D57ull * c.z;
        c = {static_cast<uint32_t>(product1 >> 32) ^ c.y ^ key.low, static_cast<uint32_t>(product1),
             static_cast<uint32_t>(product0 >> 32) ^ c.w ^ key.high, static_cast<uint32_t>(product0)};
        key.low += 0x9E3779B9u;
        key.high += 0xBB67AE85u;
    }
    return c;
}

// The first word of a counter's first block.
__device__ inline uint32_t philoxWord(PhiloxKey key, int index, int step, int stream) {
    return philox(key, {static_cast<uint32_t>(index), static_cast<uint32_t>(step), static_cast<uint32_t>(stream), 0}).x;
}

}  // namespace espalier
