// What went wrong, in one sentence that espalier_status_text passes on.
#pragma once

namespace simt {

struct Thread;

// Keeps the sentence for the calling thread of the operating system; returns ESPALIER_FAULT.
int fail(const char* format, ...) __attribute__((format(printf, 1, 2)));
// The same with kernel, block and thread in front; ends the launch. To be called on a fibre of the launch.
[[noreturn]] void fault(const Thread& thread, const char* format, ...) __attribute__((format(printf, 2, 3)));

}  // namespace simt
