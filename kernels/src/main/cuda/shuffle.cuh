// The order of the training examples in an epoch, computed and not stored: the permutation of io.espalier.random.Shuffle, a
// Feistel network over the smallest 4^h numbers that hold all examples, walked until it falls among them.
#pragma once

#include "philox.cuh"

namespace espalier {

constexpr int SHUFFLE_ROUNDS = 6;
// io.espalier.random.Stream.DATA_ORDER at substream 0.
constexpr int DATA_ORDER = 2 << 24;

// The key of a round; all positions of an epoch share its six.
__device__ inline uint32_t shuffleKey(PhiloxKey key, int epoch, int round) { return philoxWord(key, round, epoch, DATA_ORDER); }

// The 32-bit finaliser of MurmurHash3.
__device__ inline uint32_t finalised(uint32_t x) {
    x ^= x >> 16;
    x *= 0x85EBCA6Bu;
    x ^= x >> 13;
    x *= 0xC2B2AE35u;
    return x ^ x >> 16;
}

// Which of `size` examples stands at this position, 0 to size - 1.
__device__ inline int shuffled(const uint32_t* roundKeys, int size, int position) {
    const int bits = 32 - __clz(size - 1);
    const int halfBits = max(1, (bits + 1) / 2);
    const uint32_t half = (1u << halfBits) - 1;
    uint32_t value = position;
    do {
        uint32_t left = value >> halfBits;
        uint32_t right = value & half;
        for (int round = 0; round < SHUFFLE_ROUNDS; round++) {
            const uint32_t mixed = left ^ (finalised(right ^ roundKeys[round]) & half);
            left = right;
            right = mixed;
        }
        value = left << halfBits | right;
    } while (value >= static_cast<uint32_t>(size));
    return static_cast<int>(value);
}

}  // namespace espalier
