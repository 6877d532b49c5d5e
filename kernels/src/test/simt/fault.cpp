#include "fault.h"

#include <cstdarg>
#include <cstdio>
#include <string>

#include "block.h"

namespace simt {

namespace {

constexpr size_t LENGTH = 1000;

// A pointer, as thread-local room is scarce in a library that the JVM loads; a thread that never fails needs no text.
__thread char* text __attribute__((tls_model("initial-exec"))) = nullptr;

char* room() {
    if (text == nullptr) {
        text = new char[LENGTH];
    }
    return text;
}

std::string name(dim3 i) { return std::to_string(i.x) + ", " + std::to_string(i.y) + ", " + std::to_string(i.z); }

}  // namespace

const char* faultText() { return text != nullptr ? text : "An emulated kernel failed on another thread."; }

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
    fail("Kernel %s, block (%s), thread (%s) %s", home.kernel.c_str(), name(home.shape.block).c_str(), name(thread.index).c_str(),
         what);
    home.abandon();
}

}  // namespace simt
