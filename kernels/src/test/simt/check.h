// What the race checker is told; without it nothing. It learns of the kernels' accesses through the calls that
// -fsanitize=thread puts in front of them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace simt {

struct Multiprocessor;
struct Warp;

#ifdef SIMT_CHECKED

#else

struct Epochs {};
struct Clocks {};

// Memory that has no value yet, has one from the host, is none any more.
inline bool reserveShadow() { return true; }
inline void shadowBlank(char*, size_t) {}
inline void shadowWritten(char*, size_t) {}
inline void shadowNone(char*, size_t) {}

inline void checkLaunch(Multiprocessor&) {}
inline void checkBlock(Multiprocessor&) {}
inline void checkBarrier(Multiprocessor&) {}
inline void checkExchange(Warp&, unsigned) {}

#endif

}  // namespace simt
