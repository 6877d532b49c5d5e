// Stacks that take turns on one thread of the operating system.
#pragma once

#include <cstddef>

#if !defined(__x86_64__) || defined(SIMT_PORTABLE)
#include <setjmp.h>
#include <ucontext.h>
#define SIMT_UCONTEXT
#endif

namespace simt {

// A stack and, while others run, the place where it was left.
struct Fibre {
    char* low = nullptr;
    char* high = nullptr;
#ifdef SIMT_UCONTEXT
    ucontext_t beginning;
    jmp_buf place;
    bool begun = true;
#else
    void* stackPointer = nullptr;
#endif
};

// What is left of a fibre that the thread's own stack is.
Fibre ownStack();
// The next switch to the fibre begins `entry`, which must not return. What was on the stack before is forgotten.
void begin(Fibre& fibre, void (*entry)());
// Leaves `from`, the running one, for `to`; returns when another switch comes back.
void switchFibre(Fibre& from, Fibre& to);

// Stacks with an unreadable page below each of them, so that one that overflows does not damage its neighbour.
class Stacks {
public:
    explicit Stacks(int count);
    // The bounds of one of them; its top is staggered so that equal depths do not share one set of the cache.
    Fibre stack(int number) const;

private:
    char* memory_;
};

}  // namespace simt
