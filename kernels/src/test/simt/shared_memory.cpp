#include "shared_memory.h"

#include <algorithm>
#include <cstring>

#include "check.h"
#include "memory.h"

namespace simt {

namespace {

const char DYNAMIC = 0;

#ifdef SIMT_CHECKED
// The least alignment that the type asks for: a float4 in an array of floats is a fault that other placements hide.
constexpr size_t skew(size_t alignment) { return alignment < GUARD ? alignment : 0; }
#else
constexpr size_t skew(size_t) { return 0; }
#endif

}  // namespace

void SharedMemory::beginLaunch(size_t dynamicBytes) {
    for (const Array& array : arrays_) {
        shadowNone(array.start, array.bytes);
    }
    arrays_.clear();
    bytes_ = 0;
    add(&DYNAMIC, "the dynamic shared memory", dynamicBytes, 16);
}

void SharedMemory::beginBlock() {
    const Array& last = arrays_.back();
    std::memset(arena_, BLANK, static_cast<size_t>(last.start + last.bytes + GUARD - arena_));
}

std::string SharedMemory::damagedArray() {
    for (const Array& array : arrays_) {
        if (const char* const side = damagedSide(array.start, array.bytes)) {
            return std::string(side) + " " + array.name + " of " + std::to_string(array.bytes) + " bytes";
        }
    }
    return {};
}

void* SharedMemory::array(const void* tag, const char* name, size_t bytes, size_t alignment) {
    for (const Array& array : arrays_) {
        if (array.tag == tag) {
            return array.start;
        }
    }
    return add(tag, name, bytes, alignment);
}

void* SharedMemory::add(const void* tag, const char* name, size_t bytes, size_t alignment) {
    if (bytes > MAX_SHARED - bytes_) {
        return nullptr;
    }
    bytes_ += bytes;
    char* const free = arrays_.empty() ? arena_ : arrays_.back().start + arrays_.back().bytes + GUARD;
    const size_t past = static_cast<size_t>(free - arena_) + GUARD;
    char* const start = arena_ + (past + GUARD - 1) / GUARD * GUARD + skew(alignment);
    arrays_.push_back({tag, name, start, bytes});
    fillBlank(start, bytes);
    shadowBlank(start, bytes);
    return start;
}

std::string SharedMemory::nearestArray(uintptr_t address) const {
    const auto nearest = std::min_element(arrays_.begin(), arrays_.end(), [address](const Array& one, const Array& other) {
        const auto distance = [address](const Array& array) {
            const uintptr_t start = reinterpret_cast<uintptr_t>(array.start);
            const uintptr_t end = start + array.bytes;
            return address < start ? start - address : address >= end ? address - end + 1 : 0;
        };
        return distance(one) < distance(other);
    });
    const auto& [tag, name, start, bytes] = *nearest;
    return offset(address, start, bytes) + " " + name + " of " + std::to_string(bytes) + " bytes";
}

}  // namespace simt
