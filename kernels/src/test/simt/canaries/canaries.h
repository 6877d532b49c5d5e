// Small kernels with one mistake each, to see that the emulator finds it, and the same without the mistake, to see that it does
// not find what is not there.
#pragma once

#include <vector>

#include "simt.h"

namespace canaries {

constexpr int THREADS = 64;
constexpr int BLOCKS = 2;
// `in` holds 0, 1, 2 ...; `out` has no value yet.
constexpr int NUMBERS = THREADS * BLOCKS;

struct Canary {
    const char* name;
    int (*launch)(const int* in, int* out);
    // What the fault must say, under the race checker and without it; null: the launch must succeed, or without the race checker
    // may do anything if it must not succeed with it.
    const char* checked;
    const char* plain;
    // What out[i] must be if it is to succeed; null: that is not looked at.
    int (*expected)(int i);
};

std::vector<Canary> bounds();
std::vector<Canary> values();
std::vector<Canary> races();
std::vector<Canary> waits();
std::vector<Canary> sound();

}  // namespace canaries

// A launch of as many blocks and threads as there are numbers, as a Canary has it.
#define CANARY(kernel) [](const int* in, int* out) { return LAUNCH((kernel), BLOCKS, THREADS, 0, nullptr, in, out); }
