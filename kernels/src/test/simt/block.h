// A multiprocessor: it runs the blocks of a launch, one after the other, and lets the threads of a block take turns.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "check.h"
#include "emulator.h"
#include "espalier_kernels.h"
#include "fault.h"
#include "fibre.h"
#include "shared_memory.h"

namespace simt {

constexpr int LANES = 32;
constexpr int MAX_THREADS = 1024;

// Masks have a bit for each lane.
struct Warp {
    // Those that the block has; of these, those that may run, wait for the block, wait for lanes of their mask. The others have
    // ended.
    unsigned lanes, ready, atBarrier, exchanging;

    // Of each lane that exchanges: with whom, where, and what.
    unsigned mask[LANES];
    uint64_t call[LANES];
    int from[LANES];
    uint64_t given[LANES];
    uint64_t taken[LANES];

    Clocks clocks;
};

struct Thread : Running {
    int number;
    Warp* warp;
    Multiprocessor* home;
    // Null before its first turn and after its end.
    Fibre* fibre;
    // Where it waits or last waited.
    Site site;

    unsigned bit() const { return 1u << lane; }
};

// What a fibre runs for each thread, and in which order.
struct Multiprocessor {
    explicit Multiprocessor(char* arena) : shared(arena), stacks(MAX_THREADS) {}

    int launch(const std::string& name, dim3 grid, dim3 block, size_t dynamicBytes, void (*kernelBody)(const void*),
               const void* with);
    int barrier(Thread& me, int value, Site site);
    uint64_t exchange(Thread& me, Operation operation, unsigned mask, uint64_t given, int from, Site site);
    // Leaves all fibres as they are, for good, and returns from the launch with ESPALIER_FAULT.
    [[noreturn]] void abandon();

    std::string kernel;
    Shape shape;
    SharedMemory shared;
    Epochs epochs;
    Thread threads[MAX_THREADS];
    int warpCount = 0;
    Warp warps[MAX_THREADS / LANES];

private:
    void prepareThreads(dim3 grid, dim3 block);
    int runBlock();
    static void runThreads();
    void end(Thread& me);
    void releaseBarrier();
    void completeExchange(Thread& me, Operation operation, unsigned mask);
    Thread* following(const Thread& me);
    Thread& first(int warp);
    void give(Fibre& mine, Thread& next);
    Fibre* freeFibre();
    void restartFibres();
    [[noreturn]] void stuck();

    bool reverse = false;
    void (*body)(const void*) = nullptr;
    const void* arguments = nullptr;

    int threadCount = 0;
    int arrived = 0;
    int ended = 0;
    Site barrierSite = {};
    int gathered = 0;
    int agreed = 0;

    Stacks stacks;
    std::vector<std::unique_ptr<Fibre>> fibres;
    std::vector<Fibre*> freeFibres;
    Fibre caller;
    std::thread::id owner;
    bool failed = false;
};

inline Thread& self() { return *static_cast<Thread*>(running); }

}  // namespace simt
