// The shared memory of the block that a multiprocessor runs: the dynamic part, then the arrays in the order of their first use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace simt {

// What CUDA gives a block without being asked for more, and what a kernel of this project may use on any device.
constexpr size_t MAX_SHARED = 48 << 10;

class SharedMemory {
public:
    explicit SharedMemory(char* arena) : arena_(arena) {}

    // A kernel with so many dynamic bytes is launched; all arrays are forgotten.
    void beginLaunch(size_t dynamicBytes);
    // A block begins: nothing has a value.
    void beginBlock();
    // Says which array's guards the block wrote to: "behind the shared array tile of 64 bytes"; empty if none.
    std::string damagedArray();

    void* dynamic() const { return arrays_.front().start; }
    // The array of a site; null if there is no room for it.
    void* array(const void* tag, const char* name, size_t bytes, size_t alignment);

    // How an address lies to the array nearest to it.
    std::string nearestArray(uintptr_t address) const;

private:
    struct Array {
        const void* tag;
        const char* name;
        char* start;
        size_t bytes;
    };
    void* add(const void* tag, const char* name, size_t bytes, size_t alignment);

    char* arena_;
    // The dynamic memory first.
    std::vector<Array> arrays_;
    size_t bytes_ = 0;
};

}  // namespace simt
