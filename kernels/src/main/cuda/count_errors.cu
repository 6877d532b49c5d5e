// Counts the columns whose largest output is not the label's; counts are integers, so their order does not matter.
#include "loss.cuh"

namespace espalier {
namespace {

__global__ void countErrors(int outputs, int batch, const float* __restrict__ a, const int32_t* __restrict__ labels,
                            int32_t* __restrict__ errors) {
    const int b = blockIdx.x * LOSS_THREADS + threadIdx.x;
    bool wrong = false;
    if (b < batch) {
        a += slice(blockIdx.z, static_cast<long long>(outputs) * batch) + b;
        float largest = a[0];
        int answer = 0;
        // Only NaN differs from itself.
        bool broken = largest != largest;
        for (int o = 1; o < outputs; o++) {
            const float output = a[o * batch];
            broken |= output != output;
            if (output > largest) {
                largest = output;
                answer = o;
            }
        }
        wrong = broken || answer != labels[slice(blockIdx.z, batch) + b];
    }
    const int count = __popc(__ballot_sync(ALL_LANES, wrong));
    if (threadIdx.x % WARP == 0 && count > 0) {
        atomicAdd(errors + blockIdx.z, count);
    }
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_count_errors(int members, int outputs, int batch, const float* a, const int32_t* labels,
                                            int32_t* errors, void* stream) {
    using namespace espalier;
    if (!validLoss(members, outputs, batch)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    const dim3 grid(ceilDiv(batch, LOSS_THREADS), 1, members);
    return LAUNCH((countErrors), grid, LOSS_THREADS, 0, stream, outputs, batch, a, labels, errors);
}
