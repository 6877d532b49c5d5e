// Turns go in the order of the thread numbers, or in reverse, but a warp is left only when none of its lanes can go on. Threads
// hand over to each other directly. A thread that begins when another ends takes over its fibre, so that kernels without
// barriers run on one stack.
#include "block.h"

#include <algorithm>

namespace simt {

__thread Running* running = nullptr;

namespace {

// Lanes in a mask, in order.
template <typename Do> void forEach(unsigned mask, Do what) {
    for (; mask != 0; mask &= mask - 1) {
        what(__builtin_ctz(mask));
    }
}

const char* baseName(const char* file) {
    const char* const slash = std::strrchr(file, '/');
    return slash != nullptr ? slash + 1 : file;
}

std::string text(Site site) { return std::string(baseName(site.file)) + ":" + std::to_string(site.line); }

}  // namespace

// ---- whose turn it is ----

Thread& Multiprocessor::first(int warp) {
    const unsigned ready = warps[warp].ready;
    return threads[warp * LANES + (reverse ? LANES - 1 - __builtin_clz(ready) : __builtin_ctz(ready))];
}

// The next that is ready, or null.
Thread* Multiprocessor::following(const Thread& me) {
    int warp = me.number / LANES;
    const unsigned ready = warps[warp].ready;
    const unsigned later = ready & (reverse ? me.bit() - 1 : ~1u << me.lane);
    if (later != 0) {
        return &threads[warp * LANES + (reverse ? LANES - 1 - __builtin_clz(later) : __builtin_ctz(later))];
    }
    for (int tried = 0; tried < warpCount; tried++) {
        if (warps[warp].ready != 0) {
            return &first(warp);
        }
        warp = reverse ? (warp == 0 ? warpCount : warp) - 1 : warp + 1 == warpCount ? 0 : warp + 1;
    }
    return nullptr;
}

Fibre* Multiprocessor::freeFibre() {
    if (freeFibres.empty()) {
        fibres.push_back(std::make_unique<Fibre>(stacks.stack(static_cast<int>(fibres.size()))));
        begin(*fibres.back(), runThreads);
        return fibres.back().get();
    }
    Fibre* const fibre = freeFibres.back();
    freeFibres.pop_back();
    return fibre;
}

void Multiprocessor::give(Fibre& mine, Thread& next) {
    if (next.fibre == nullptr) {
        next.fibre = freeFibre();
    }
    running = &next;
    switchFibre(mine, *next.fibre);
}

// What every fibre does: it runs threads, one after the other.
void Multiprocessor::runThreads() {
    Multiprocessor& home = *self().home;
    for (;;) {
        home.body(home.arguments);
        home.end(self());
    }
}

// Returns with another thread running, one that has not begun.
void Multiprocessor::end(Thread& me) {
    Fibre& fibre = *me.fibre;
    me.fibre = nullptr;
    me.warp->ready &= ~me.bit();
    ended++;
    Thread* const next = following(me);
    if (next == nullptr) {
        if (ended < threadCount) {
            stuck();
        }
        freeFibres.push_back(&fibre);
        switchFibre(fibre, caller);
    } else if (next->fibre == nullptr) {
        next->fibre = &fibre;
        running = next;
    } else {
        freeFibres.push_back(&fibre);
        give(fibre, *next);
    }
}

// Nothing that is on their stacks is wanted any more.
void Multiprocessor::restartFibres() {
    freeFibres.clear();
    for (const std::unique_ptr<Fibre>& fibre : fibres) {
        begin(*fibre, runThreads);
        freeFibres.push_back(fibre.get());
    }
}

void Multiprocessor::abandon() {
    failed = true;
    Fibre left;
    switchFibre(left, caller);
    __builtin_unreachable();
}

// ---- waiting ----

int Multiprocessor::barrier(Thread& me, int value, Site site) {
    if (arrived > 0 && site.line != barrierSite.line) {
        fault(me, "waits in __syncthreads of %s while other threads of its block wait in that of %s.", text(site).c_str(),
              text(barrierSite).c_str());
    }
    me.site = barrierSite = site;
    me.warp->ready &= ~me.bit();
    me.warp->atBarrier |= me.bit();
    gathered |= value;
    if (++arrived == threadCount) {
        releaseBarrier();
        Thread& next = first(reverse ? warpCount - 1 : 0);
        if (&next != &me) {
            give(*me.fibre, next);
        }
    } else if (Thread* const next = following(me)) {
        give(*me.fibre, *next);
    } else {
        stuck();
    }
    return agreed;
}

void Multiprocessor::releaseBarrier() {
    for (int w = 0; w < warpCount; w++) {
        warps[w].ready = warps[w].lanes;
        warps[w].atBarrier = 0;
    }
    arrived = 0;
    agreed = gathered;
    gathered = 0;
    checkBarrier(*this);
}

uint64_t Multiprocessor::exchange(Thread& me, Operation operation, unsigned mask, uint64_t given, int from, Site site) {
    Warp& warp = *me.warp;
    mask &= warp.lanes;
    if ((mask & me.bit()) == 0) {
        fault(me, "takes part in the warp operation of %s, but is not among its lanes %08x.", text(site).c_str(), mask);
    }
    me.site = site;
    warp.mask[me.lane] = mask;
    warp.call[me.lane] = static_cast<uint64_t>(site.line) << 8 | static_cast<uint64_t>(operation);
    warp.from[me.lane] = from;
    warp.given[me.lane] = given;
    warp.ready &= ~me.bit();
    warp.exchanging |= me.bit();
    bool complete = (warp.exchanging & mask) == mask;
    if (complete) {
        forEach(mask, [&](int lane) { complete &= warp.mask[lane] == mask; });
    }
    if (complete) {
        completeExchange(me, operation, mask);
        Thread& next = first(me.number / LANES);
        if (&next != &me) {
            give(*me.fibre, next);
        }
    } else if (Thread* const next = following(me)) {
        give(*me.fibre, *next);
    } else {
        stuck();
    }
    return warp.taken[me.lane];
}

void Multiprocessor::completeExchange(Thread& me, Operation operation, unsigned mask) {
    Warp& warp = *me.warp;
    forEach(mask, [&](int lane) {
        if (warp.call[lane] != warp.call[me.lane]) {
            fault(me, "waits in the warp operation of %s while lane %d of its warp waits in that of %s.", text(me.site).c_str(),
                  lane, text(threads[me.number - me.lane + lane].site).c_str());
        }
    });
    if (operation == Operation::SHUFFLE) {
        forEach(mask, [&](int lane) {
            const int from = warp.from[lane];
            warp.taken[lane] = (mask >> from & 1) != 0 ? warp.given[from] : ~uint64_t{0};
        });
    } else if (operation == Operation::VOTE) {
        uint64_t votes = 0;
        forEach(mask, [&](int lane) { votes |= uint64_t{warp.given[lane] != 0} << lane; });
        forEach(mask, [&](int lane) { warp.taken[lane] = votes; });
    }
    warp.exchanging &= ~mask;
    warp.ready |= mask;
    checkExchange(warp, mask);
}

// Nobody can go on: someone waits for a thread that will not come.
void Multiprocessor::stuck() {
    const auto state = [](const Thread& thread) {
        return thread.warp->atBarrier & thread.bit()    ? " waits in __syncthreads of " + text(thread.site)
               : thread.warp->exchanging & thread.bit() ? " waits in the warp operation of " + text(thread.site)
                                                        : std::string(" has ended");
    };
    for (int i = 0; i < threadCount; i++) {
        const Thread& me = threads[i];
        if ((me.warp->exchanging & me.bit()) != 0) {
            const unsigned mask = me.warp->mask[me.lane];
            forEach(mask, [&](int lane) {
                const Thread& other = threads[i - me.lane + lane];
                if ((me.warp->exchanging & other.bit()) == 0 || me.warp->mask[lane] != mask) {
                    fault(me, "waits in the warp operation of %s for the lanes %08x, but thread %s%s.", text(me.site).c_str(),
                          mask, text(other.index).c_str(), state(other).c_str());
                }
            });
        }
    }
    const auto waits = [](const Thread& thread) { return (thread.warp->atBarrier & thread.bit()) != 0; };
    const Thread& waiting = *std::find_if(threads, threads + threadCount, waits);
    const Thread& missing = *std::find_if_not(threads, threads + threadCount, waits);
    fault(waiting, "waits in __syncthreads of %s, but thread %s%s.", text(waiting.site).c_str(), text(missing.index).c_str(),
          state(missing).c_str());
}

}  // namespace simt
