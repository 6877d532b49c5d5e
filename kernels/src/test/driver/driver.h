// Runs kernels through the C interface alone and compares them with plain double loops. The same files are compiled by nvcc for a
// GPU and by g++ for the emulator; no JVM is needed.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "espalier_kernels.h"

namespace driver {

// Memory that kernels see. On a GPU cudaMalloc; under emulation memory whose bounds and contents the race checker watches.
void* allocate(size_t bytes);
void release(void* memory);
void copyIn(void* device, const void* host, size_t bytes);
void copyOut(void* host, const void* device, size_t bytes);
// Waits for the kernels; 0 or a status as kernels return it.
int finish();
// The device's name, or that of the emulator.
std::string deviceName();

// Device memory that starts with given values. Bytes behind its end are no part of it.
template <typename T>
class Array {
public:
    explicit Array(const std::vector<T>& values) : size_(values.size()), memory_(static_cast<T*>(allocate(bytes()))) {
        copyIn(memory_, values.data(), bytes());
    }
    // Without contents: reading it before a kernel wrote it is a fault that the race checker reports.
    explicit Array(size_t size) : size_(size), memory_(static_cast<T*>(allocate(bytes()))) {}
    ~Array() { release(memory_); }
    Array(const Array&) = delete;
    Array& operator=(const Array&) = delete;

    operator T*() { return memory_; }
    std::vector<T> values() const {
        std::vector<T> host(size_);
        copyOut(host.data(), memory_, bytes());
        return host;
    }

private:
    size_t bytes() const { return size_ * sizeof(T); }
    size_t size_;
    T* memory_;
};

// Numbers that are the same everywhere: splitmix64.
class Random {
public:
    explicit Random(uint64_t seed) : state_(seed) {}
    uint64_t bits();
    int below(int bound) { return static_cast<int>(bits() % static_cast<uint64_t>(bound)); }
    // In [-1, 1), a multiple of 2^-23.
    float real();
    std::vector<float> reals(size_t count);
    std::vector<int32_t> ints(size_t count, int bound);
    // 1 with the given probability, else 0.
    std::vector<uint8_t> bytes(size_t count, double density);

private:
    uint64_t state_;
};

// Sequences of member counts that every op is tried with.
constexpr int MEMBERS[] = {1, 3};

// (outputs, inputs, batch): ones, primes, 31 to 33, more than a tile.
struct LayerSize {
    int outputs, inputs, batch;
};
constexpr LayerSize LAYERS[] = {{1, 1, 1},     {7, 13, 5},   {31, 32, 33}, {33, 31, 32},
                                {10, 37, 128}, {40, 129, 50}, {5, 11, 200}, {65, 130, 129}};

// u, the relative error of one rounding.
constexpr double UNIT_ROUNDOFF = 0x1p-24;

// The contract's bound for a sum of n products: 8 u sqrt(n) S, S being the sum of their absolute values.
inline double sumBound(int n, double absolute) { return 8 * UNIT_ROUNDOFF * std::sqrt(static_cast<double>(n)) * absolute; }

// What one kernel's cases found.
class Report {
public:
    explicit Report(const char* kernel) : kernel_(kernel) {}

    // A case begins; its text stands in front of what is wrong with it.
    void begin(const char* format, ...) __attribute__((format(printf, 2, 3)));
    // The launch must be accepted and run to its end.
    void launched(int status);
    // The launch must be refused.
    void refused(int status);
    // |got - expected| <= bound; NaN never is.
    void close(const char* what, size_t index, double got, double expected, double bound);
    // Both are the same.
    void same(const char* what, size_t index, long long got, long long expected);
    // All of them are the same, bit for bit.
    template <typename T>
    void same(const char* what, const std::vector<T>& got, const std::vector<T>& expected) {
        if (got.size() != expected.size()) {
            same(what, 0, static_cast<long long>(got.size()), static_cast<long long>(expected.size()));
            return;
        }
        for (size_t i = 0; i < got.size(); i++) {
            same(what, i, bitsOf(got[i]), bitsOf(expected[i]));
        }
    }

    // Prints the summary of the kernel in one line; whether all was well.
    bool finish() const;

private:
    static long long bitsOf(float value) {
        uint32_t bits;
        __builtin_memcpy(&bits, &value, sizeof bits);
        return bits;
    }
    static long long bitsOf(int32_t value) { return value; }
    static long long bitsOf(uint32_t value) { return value; }
    static long long bitsOf(uint8_t value) { return value; }
    void wrong(const std::string& what);

    const char* kernel_;
    std::string case_;
    int cases_ = 0;
    int failures_ = 0;
    double largest_ = 0;
};

}  // namespace driver
