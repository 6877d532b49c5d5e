// What the race checker remembers of the emulated device's memory: who wrote it last, and who has read it since.
#pragma once

#include <cstddef>
#include <cstdint>

namespace simt {

// An access: its epoch, the thread's number in its block, that thread's clock, and whether it was atomic. Epochs number all
// stretches between barriers of all blocks in the order in which they ran; the clock counts a lane's warp operations within one.
using Stamp = uint64_t;
constexpr Stamp ATOMIC = 1;
constexpr int CLOCK_SHIFT = 1;
constexpr int NUMBER_SHIFT = 17;
// Stamps that are equal from here on are of one warp.
constexpr int WARP_SHIFT = NUMBER_SHIFT + 5;
constexpr int EPOCH_SHIFT = 27;
inline uint64_t epochOf(Stamp stamp) { return stamp >> EPOCH_SHIFT; }
inline int numberOf(Stamp stamp) { return static_cast<int>(stamp >> NUMBER_SHIFT & 1023); }
inline int clockOf(Stamp stamp) { return static_cast<int>(stamp >> CLOCK_SHIFT & 65535); }

// Values of Cell::write that are no access: not memory at all, not written yet, one cell for each of the word's bytes instead.
constexpr Stamp NO_MEMORY = 0;
constexpr Stamp NO_VALUE = 1;
constexpr Stamp BYTEWISE = 2;
// The host writes in an epoch before all others.
constexpr uint64_t HOST_EPOCH = 1;
constexpr Stamp BY_HOST = HOST_EPOCH << EPOCH_SHIFT;

// Of a word or a byte. Atomic updates count as reads that exclude plain ones. Two readers are enough: whoever races with any
// reader races with one of two that were chosen well.
struct Cell {
    Stamp write;
    Stamp readers[2];
};

// The cell of the word that holds byte `offset` of the region, and the cell of that byte.
extern Cell* words;
extern Cell* bytes;
inline Cell& wordAt(uintptr_t offset) { return words[offset / 4]; }
inline Cell& byteAt(uintptr_t offset) { return bytes[offset]; }

// Goes over to one cell a byte, for a word that is accessed in part.
void splitWord(uintptr_t offset);

}  // namespace simt
