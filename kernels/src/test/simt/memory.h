// The emulated device's addresses: one reserved range, in which an address alone tells whose it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace simt {

// At the range's beginning each multiprocessor has an arena for its blocks' shared memory; allocations follow.
constexpr size_t REGION = size_t{8} << 30;
constexpr size_t ARENA = 128 << 10;
constexpr int ARENAS = 256;
constexpr size_t SHARED_END = ARENA * ARENAS;

// What memory and the guards around it are filled with: as a float a NaN.
constexpr unsigned char BLANK = 0xff;
// How many bytes in front of memory and behind it are looked at after a launch.
constexpr size_t GUARD = 64;

// Where the range begins; null before it is reserved.
extern char* region;

// Reserves the range if that has not been done; false if the system refuses.
bool reserveRegion();

// Fills memory and its guards.
void fillBlank(char* memory, size_t bytes);
// Whether nobody wrote to the guards around memory. Says "behind" or "in front of" and repairs them if not, else null.
const char* damagedSide(char* memory, size_t bytes);

// "4 bytes behind the end of", "byte 8 of", "8 bytes in front of".
std::string offset(uintptr_t address, const char* memory, size_t bytes);
// How an address lies to the allocation nearest to it: "4 bytes behind the end of an allocation of 400 bytes".
std::string nearestAllocation(uintptr_t address);
// Repairs the guards of all allocations and says which one was damaged: "behind an allocation of 400 bytes"; empty if none was.
std::string damagedAllocation();

}  // namespace simt
