// What the race checker is told and remembers of a launch. It is part of the build only with SIMT_CHECKED; then kernels are
// compiled with -fsanitize=thread, which makes them announce each access.
#pragma once

#include <cstddef>
#include <cstdint>

namespace simt {

struct Multiprocessor;
struct Warp;

#ifdef SIMT_CHECKED

// The epochs (see shadow.h) that began with the launch, with the block, and with its last barrier.
struct Epochs {
    uint64_t launch, block, barrier;
};

// What the lanes of a warp know of each other. When all of them meet, they know everything before: clocks below `first` are over.
// Only if some have met since, seen[i][k] is the last clock of lane k that lane i knows, seen[i][i] its own. Clocks end at LAST:
// after so many warp operations between two barriers races within the warp are missed.
struct Clocks {
    static constexpr uint16_t LAST = UINT16_MAX;
    uint16_t first, latest;
    bool someMet;
    uint16_t seen[32][32];

    int own(int lane) const { return someMet ? seen[lane][lane] : first; }
    bool knows(int lane, int other, int clock) const {
        return clock < first || (someMet && seen[lane][other] >= clock) || latest == LAST;
    }
};

// Memory that has no value yet, has one from the host, is none any more.
bool reserveShadow();
void shadowBlank(const char* start, size_t count);
void shadowWritten(const char* start, size_t count);
void shadowNone(const char* start, size_t count);

// A launch, a block begins; a barrier has been passed; the lanes of the mask have met.
void checkLaunch(Multiprocessor& home);
void checkBlock(Multiprocessor& home);
void checkBarrier(Multiprocessor& home);
void checkExchange(Warp& warp, unsigned mask);

#else

struct Epochs {};
struct Clocks {};

inline bool reserveShadow() { return true; }
inline void shadowBlank(const char*, size_t) {}
inline void shadowWritten(const char*, size_t) {}
inline void shadowNone(const char*, size_t) {}

inline void checkLaunch(Multiprocessor&) {}
inline void checkBlock(Multiprocessor&) {}
inline void checkBarrier(Multiprocessor&) {}
inline void checkExchange(Warp&, unsigned) {}

#endif

}  // namespace simt
