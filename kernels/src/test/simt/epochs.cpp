// What orders accesses: epochs, which barriers end, and clocks, which lanes of a warp exchange.
#ifdef SIMT_CHECKED

#include <atomic>

#include "block.h"
#include "shadow.h"

namespace simt {

namespace {

std::atomic<uint64_t> lastEpoch{HOST_EPOCH};

void beginEpoch(Multiprocessor& home) {
    home.epochs.barrier = ++lastEpoch;
    for (int w = 0; w < home.warpCount; w++) {
        Clocks& clocks = home.warps[w].clocks;
        clocks.first = clocks.latest = 1;
        clocks.someMet = false;
    }
}

}  // namespace

void checkLaunch(Multiprocessor& home) { home.epochs.launch = ++lastEpoch; }

void checkBlock(Multiprocessor& home) {
    beginEpoch(home);
    home.epochs.block = home.epochs.barrier;
}

void checkBarrier(Multiprocessor& home) { beginEpoch(home); }

void checkExchange(Warp& warp, unsigned mask) {
    Clocks& clocks = warp.clocks;
    if (clocks.latest == Clocks::LAST) {
        return;
    }
    if (mask == warp.lanes) {
        clocks.first = ++clocks.latest;
        clocks.someMet = false;
        return;
    }
    if (!clocks.someMet) {
        clocks.someMet = true;
        for (int lane = 0; lane < LANES; lane++) {
            std::fill_n(clocks.seen[lane], LANES, clocks.first - 1);
            clocks.seen[lane][lane] = clocks.first;
        }
    }
    uint16_t known[LANES] = {};
    for (unsigned rest = mask; rest != 0; rest &= rest - 1) {
        const uint16_t* const seen = clocks.seen[__builtin_ctz(rest)];
        for (int lane = 0; lane < LANES; lane++) {
            known[lane] = max(known[lane], seen[lane]);
        }
    }
    for (unsigned rest = mask; rest != 0; rest &= rest - 1) {
        const int lane = __builtin_ctz(rest);
        std::memcpy(clocks.seen[lane], known, sizeof known);
        clocks.latest = max(clocks.latest, ++clocks.seen[lane][lane]);
    }
}

}  // namespace simt

#endif
