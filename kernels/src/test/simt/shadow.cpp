#ifdef SIMT_CHECKED

#include "shadow.h"

#include <sys/mman.h>

#include "check.h"
#include "memory.h"

namespace simt {

Cell* words = nullptr;
Cell* bytes = nullptr;

namespace {

// Address space only: pages that are never touched, nearly all, take no memory. Fresh cells are zero: NO_MEMORY.
Cell* reserve(size_t cells) {
    void* const memory =
        mmap(nullptr, cells * sizeof(Cell), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? nullptr : static_cast<Cell*>(memory);
}

void set(const char* start, size_t count, Stamp write) {
    const uintptr_t end = static_cast<uintptr_t>(start - region) + count;
    for (uintptr_t at = end - count; at < end;) {
        if (at % 4 == 0 && end - at >= 4) {
            wordAt(at) = {write, {}};
            at += 4;
        } else {
            splitWord(at);
            byteAt(at) = {write, {}};
            at++;
        }
    }
}

}  // namespace

bool reserveShadow() {
    words = reserve(REGION / 4);
    bytes = reserve(REGION);
    return words != nullptr && bytes != nullptr;
}

void shadowBlank(const char* start, size_t count) { set(start, count, NO_VALUE); }
void shadowWritten(const char* start, size_t count) { set(start, count, BY_HOST); }
void shadowNone(const char* start, size_t count) { set(start, count, NO_MEMORY); }

void splitWord(uintptr_t offset) {
    Cell& word = wordAt(offset);
    if (word.write != BYTEWISE) {
        for (uintptr_t i = 0; i < 4; i++) {
            byteAt(offset / 4 * 4 + i) = word;
        }
        word = {BYTEWISE, {}};
    }
}

}  // namespace simt

#endif
