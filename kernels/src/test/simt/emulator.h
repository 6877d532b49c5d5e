// A block of threads on a processor: what kernels use of CUDA, for g++. First, slow form: one ucontext a thread.
#pragma once

#include <ucontext.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <vector>

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __restrict__ __restrict
#define __launch_bounds__(...)

using std::max;
using std::min;

struct dim3 {
    unsigned x, y, z;
    constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};
struct alignas(16) float4 { float x, y, z, w; };
struct alignas(8) float2 { float x, y; };
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
inline float2 make_float2(float x, float y) { return {x, y}; }

namespace simt {
dim3 threadIndex();
dim3 blockIndex();
dim3 blockSize();
dim3 gridSize();
void barrier();
int barrierOr(int value);
// Every lane of the mask gives a value and sees those of all lanes.
uint64_t exchange(unsigned mask, uint64_t mine, int fromLane);
unsigned ballot(unsigned mask, bool value);
void* sharedMemory(const void* site, size_t bytes);
void* dynamicShared();
int launch(const char* name, dim3 grid, dim3 block, size_t bytes, const std::function<void()>& body);
template <typename T> uint64_t bits(T value) { uint64_t b = 0; std::memcpy(&b, &value, sizeof value); return b; }
template <typename T> T value(uint64_t b) { T v; std::memcpy(&v, &b, sizeof v); return v; }
inline int lane() {
    dim3 t = threadIndex(), n = blockSize();
    return ((t.z * n.y + t.y) * n.x + t.x) % 32;
}
}  // namespace simt

#define threadIdx (simt::threadIndex())
#define blockIdx (simt::blockIndex())
#define blockDim (simt::blockSize())
#define gridDim (simt::gridSize())

#define SHARED(type, name, dims)                  \
    using SharedOf_##name = type dims;            \
    static const char sharedSite_##name = 0;      \
    SharedOf_##name& name = *static_cast<SharedOf_##name*>(simt::sharedMemory(&sharedSite_##name, sizeof(SharedOf_##name)))
#define DYNAMIC_SHARED(type, name) type* const name = static_cast<type*>(simt::dynamicShared())
#define SIMT_UNWRAP(...) __VA_ARGS__
#define LAUNCH(kernel, grid, block, bytes, stream, ...) \
    ((void)(stream), simt::launch(#kernel, grid, block, bytes, [=] { SIMT_UNWRAP kernel(__VA_ARGS__); }))

inline void __syncthreads() { simt::barrier(); }
inline int __syncthreads_or(int v) { return simt::barrierOr(v); }
inline void __syncwarp(unsigned mask = 0xffffffffu) { simt::ballot(mask, false); }
template <typename T> T __shfl_sync(unsigned mask, T v, int source, int width = 32) {
    int self = simt::lane();
    return simt::value<T>(simt::exchange(mask, simt::bits(v), (self & ~(width - 1)) + (source & (width - 1))));
}
template <typename T> T __shfl_xor_sync(unsigned mask, T v, int other, int width = 32) {
    int self = simt::lane(), from = self ^ other;
    if ((from & ~(width - 1)) != (self & ~(width - 1))) from = self;
    return simt::value<T>(simt::exchange(mask, simt::bits(v), from));
}
template <typename T> T __shfl_down_sync(unsigned mask, T v, int delta, int width = 32) {
    int self = simt::lane(), from = (self & (width - 1)) + delta < width ? self + delta : self;
    return simt::value<T>(simt::exchange(mask, simt::bits(v), from));
}
template <typename T> T __shfl_up_sync(unsigned mask, T v, int delta, int width = 32) {
    int self = simt::lane(), from = (self & (width - 1)) >= delta ? self - delta : self;
    return simt::value<T>(simt::exchange(mask, simt::bits(v), from));
}
inline unsigned __ballot_sync(unsigned mask, int p) { return simt::ballot(mask, p != 0); }
inline int __any_sync(unsigned mask, int p) { return simt::ballot(mask, p != 0) != 0; }
inline int __all_sync(unsigned mask, int p) { return simt::ballot(mask, p == 0) == 0; }
inline int __popc(unsigned v) { return __builtin_popcount(v); }
inline int __clz(int v) { return v ? __builtin_clz(v) : 32; }
inline int __ffs(int v) { return __builtin_ffs(v); }
inline unsigned __umulhi(unsigned a, unsigned b) { return (uint64_t(a) * b) >> 32; }
inline unsigned __float_as_uint(float f) { return simt::bits(f); }
inline int __float_as_int(float f) { return simt::bits(f); }
inline float __uint_as_float(unsigned u) { return simt::value<float>(u); }
inline float __int_as_float(int u) { return simt::value<float>(unsigned(u)); }
template <typename T> T __ldg(const T* p) { return *p; }
template <typename T> T atomicAdd(T* at, T v) { T old = *at; *at += v; return old; }
template <typename T> T atomicMax(T* at, T v) { T old = *at; *at = max(old, v); return old; }
template <typename T> T atomicMin(T* at, T v) { T old = *at; *at = min(old, v); return old; }
