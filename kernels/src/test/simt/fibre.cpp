// On x86-64 a switch is a dozen instructions; elsewhere it is _longjmp, which unlike swapcontext makes no system call.
#include "fibre.h"

#include <pthread.h>
#include <sys/mman.h>

#include <cstdint>
#include <cstring>
#include <new>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace simt {

namespace {

constexpr size_t PAGE = 4096;
#ifdef __SANITIZE_ADDRESS__
constexpr size_t STACK = 256 << 10;
#else
constexpr size_t STACK = 64 << 10;
#endif

}  // namespace

#ifdef SIMT_UCONTEXT

namespace {

void prepare(Fibre& fibre, void (*entry)()) {
    getcontext(&fibre.beginning);
    fibre.beginning.uc_stack.ss_sp = fibre.low;
    fibre.beginning.uc_stack.ss_size = static_cast<size_t>(fibre.high - fibre.low);
    makecontext(&fibre.beginning, entry, 0);
    fibre.begun = false;
}

void change(Fibre& from, Fibre& to) {
    if (_setjmp(from.place) != 0) {
        return;
    }
    if (to.begun) {
        _longjmp(to.place, 1);
    }
    to.begun = true;
    setcontext(&to.beginning);
}

}  // namespace

#else

// The registers that a function must preserve go onto the stack that is left and come from the one that is entered.
extern "C" __attribute__((visibility("hidden"))) void simtSwitch(void** left, void* entered);
asm(R"(
    .text
    .p2align 4
    .hidden simtSwitch
    .globl simtSwitch
    .type simtSwitch, @function
simtSwitch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .size simtSwitch, .-simtSwitch
)");

namespace {

// The stack looks as if `entry` had been called by nobody and had switched away at once.
void prepare(Fibre& fibre, void (*entry)()) {
    constexpr size_t SAVED = 6;
    void** const top = reinterpret_cast<void**>(reinterpret_cast<uintptr_t>(fibre.high) & ~uintptr_t{15});
    top[-1] = nullptr;
    top[-2] = reinterpret_cast<void*>(entry);
    fibre.stackPointer = std::memset(top - 2 - SAVED, 0, SAVED * sizeof(void*));
}

inline void change(Fibre& from, Fibre& to) { simtSwitch(&from.stackPointer, to.stackPointer); }

}  // namespace

#endif

#ifdef __SANITIZE_ADDRESS__

namespace {
void (*begun)();
void enter() {
    __sanitizer_finish_switch_fiber(nullptr, nullptr, nullptr);
    begun();
}
}  // namespace

Fibre ownStack() {
    Fibre fibre;
    pthread_attr_t attributes;
    void* low = nullptr;
    size_t size = 0;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        pthread_attr_getstack(&attributes, &low, &size);
        pthread_attr_destroy(&attributes);
    }
    fibre.low = static_cast<char*>(low);
    fibre.high = fibre.low + size;
    return fibre;
}

void begin(Fibre& fibre, void (*entry)()) {
    ASAN_UNPOISON_MEMORY_REGION(fibre.low, fibre.high - fibre.low);
    begun = entry;
    prepare(fibre, enter);
}

void switchFibre(Fibre& from, Fibre& to) {
    void* fakeStack = nullptr;
    __sanitizer_start_switch_fiber(&fakeStack, to.low, static_cast<size_t>(to.high - to.low));
    change(from, to);
    __sanitizer_finish_switch_fiber(fakeStack, nullptr, nullptr);
}

#else

Fibre ownStack() { return {}; }

void begin(Fibre& fibre, void (*entry)()) { prepare(fibre, entry); }

void switchFibre(Fibre& from, Fibre& to) { change(from, to); }

#endif

Stacks::Stacks(int count) {
    void* const memory = mmap(nullptr, static_cast<size_t>(count) * (PAGE + STACK), PROT_NONE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        throw std::bad_alloc();
    }
    memory_ = static_cast<char*>(memory);
}

Fibre Stacks::stack(int number) const {
    constexpr size_t STAGGER = 320;
    Fibre fibre;
    fibre.low = memory_ + static_cast<size_t>(number) * (PAGE + STACK) + PAGE;
    mprotect(fibre.low, STACK, PROT_READ | PROT_WRITE);
    fibre.high = fibre.low + STACK - static_cast<size_t>(number) * STAGGER % (2 * PAGE);
    return fibre;
}

}  // namespace simt
