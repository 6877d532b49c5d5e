// h = p (1 - p) / batch, in which every digit counts: the ranking of weights rests on these numbers, however small.
#include "loss.cuh"
#include "softmax.cuh"

namespace espalier {
namespace {

__global__ void softmaxCurvature(int outputs, int batch, const float* __restrict__ z, float* __restrict__ h) {
    const int b = blockIdx.x * LOSS_THREADS + threadIdx.x;
    if (b < batch) {
        const float share = 1.0f / static_cast<float>(batch);
        const long long start = slice(blockIdx.z, static_cast<long long>(outputs) * batch) + b;
        z += start;
        h += start;
        const Softmax softmax(z, outputs, batch, 1);
        for (int o = 0; o < outputs; o++) {
            const float logit = z[o * batch];
            h[o * batch] = softmax.probability(logit) * softmax.complement(o, logit) * share;
        }
    }
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_softmax_curvature(int members, int outputs, int batch, const float* z, float* h, void* stream) {
    using namespace espalier;
    if (!validLoss(members, outputs, batch)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    const dim3 grid(ceilDiv(batch, LOSS_THREADS), 1, members);
    return LAUNCH((softmaxCurvature), grid, LOSS_THREADS, 0, stream, outputs, batch, z, h);
}
