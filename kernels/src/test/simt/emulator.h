// What kernels use of CUDA, for g++. A launch runs its blocks one after the other on the calling thread; the threads of a block
// take turns there, each on a stack of its own, and change over only where they wait for each other or end.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __restrict__ __restrict
#define __launch_bounds__(...)

// Functions of the emulator itself, whose accesses the race checker must not take for the kernel's.
#define SIMT_UNCHECKED __attribute__((no_sanitize("thread")))

// Nothing announces the accesses of these functions, so the checker has its own.
#ifdef __SANITIZE_THREAD__
extern "C" void* memcpy(void*, const void*, size_t) noexcept __asm__("simtMemcpy");
extern "C" void* memmove(void*, const void*, size_t) noexcept __asm__("simtMemmove");
extern "C" void* memset(void*, int, size_t) noexcept __asm__("simtMemset");
#endif

using std::max;
using std::min;

struct dim3 {
    unsigned x, y, z;
    constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};
struct alignas(8) float2 { float x, y; };
struct alignas(16) float4 { float x, y, z, w; };
inline float2 make_float2(float x, float y) { return {x, y}; }
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }

namespace simt {

// What all threads of a block have in common, and what each of them knows of itself.
struct Shape {
    dim3 block, blockSize, gridSize;
};
struct Running {
    dim3 index;
    int lane;
    const Shape* shape;
};
// The thread whose turn it is; null outside of kernels. The room for variables like this one is scarce in a library that a JVM
// loads, so there is one pointer to all the rest.
extern __thread Running* running __attribute__((tls_model("initial-exec")));

// Where in a source a function is called, when it is the default value of the function's last argument.
struct Site {
    const char* file;
    int line;
};
#define SIMT_SITE simt::Site site = {__builtin_FILE(), __builtin_LINE()}

enum class Operation : uint8_t { SYNC, VOTE, SHUFFLE };

// Waits for all threads of the block; whether any of them gave a value other than 0.
int barrier(int value, Site site);
// Waits for all lanes of the mask, which all come from one site. A shuffle returns what lane `from` gave, or all ones if that one
// does not take part; a vote returns the lanes that gave a value other than 0.
uint64_t exchange(Operation operation, unsigned mask, uint64_t given, int from, Site site);
// The array of a site, for all threads of a block the same.
void* sharedArray(const void* tag, const char* name, size_t bytes, size_t alignment);
void* dynamicShared();
int launch(const char* kernel, dim3 grid, dim3 block, size_t dynamicBytes, void (*body)(const void*), const void* arguments);
// Of the last launch of the calling thread that failed.
const char* faultText();

#ifdef SIMT_CHECKED
void atomicAccess(void* at, size_t bytes, const void* code);
#else
inline void atomicAccess(void*, size_t, const void*) {}
#endif

SIMT_UNCHECKED inline dim3 threadIndex() { return running->index; }
SIMT_UNCHECKED inline dim3 blockIndex() { return running->shape->block; }
SIMT_UNCHECKED inline dim3 blockSize() { return running->shape->blockSize; }
SIMT_UNCHECKED inline dim3 gridSize() { return running->shape->gridSize; }
SIMT_UNCHECKED inline int lane() { return running->lane; }

template <typename Body>
int launch(const char* kernel, dim3 grid, dim3 block, size_t dynamicBytes, const Body& body) {
    const auto call = [](const void* b) SIMT_UNCHECKED { (*static_cast<const Body*>(b))(); };
    return launch(kernel, grid, block, dynamicBytes, call, &body);
}

template <typename T> uint64_t bits(T value) {
    static_assert(sizeof value <= sizeof(uint64_t));
    uint64_t b = 0;
    __builtin_memcpy(&b, &value, sizeof value);
    return b;
}
template <typename T> T value(uint64_t b) {
    T v;
    __builtin_memcpy(&v, &b, sizeof v);
    return v;
}
template <typename T> T shuffle(unsigned mask, T mine, int from, Site site) {
    return value<T>(exchange(Operation::SHUFFLE, mask, bits(mine), from, site));
}
inline unsigned vote(unsigned mask, bool mine, Site site) {
    return static_cast<unsigned>(exchange(Operation::VOTE, mask, mine, 0, site));
}

// A parameter of this type takes no part in finding out T.
template <typename T> struct SameAs { using Type = T; };
template <typename T> using Same = typename SameAs<T>::Type;

}  // namespace simt

#define threadIdx (simt::threadIndex())
#define blockIdx (simt::blockIndex())
#define blockDim (simt::blockSize())
#define gridDim (simt::gridSize())

#define SHARED(type, name, dims)             \
    using SharedOf_##name = type dims;       \
    static const char sharedSite_##name = 0; \
    SharedOf_##name& name = *static_cast<SharedOf_##name*>( \
        simt::sharedArray(&sharedSite_##name, #name, sizeof(SharedOf_##name), alignof(SharedOf_##name)))
#define DYNAMIC_SHARED(type, name) type* const name = static_cast<type*>(simt::dynamicShared())
#define SIMT_UNWRAP(...) __VA_ARGS__
#define LAUNCH(kernel, grid, block, bytes, stream, ...) \
    ((void)(stream), simt::launch(#kernel, grid, block, bytes, [=]() SIMT_UNCHECKED { SIMT_UNWRAP kernel(__VA_ARGS__); }))

inline void __syncthreads(SIMT_SITE) { simt::barrier(0, site); }
inline int __syncthreads_or(int v, SIMT_SITE) { return simt::barrier(v, site); }
inline void __syncwarp(unsigned mask = 0xffffffffu, SIMT_SITE) { simt::exchange(simt::Operation::SYNC, mask, 0, 0, site); }
inline unsigned __ballot_sync(unsigned mask, int p, SIMT_SITE) { return simt::vote(mask, p != 0, site); }
inline int __any_sync(unsigned mask, int p, SIMT_SITE) { return simt::vote(mask, p != 0, site) != 0; }
inline int __all_sync(unsigned mask, int p, SIMT_SITE) { return simt::vote(mask, p == 0, site) == 0; }

// A shuffle that would leave its group of `width` lanes gives a lane its own value.
template <typename T> T __shfl_sync(unsigned mask, T v, int source, int width = 32, SIMT_SITE) {
    return simt::shuffle(mask, v, (simt::lane() & ~(width - 1)) + (source & (width - 1)), site);
}
template <typename T> T __shfl_xor_sync(unsigned mask, T v, int other, int width = 32, SIMT_SITE) {
    const int self = simt::lane(), from = self ^ other;
    return simt::shuffle(mask, v, from / width == self / width ? from : self, site);
}
template <typename T> T __shfl_down_sync(unsigned mask, T v, unsigned delta, int width = 32, SIMT_SITE) {
    const int self = simt::lane(), room = width - 1 - self % width;
    return simt::shuffle(mask, v, delta <= unsigned(room) ? self + int(delta) : self, site);
}
template <typename T> T __shfl_up_sync(unsigned mask, T v, unsigned delta, int width = 32, SIMT_SITE) {
    const int self = simt::lane(), room = self % width;
    return simt::shuffle(mask, v, delta <= unsigned(room) ? self - int(delta) : self, site);
}

inline int __popc(unsigned v) { return __builtin_popcount(v); }
inline int __clz(int v) { return v ? __builtin_clz(static_cast<unsigned>(v)) : 32; }
inline int __ffs(int v) { return __builtin_ffs(v); }
inline unsigned __umulhi(unsigned a, unsigned b) { return static_cast<unsigned>(uint64_t{a} * b >> 32); }
inline unsigned __float_as_uint(float f) { return static_cast<unsigned>(simt::bits(f)); }
inline int __float_as_int(float f) { return static_cast<int>(simt::bits(f)); }
inline float __uint_as_float(unsigned u) { return simt::value<float>(u); }
inline float __int_as_float(int u) { return simt::value<float>(static_cast<unsigned>(u)); }
template <typename T> T __ldg(const T* p) { return *p; }

// Threads change over only where they wait, so an atomic function need not be one here.
template <typename T, typename New> SIMT_UNCHECKED __attribute__((always_inline)) inline T simtUpdate(T* at, New value) {
    simt::atomicAccess(at, sizeof(T), __builtin_return_address(0));
    const T old = *at;
    *at = value(old);
    return old;
}
template <typename T> SIMT_UNCHECKED T atomicAdd(T* at, simt::Same<T> v) {
    return simtUpdate(at, [v](T old) SIMT_UNCHECKED { return old + v; });
}
template <typename T> SIMT_UNCHECKED T atomicMax(T* at, simt::Same<T> v) {
    return simtUpdate(at, [v](T old) SIMT_UNCHECKED { return old < v ? v : old; });
}
template <typename T> SIMT_UNCHECKED T atomicMin(T* at, simt::Same<T> v) {
    return simtUpdate(at, [v](T old) SIMT_UNCHECKED { return v < old ? v : old; });
}
