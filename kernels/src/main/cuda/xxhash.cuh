// xxHash32 as io.espalier.random.XxHash32 has it (Collet, "xxHash fast digest algorithm", specification 0.2.0).
#pragma once

#include "simt.h"

namespace espalier {

constexpr uint32_t XXHASH_PRIME_1 = 0x9E3779B1;
constexpr uint32_t XXHASH_PRIME_2 = 0x85EBCA77;
constexpr uint32_t XXHASH_PRIME_3 = 0xC2B2AE3D;
constexpr uint32_t XXHASH_PRIME_4 = 0x27D4EB2F;
constexpr uint32_t XXHASH_PRIME_5 = 0x165667B1;

__device__ inline uint32_t rotateLeft(uint32_t value, int count) { return value << count | value >> (32 - count); }

__device__ inline uint32_t xxHashRound(uint32_t lane, uint32_t word) {
    return rotateLeft(lane + word * XXHASH_PRIME_2, 13) * XXHASH_PRIME_1;
}

__device__ inline uint32_t xxHashWord(uint32_t hash, uint32_t word) {
    return rotateLeft(hash + word * XXHASH_PRIME_3, 17) * XXHASH_PRIME_4;
}

__device__ inline uint32_t xxHashFinished(uint32_t hash) {
    hash = (hash ^ hash >> 15) * XXHASH_PRIME_2;
    hash = (hash ^ hash >> 13) * XXHASH_PRIME_3;
    return hash ^ hash >> 16;
}

// The hash of two little-endian words, 8 bytes.
__device__ inline uint32_t xxHash32(uint32_t first, uint32_t second, uint32_t seed) {
    return xxHashFinished(xxHashWord(xxHashWord(seed + XXHASH_PRIME_5 + 8, first), second));
}

// The hash of the first `length` bytes of little-endian words.
__device__ inline uint32_t xxHash32(const uint32_t* words, int length, uint32_t seed) {
    const int whole = length / 4;
    int at = 0;
    uint32_t hash = seed + XXHASH_PRIME_5;
    if (whole >= 4) {
        uint32_t lane1 = seed + XXHASH_PRIME_1 + XXHASH_PRIME_2;
        uint32_t lane2 = seed + XXHASH_PRIME_2;
        uint32_t lane3 = seed;
        uint32_t lane4 = seed - XXHASH_PRIME_1;
        for (; at + 4 <= whole; at += 4) {
            lane1 = xxHashRound(lane1, words[at]);
            lane2 = xxHashRound(lane2, words[at + 1]);
            lane3 = xxHashRound(lane3, words[at + 2]);
            lane4 = xxHashRound(lane4, words[at + 3]);
        }
        hash = rotateLeft(lane1, 1) + rotateLeft(lane2, 7) + rotateLeft(lane3, 12) + rotateLeft(lane4, 18);
    }
    hash += length;
    for (; at < whole; at++) {
        hash = xxHashWord(hash, words[at]);
    }
    const uint8_t* const bytes = reinterpret_cast<const uint8_t*>(words);
    for (int b = 4 * whole; b < length; b++) {
        hash = rotateLeft(hash + bytes[b] * XXHASH_PRIME_5, 11) * XXHASH_PRIME_1;
    }
    return xxHashFinished(hash);
}

}  // namespace espalier
