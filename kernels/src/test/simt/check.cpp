// Every access is compared with those before it. Two of one launch race if one of them writes, not both are atomic, and nothing
// orders them: no barrier if they are of one block, nor a warp operation if they are of one warp.
#ifdef SIMT_CHECKED

#include "check.h"

#include "block.h"
#include "memory.h"
#include "shadow.h"

extern "C" __attribute__((visibility("hidden"))) const char __ehdr_start;
extern "C" __attribute__((visibility("hidden"))) const char _end;

namespace simt {

namespace {

// UPDATE is an atomic access.
enum class Access { READ, WRITE, UPDATE };

// The running thread's access.
struct Current {
    Thread& me;
    const Epochs& epochs;
    Stamp stamp;
    // Accesses of epochs before this one are over: those of earlier launches, and for shared memory of earlier blocks.
    uint64_t horizon;
    // Values of epochs before this one are gone.
    uint64_t oldestValue;
    const void* code;

    Current(Thread& thread, uintptr_t offset, const void* from) : me(thread), epochs(thread.home->epochs), code(from) {
        const bool shared = offset < SHARED_END;
        horizon = shared ? epochs.block : epochs.launch;
        oldestValue = shared ? epochs.block : 0;
        stamp = epochs.barrier << EPOCH_SHIFT | static_cast<Stamp>(me.number) << NUMBER_SHIFT |
                static_cast<Stamp>(me.warp->clocks.own(me.lane)) << CLOCK_SHIFT;
    }

    // Whether nothing orders the other access before this one.
    bool races(Stamp other) const {
        const uint64_t epoch = epochOf(other);
        if (epoch < horizon) {
            return false;
        }
        if (epoch != epochs.barrier) {
            return epoch < epochs.block;
        }
        const int number = numberOf(other);
        if (number / LANES != me.number / LANES) {
            return true;
        }
        return number != me.number && !me.warp->clocks.knows(me.lane, number % LANES, clockOf(other));
    }
};

#define SIMT_RARE __attribute__((cold, noinline))

const char* verb(Access access) {
    return access == Access::READ ? "reads" : access == Access::WRITE ? "writes" : "updates";
}

[[noreturn]] SIMT_RARE void report(const Current& current, Access access, uintptr_t address, const std::string& what) {
    const bool shared = address - reinterpret_cast<uintptr_t>(region) < SHARED_END;
    const std::string where = shared ? current.me.home->shared.nearestArray(address) : nearestAllocation(address);
    fault(current.me, "%s %s: address %p, %s; code at +0x%zx.", verb(access), what.c_str(), reinterpret_cast<void*>(address),
          where.c_str(), static_cast<size_t>(static_cast<const char*>(current.code) - &__ehdr_start) - 1);
}

[[noreturn]] SIMT_RARE void reportRace(const Current& current, Access access, uintptr_t address, Stamp other, const char* done) {
    const bool foreign = epochOf(other) < current.epochs.block;
    report(current, access, address,
           "in a race what thread " + text(current.me.home->threads[numberOf(other)].index) +
               (foreign ? " of another block has " : " has ") + done + " with no barrier in between");
}

// An access of the whole cell.
template <Access access> inline void check(const Current& current, Cell& cell, uintptr_t address) {
    auto& [first, second] = cell.readers;
    if (access == Access::READ && first == current.stamp) {
        return;
    }
    const Stamp write = cell.write;
    if (write == NO_MEMORY) {
        report(current, access, address, "out of bounds");
    }
    if (access != Access::WRITE && (write == NO_VALUE || epochOf(write) < current.oldestValue)) {
        report(current, access, address, "what nobody has written");
    }
    if (current.races(write)) {
        reportRace(current, access, address, write, "written");
    }
    for (const Stamp reader : cell.readers) {
        const bool updated = (reader & ATOMIC) != 0;
        if (access == Access::WRITE || updated == (access == Access::READ)) {
            if (current.races(reader)) {
                reportRace(current, access, address, reader, updated ? "updated atomically" : "read");
            }
        }
    }
    if (access == Access::WRITE) {
        cell = {current.stamp, {}};
        return;
    }
    const Stamp mine = current.stamp | (access == Access::UPDATE ? ATOMIC : 0);
    // One's own plain read must stay beside one's own update: others race with one of them only.
    const auto covered = [&](Stamp reader) {
        return !current.races(reader) && (epochOf(reader) != current.epochs.barrier || ((reader ^ mine) & ATOMIC) == 0);
    };
    if (covered(first)) {
        first = mine;
    } else if (covered(second) || first >> WARP_SHIFT == second >> WARP_SHIFT) {
        second = mine;
    }
}

template <Access access> inline void checkBytes(const Current& current, uintptr_t address, uintptr_t offset, size_t count) {
    for (size_t i = 0; i < count; i++) {
        check<access>(current, byteAt(offset + i), address + i);
    }
}

template <Access access> inline void checkWord(const Current& current, uintptr_t address, uintptr_t offset) {
    Cell& word = wordAt(offset);
    if (word.write != BYTEWISE) {
        check<access>(current, word, address);
    } else {
        checkBytes<access>(current, address, offset, 4);
    }
}

// Kernels may also use their own stack and read constants of the library.
SIMT_RARE void checkElsewhere(const Current& current, Access access, uintptr_t address, size_t count) {
    const auto within = [&](const char* low, const char* high) {
        return address >= reinterpret_cast<uintptr_t>(low) && address + count <= reinterpret_cast<uintptr_t>(high);
    };
    if (!within(current.me.fibre->low, current.me.fibre->high) && !(access == Access::READ && within(&__ehdr_start, &_end))) {
        report(current, access, address, "memory that is not the device's");
    }
}

inline uintptr_t offsetOf(const void* at) { return reinterpret_cast<uintptr_t>(at) - reinterpret_cast<uintptr_t>(region); }

// Most announced accesses are of a thread's own variables, not far above the stack pointer. Other stacks of equal depth are
// further away than this.
constexpr size_t NEAR = 32 << 10;
inline bool isOwnVariable(const void* at) {
    return reinterpret_cast<uintptr_t>(at) - reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) < NEAR;
}

// Of the running thread, if there is one.
template <Access access> void checkAccess(const void* at, size_t count, const void* code) {
    if (isOwnVariable(at) || running == nullptr || count == 0) {
        return;
    }
    uintptr_t address = reinterpret_cast<uintptr_t>(at);
    uintptr_t offset = offsetOf(at);
    const Current current(self(), offset, code);
    if (offset >= REGION || count > REGION - offset) {
        checkElsewhere(current, access, address, count);
        return;
    }
    while (count > 0) {
        const size_t part = std::min(count, 4 - offset % 4);
        if (part == 4) {
            checkWord<access>(current, address, offset);
        } else {
            splitWord(offset);
            checkBytes<access>(current, address, offset, part);
        }
        address += part;
        offset += part;
        count -= part;
    }
}

// The same for bytes that must be aligned to their number.
template <Access access, size_t count> void checkAligned(const void* at, const void* code) {
    if (isOwnVariable(at) || running == nullptr) {
        return;
    }
    const uintptr_t address = reinterpret_cast<uintptr_t>(at);
    const uintptr_t offset = offsetOf(at);
    const Current current(self(), offset, code);
    if (offset >= REGION) {
        checkElsewhere(current, access, address, count);
        return;
    }
    if (address % count != 0) {
        report(current, access, address, "misaligned " + std::to_string(count) + " bytes");
    }
    if constexpr (count < 4) {
        splitWord(offset);
        checkBytes<access>(current, address, offset, count);
    } else {
        for (size_t i = 0; i < count; i += 4) {
            checkWord<access>(current, address + i, offset + i);
        }
    }
}

}  // namespace

}  // namespace simt

// ---- what compiled kernels call ----

using simt::Access;

#define SIMT_CALLER __builtin_return_address(0)
#define SIMT_ALIGNED(count)                                                                                          \
    void __tsan_read##count(void* at) { simt::checkAligned<Access::READ, count>(at, SIMT_CALLER); }                   \
    void __tsan_write##count(void* at) { simt::checkAligned<Access::WRITE, count>(at, SIMT_CALLER); }
#define SIMT_UNALIGNED(count)                                                                                        \
    void __tsan_unaligned_read##count(void* at) { simt::checkAccess<Access::READ>(at, count, SIMT_CALLER); }          \
    void __tsan_unaligned_write##count(void* at) { simt::checkAccess<Access::WRITE>(at, count, SIMT_CALLER); }

extern "C" {
void __tsan_init() {}
SIMT_ALIGNED(1)
SIMT_ALIGNED(2)
SIMT_ALIGNED(4)
SIMT_ALIGNED(8)
SIMT_ALIGNED(16)
SIMT_UNALIGNED(2)
SIMT_UNALIGNED(4)
SIMT_UNALIGNED(8)
SIMT_UNALIGNED(16)
void __tsan_read_range(void* at, size_t count) { simt::checkAccess<Access::READ>(at, count, SIMT_CALLER); }
void __tsan_write_range(void* at, size_t count) { simt::checkAccess<Access::WRITE>(at, count, SIMT_CALLER); }

// What a kernel's calls of memcpy, memmove and memset become (see emulator.h).
void* simtMemcpy(void* to, const void* from, size_t count) {
    simt::checkAccess<Access::READ>(from, count, SIMT_CALLER);
    simt::checkAccess<Access::WRITE>(to, count, SIMT_CALLER);
    return std::memcpy(to, from, count);
}
void* simtMemmove(void* to, const void* from, size_t count) {
    simt::checkAccess<Access::READ>(from, count, SIMT_CALLER);
    simt::checkAccess<Access::WRITE>(to, count, SIMT_CALLER);
    return std::memmove(to, from, count);
}
void* simtMemset(void* to, int value, size_t count) {
    simt::checkAccess<Access::WRITE>(to, count, SIMT_CALLER);
    return std::memset(to, value, count);
}
}

namespace simt {

void atomicAccess(void* at, size_t count, const void* code) { checkAccess<Access::UPDATE>(at, count, code); }

}  // namespace simt

#endif
