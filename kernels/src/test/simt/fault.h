// What went wrong, in one sentence that espalier_status_text passes on.
#pragma once

#include <string>

struct dim3;

namespace simt {

struct Thread;

// "(1, 2, 3)"
std::string text(dim3 index);

// Keeps the sentence for the calling thread of the operating system; returns ESPALIER_FAULT.
int fail(const char* format, ...) __attribute__((format(printf, 1, 2)));
// The same with kernel, block and thread in front; ends the launch. To be called on one of its fibres, which is left as it is:
// nothing on its stack is destroyed.
[[noreturn]] void fault(const Thread& thread, const char* format, ...) __attribute__((format(printf, 2, 3)));

}  // namespace simt
