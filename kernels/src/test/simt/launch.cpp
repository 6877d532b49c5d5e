// A launch: its limits, its blocks in the order of their numbers or in reverse, and a multiprocessor of its own to run them, so
// that launches on several threads of the operating system do not meet.
#include <cstdlib>
#include <mutex>

#include "block.h"
#include "memory.h"

namespace simt {

namespace {

constexpr unsigned MAX_GRID_X = 0x7fffffff;
constexpr unsigned MAX_GRID_YZ = 65535;
constexpr unsigned MAX_BLOCK_Z = 64;

std::mutex mutex;
// Multiprocessors are kept for the next launch, since each of their fibres costs a system call to make. Nothing is destroyed when
// the process ends, as a JVM's other threads may still launch then.
std::vector<Multiprocessor*>& idle = *new std::vector<Multiprocessor*>;
int made = 0;

Multiprocessor* borrow() {
    const std::lock_guard<std::mutex> lock(mutex);
    if (idle.empty()) {
        return made < ARENAS ? new Multiprocessor(region + ARENA * static_cast<size_t>(made++)) : nullptr;
    }
    Multiprocessor* const multiprocessor = idle.back();
    idle.pop_back();
    return multiprocessor;
}

void giveBack(Multiprocessor* multiprocessor) {
    const std::lock_guard<std::mutex> lock(mutex);
    idle.push_back(multiprocessor);
}

bool within(dim3 grid, dim3 block, size_t dynamicBytes) {
    const auto none = [](dim3 d) { return d.x == 0 || d.y == 0 || d.z == 0; };
    return !none(grid) && !none(block) && grid.x <= MAX_GRID_X && grid.y <= MAX_GRID_YZ && grid.z <= MAX_GRID_YZ &&
           block.z <= MAX_BLOCK_Z && uint64_t{block.x} * block.y * block.z <= MAX_THREADS && dynamicBytes <= MAX_SHARED;
}

std::string unwrapped(const char* kernel) {
    const std::string name = kernel;
    return name.size() > 2 && name.front() == '(' ? name.substr(1, name.size() - 2) : name;
}

bool reverseOrder() {
    const char* const order = std::getenv("ESPALIER_SIMT_ORDER");
    return order != nullptr && std::strcmp(order, "reverse") == 0;
}

}  // namespace

int launch(const char* kernel, dim3 grid, dim3 block, size_t dynamicBytes, void (*body)(const void*), const void* arguments) {
    if (!within(grid, block, dynamicBytes)) {
        return fail("Kernel %s: a grid of %s blocks of %s threads with %zu bytes is beyond CUDA's limits.",
                    unwrapped(kernel).c_str(), text(grid).c_str(), text(block).c_str(), dynamicBytes);
    }
    Multiprocessor* const multiprocessor = reserveRegion() ? borrow() : nullptr;
    if (multiprocessor == nullptr) {
        return fail("Kernel %s: no address space is left to run it in.", unwrapped(kernel).c_str());
    }
    const int status = multiprocessor->launch(unwrapped(kernel), grid, block, dynamicBytes, body, arguments);
    giveBack(multiprocessor);
    return status;
}

int Multiprocessor::launch(const std::string& name, dim3 grid, dim3 block, size_t dynamicBytes, void (*kernelBody)(const void*),
                           const void* with) {
    kernel = name;
    body = kernelBody;
    arguments = with;
    reverse = reverseOrder();
    caller = ownStack();
    if (owner != std::this_thread::get_id()) {
        // What a compiler keeps across a call may be a thread's: no function may begin on one and end on another.
        owner = std::this_thread::get_id();
        restartFibres();
    }
    prepareThreads(grid, block);
    shared.beginLaunch(dynamicBytes);
    checkLaunch(*this);
    const uint64_t blocks = uint64_t{grid.x} * grid.y * grid.z;
    for (uint64_t i = 0; i < blocks; i++) {
        const uint64_t number = reverse ? blocks - 1 - i : i;
        shape.block = dim3(static_cast<unsigned>(number % grid.x), static_cast<unsigned>(number / grid.x % grid.y),
                           static_cast<unsigned>(number / grid.x / grid.y));
        if (const int status = runBlock()) {
            return status;
        }
    }
    const std::string damaged = damagedAllocation();
    return damaged.empty() ? 0 : fail("Kernel %s ran, and then memory %s was found overwritten.", name.c_str(), damaged.c_str());
}

void Multiprocessor::prepareThreads(dim3 grid, dim3 block) {
    shape = {dim3(), block, grid};
    threadCount = static_cast<int>(block.x * block.y * block.z);
    warpCount = (threadCount + LANES - 1) / LANES;
    for (int w = 0; w < warpCount; w++) {
        const int lanes = std::min(threadCount - w * LANES, LANES);
        warps[w].lanes = ~0u >> (LANES - lanes);
    }
    for (int i = 0; i < threadCount; i++) {
        const unsigned n = static_cast<unsigned>(i);
        Thread& thread = threads[i];
        thread.index = dim3(n % block.x, n / block.x % block.y, n / block.x / block.y);
        thread.lane = i % LANES;
        thread.shape = &shape;
        thread.number = i;
        thread.warp = &warps[i / LANES];
        thread.home = this;
        thread.fibre = nullptr;
    }
}

int Multiprocessor::runBlock() {
    for (int w = 0; w < warpCount; w++) {
        warps[w].ready = warps[w].lanes;
        warps[w].atBarrier = 0;
        warps[w].exchanging = 0;
    }
    arrived = 0;
    ended = 0;
    gathered = 0;
    failed = false;
    shared.beginBlock();
    checkBlock(*this);
    give(caller, first(reverse ? warpCount - 1 : 0));
    running = nullptr;
    if (failed) {
        restartFibres();
        return ESPALIER_FAULT;
    }
    const std::string damaged = shared.damagedArray();
    return damaged.empty() ? 0
                           : fail("Kernel %s, block %s ran, and then memory %s was found overwritten.", kernel.c_str(),
                                  text(shape.block).c_str(), damaged.c_str());
}

void* sharedArray(const void* tag, const char* name, size_t bytes, size_t alignment) {
    Thread& me = self();
    void* const array = me.home->shared.array(tag, name, bytes, alignment);
    if (array == nullptr) {
        fault(me, "needs more than %zu bytes of shared memory: %s does not fit.", MAX_SHARED, name);
    }
    return array;
}

void* dynamicShared() { return self().home->shared.dynamic(); }

int barrier(int value, Site site) { return self().home->barrier(self(), value, site); }

uint64_t exchange(Operation operation, unsigned mask, uint64_t given, int from, Site site) {
    return self().home->exchange(self(), operation, mask, given, from, site);
}

}  // namespace simt
