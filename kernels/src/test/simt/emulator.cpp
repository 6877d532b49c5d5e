#include "emulator.h"

namespace simt {
namespace {
enum class State { Ready, Barrier, Warp, Done };
struct Thread {
    ucontext_t context;
    std::vector<char> stack;
    State state = State::Ready;
    dim3 index;
    unsigned mask = 0;
    uint64_t mine = 0, got = 0;
    int from = 0;
    int vote = 0, voted = 0;
};
ucontext_t scheduler;
std::vector<Thread>* threads;
Thread* current;
dim3 theBlock, theGrid, theSize;
std::map<const void*, std::vector<char>>* sharedArena;
std::vector<char>* theDynamic;
const std::function<void()>* theBody;

void enter() {
    (*theBody)();
    current->state = State::Done;
    swapcontext(&current->context, &scheduler);
}
void yieldAs(State state) {
    current->state = state;
    swapcontext(&current->context, &scheduler);
}
[[noreturn]] void fatal(const char* what) {
    std::fprintf(stderr, "emulator: %s\n", what);
    std::abort();
}
void releaseWarps() {
    int n = threads->size();
    for (int w = 0; w < n; w += 32) {
        unsigned waiting = 0;
        for (int l = 0; l < 32 && w + l < n; l++)
            if ((*threads)[w + l].state == State::Warp) waiting |= 1u << l;
        for (int l = 0; l < 32 && w + l < n; l++) {
            Thread& t = (*threads)[w + l];
            if (t.state != State::Warp) continue;
            unsigned present = n - w >= 32 ? ~0u : (1u << (n - w)) - 1;
            unsigned mask = t.mask & present;
            if ((waiting & mask) != mask) continue;
            unsigned votes = 0;
            for (int k = 0; k < 32; k++)
                if (mask >> k & 1 && (*threads)[w + k].vote) votes |= 1u << k;
            for (int k = 0; k < 32; k++)
                if (mask >> k & 1) {
                    Thread& o = (*threads)[w + k];
                    o.got = (*threads)[w + (o.from < n - w ? o.from : k)].mine;
                    o.voted = votes;
                }
            for (int k = 0; k < 32; k++)
                if (mask >> k & 1) (*threads)[w + k].state = State::Ready;
            waiting &= ~mask;
        }
    }
}
}  // namespace

dim3 threadIndex() { return current->index; }
dim3 blockIndex() { return theBlock; }
dim3 blockSize() { return theSize; }
dim3 gridSize() { return theGrid; }
void barrier() { current->vote = 0; yieldAs(State::Barrier); }
int barrierOr(int value) {
    current->vote = value;
    yieldAs(State::Barrier);
    return current->voted;
}
uint64_t exchange(unsigned mask, uint64_t mine, int from) {
    current->mask = mask;
    current->mine = mine;
    current->from = from;
    current->vote = 0;
    yieldAs(State::Warp);
    return current->got;
}
unsigned ballot(unsigned mask, bool value) {
    current->mask = mask;
    current->vote = value;
    current->mine = 0;
    current->from = 0;
    yieldAs(State::Warp);
    return current->voted;
}
void* sharedMemory(const void* site, size_t bytes) {
    auto& memory = (*sharedArena)[site];
    if (memory.size() < bytes) memory.assign(bytes, char(0xff));
    return memory.data();
}
void* dynamicShared() { return theDynamic->data(); }

int launch(const char*, dim3 grid, dim3 block, size_t bytes, const std::function<void()>& body) {
    theGrid = grid;
    theSize = block;
    theBody = &body;
    int n = block.x * block.y * block.z;
    std::vector<Thread> pool(n);
    for (auto& t : pool) t.stack.resize(64 << 10);
    threads = &pool;
    for (unsigned z = 0; z < grid.z; z++)
        for (unsigned y = 0; y < grid.y; y++)
            for (unsigned x = 0; x < grid.x; x++) {
                theBlock = dim3(x, y, z);
                std::map<const void*, std::vector<char>> arena;
                sharedArena = &arena;
                std::vector<char> dynamic(bytes, char(0xff));
                theDynamic = &dynamic;
                for (int i = 0; i < n; i++) {
                    Thread& t = pool[i];
                    t.state = State::Ready;
                    t.index = dim3(i % block.x, i / block.x % block.y, i / block.x / block.y);
                    getcontext(&t.context);
                    t.context.uc_stack.ss_sp = t.stack.data();
                    t.context.uc_stack.ss_size = t.stack.size();
                    makecontext(&t.context, enter, 0);
                }
                for (;;) {
                    int ready = 0, done = 0, atBarrier = 0;
                    for (auto& t : pool) {
                        if (t.state == State::Ready) {
                            ready++;
                            current = &t;
                            swapcontext(&scheduler, &t.context);
                        }
                    }
                    releaseWarps();
                    int any = 0, runnable = 0;
                    for (auto& t : pool) {
                        done += t.state == State::Done;
                        runnable += t.state == State::Ready;
                        if (t.state == State::Barrier) { atBarrier++; any |= t.vote; }
                    }
                    if (done == n) break;
                    if (runnable) continue;
                    if (atBarrier == n) {
                        for (auto& t : pool) { t.state = State::Ready; t.voted = any; }
                        continue;
                    }
                    fatal("a barrier or a warp operation that not all threads reach");
                }
            }
    return 0;
}
}  // namespace simt
