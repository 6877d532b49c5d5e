// What orders accesses: epochs, which barriers end, and clocks, which lanes of a warp exchange.
#ifdef SIMT_CHECKED

#include <atomic>

#include "block.h"
#include "shadow.h"

namespace simt {

namespace {

std::atomic<uint64_t> lastEpoch{HOST_EPOCH};

void resetClocks(Multiprocessor& home) {
    for (int w = 0; w < home.warpCount; w++) {
        Clocks& clocks = home.warps[w].clocks;
        if (clocks.used) {
            std::memset(clocks.seen, 0, sizeof clocks.seen);
            for (int lane = 0; lane < LANES; lane++) {
                clocks.seen[lane][lane] = 1;
            }
            clocks.used = false;
        }
    }
}

}  // namespace

void checkLaunch(Multiprocessor& home) { home.epochs.launch = ++lastEpoch; }

void checkBlock(Multiprocessor& home) {
    home.epochs.block = home.epochs.barrier = ++lastEpoch;
    resetClocks(home);
}

void checkBarrier(Multiprocessor& home) {
    home.epochs.barrier = ++lastEpoch;
    resetClocks(home);
}

void checkExchange(Warp& warp, unsigned mask) {
    Clocks& clocks = warp.clocks;
    clocks.used = true;
    int16_t met[LANES] = {};
    for (unsigned rest = mask; rest != 0; rest &= rest - 1) {
        const int16_t* const seen = clocks.seen[__builtin_ctz(rest)];
        for (int lane = 0; lane < LANES; lane++) {
            met[lane] = max(met[lane], seen[lane]);
        }
    }
    for (unsigned rest = mask; rest != 0; rest &= rest - 1) {
        const int lane = __builtin_ctz(rest);
        std::memcpy(clocks.seen[lane], met, sizeof met);
        clocks.seen[lane][lane] = static_cast<int16_t>(met[lane] + (met[lane] < Clocks::MAX_CLOCK));
    }
}

}  // namespace simt

#endif
