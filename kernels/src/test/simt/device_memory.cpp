// Room for allocations comes in powers of two, guards included, and is used again in the order in which it was freed: late, so
// that a pointer that is used for too long is noticed.
#include "device_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <map>
#include <mutex>

#include "check.h"
#include "fault.h"
#include "memory.h"

namespace simt {

char* region = nullptr;

namespace {

constexpr size_t ALIGNMENT = 256;
constexpr size_t SMALLEST = 4096;
// The pages of larger ones go back to the system.
constexpr size_t LARGE = 1 << 20;

std::mutex mutex;
// Where each allocation begins, and its size. Like what follows it is not destroyed at the end, when others may still use it.
std::map<char*, size_t>& allocations = *new std::map<char*, size_t>;
// Room to use again, by size.
std::map<size_t, std::deque<char*>>& spare = *new std::map<size_t, std::deque<char*>>;
// Room that was never used begins here.
char* fresh = nullptr;

size_t roomFor(size_t bytes) {
    size_t room = SMALLEST;
    while (room < bytes + 2 * ALIGNMENT) {
        room *= 2;
    }
    return room;
}

// Whether one allocation holds all these bytes.
bool holds(const void* device, size_t bytes) {
    char* const address = static_cast<char*>(const_cast<void*>(device));
    const std::lock_guard<std::mutex> lock(mutex);
    auto found = allocations.upper_bound(address);
    if (found == allocations.begin()) {
        return false;
    }
    --found;
    const size_t before = static_cast<size_t>(address - found->first);
    return before <= found->second && bytes <= found->second - before;
}

int refuse(const char* what, const void* device, size_t bytes) {
    const uintptr_t address = reinterpret_cast<uintptr_t>(device);
    return fail("%s %zu bytes at %p goes out of bounds, from %s to %s.", what, bytes, device,
                nearestAllocation(address).c_str(), nearestAllocation(address + bytes).c_str());
}

}  // namespace

bool reserveRegion() {
    const std::lock_guard<std::mutex> lock(mutex);
    if (region == nullptr) {
        void* const memory = mmap(nullptr, REGION, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED || !reserveShadow()) {
            return false;
        }
        region = static_cast<char*>(memory);
        fresh = region + SHARED_END;
    }
    return true;
}

void fillBlank(char* memory, size_t bytes) { std::memset(memory - GUARD, BLANK, bytes + 2 * GUARD); }

const char* damagedSide(char* memory, size_t bytes) {
    const char* damaged = nullptr;
    char* const guards[] = {memory - GUARD, memory + bytes};
    const char* const sides[] = {"in front of", "behind"};
    for (int side = 0; side < 2; side++) {
        char* const guard = guards[side];
        // Equal to its neighbours from the first to the last byte: all of them are blank.
        if (static_cast<unsigned char>(guard[0]) != BLANK || std::memcmp(guard, guard + 1, GUARD - 1) != 0) {
            std::memset(guard, BLANK, GUARD);
            damaged = sides[side];
        }
    }
    return damaged;
}

std::string offset(uintptr_t address, const char* memory, size_t bytes) {
    const uintptr_t start = reinterpret_cast<uintptr_t>(memory);
    if (address < start) {
        return std::to_string(start - address) + " bytes in front of";
    }
    if (address >= start + bytes) {
        return std::to_string(address - start - bytes) + " bytes behind the end of";
    }
    return "byte " + std::to_string(address - start) + " of";
}

std::string nearestAllocation(uintptr_t address) {
    const std::lock_guard<std::mutex> lock(mutex);
    const auto distance = [address](const auto& allocation) {
        const uintptr_t start = reinterpret_cast<uintptr_t>(allocation.first);
        const uintptr_t end = start + allocation.second;
        return address < start ? start - address : address > end ? address - end : 0;
    };
    const auto nearest = std::min_element(allocations.begin(), allocations.end(), [&](const auto& one, const auto& other) {
        return distance(one) < distance(other);
    });
    if (nearest == allocations.end() || distance(*nearest) > nearest->second + SMALLEST) {
        return "near no allocation";
    }
    return offset(address, nearest->first, nearest->second) + " an allocation of " + std::to_string(nearest->second) + " bytes";
}

std::string damagedAllocation() {
    const std::lock_guard<std::mutex> lock(mutex);
    std::string damaged;
    for (const auto& [start, bytes] : allocations) {
        if (const char* const side = damagedSide(start, bytes)) {
            damaged = std::string(side) + " an allocation of " + std::to_string(bytes) + " bytes";
        }
    }
    return damaged;
}

}  // namespace simt

using namespace simt;

void* simt_allocate(size_t bytes) {
    if (bytes > REGION / 4 || !reserveRegion()) {
        return nullptr;
    }
    const size_t room = roomFor(bytes);
    const std::lock_guard<std::mutex> lock(mutex);
    std::deque<char*>& sameSize = spare[room];
    char* memory;
    if (!sameSize.empty()) {
        memory = sameSize.front();
        sameSize.pop_front();
    } else if (fresh + room <= region + REGION) {
        memory = fresh;
        fresh += room;
    } else {
        return nullptr;
    }
    char* const start = memory + ALIGNMENT;
    allocations[start] = bytes;
    fillBlank(start, bytes);
    shadowBlank(start, bytes);
    return start;
}

int simt_free(void* memory) {
    if (memory == nullptr) {
        return 0;
    }
    const std::lock_guard<std::mutex> lock(mutex);
    const auto found = allocations.find(static_cast<char*>(memory));
    if (found == allocations.end()) {
        return fail("Memory at %p was to be freed, but no allocation begins there.", memory);
    }
    const auto [start, bytes] = *found;
    shadowNone(start, bytes);
    const size_t room = roomFor(bytes);
    if (room >= LARGE) {
        madvise(start - ALIGNMENT, room, MADV_DONTNEED);
    }
    spare[room].push_back(start - ALIGNMENT);
    allocations.erase(found);
    return 0;
}

int simt_copy_in(void* device, const void* host, size_t bytes) {
    if (!holds(device, bytes)) {
        return refuse("Copying in", device, bytes);
    }
    // As of CUDA nothing may be copied, from or to nowhere; of memcpy not.
    if (bytes > 0) {
        std::memcpy(device, host, bytes);
    }
    shadowWritten(static_cast<char*>(device), bytes);
    return 0;
}

int simt_copy_out(void* host, const void* device, size_t bytes) {
    if (!holds(device, bytes)) {
        return refuse("Copying out", device, bytes);
    }
    if (bytes > 0) {
        std::memcpy(host, device, bytes);
    }
    return 0;
}
