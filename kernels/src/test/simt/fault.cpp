#include "fault.h"

#include <cstdarg>
#include <cstdio>
#include <string>

#include "block.h"

namespace simt {

namespace {

constexpr size_t LENGTH = 1000;

// A pointer, as thread-local room is scarce in a library that a JVM loads, and a thread that never fails needs no more.
__thread char* sentence __attribute__((tls_model("initial-exec"))) = nullptr;

char* room() {
    if (sentence == nullptr) {
        sentence = new char[LENGTH];
    }
    return sentence;
}

}  // namespace

std::string text(dim3 index) {
    return "(" + std::to_string(index.x) + ", " + std::to_string(index.y) + ", " + std::to_string(index.z) + ")";
}

const char* faultText() { return sentence != nullptr ? sentence : "An emulated kernel failed on another thread."; }

int fail(const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(room(), LENGTH, format, arguments);
    va_end(arguments);
    return ESPALIER_FAULT;
}

void fault(const Thread& thread, const char* format, ...) {
    char what[LENGTH];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    Multiprocessor& home = *thread.home;
    fail("Kernel %s, block %s, thread %s %s", home.kernel.c_str(), text(home.shape.block).c_str(), text(thread.index).c_str(),
         what);
    home.abandon();
}

}  // namespace simt
