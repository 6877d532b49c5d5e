// counter[r] += 1: with it a training step needs nothing from the host, so a graph of steps can be launched again and again.
#include "simt.h"

namespace espalier {
namespace {

constexpr int THREADS = 128;

__global__ void advance(int members, int32_t* counter) {
    const int r = blockIdx.x * THREADS + threadIdx.x;
    if (r < members) {
        counter[r]++;
    }
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_advance(int members, int32_t* counter, void* stream) {
    using namespace espalier;
    if (members < 1 || members > MAX_MEMBERS) {
        return ESPALIER_BAD_ARGUMENT;
    }
    return LAUNCH((advance), ceilDiv(members, THREADS), THREADS, 0, stream, members, counter);
}
