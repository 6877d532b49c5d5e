// Softmax cross-entropy and its gradient.
#include "loss.cuh"
#include "softmax.cuh"

namespace espalier {
namespace {

__global__ void softmaxCrossEntropy(int outputs, int batch, const float* __restrict__ z, const int32_t* __restrict__ labels,
                                    float* __restrict__ dz, float* __restrict__ loss) {
    const float share = 1.0f / static_cast<float>(batch);
    const long long start = slice(blockIdx.z, static_cast<long long>(outputs) * batch);
    z += start;
    dz += start;
    labels += slice(blockIdx.z, batch);
    float sum = 0;
    for (int b = threadIdx.x; b < batch; b += LOSS_THREADS) {
        const Softmax softmax(z + b, outputs, batch, 1);
        const int label = labels[b];
        for (int o = 0; o < outputs; o++) {
            const int at = o * batch + b;
            dz[at] = softmax.miss(o, label, z[at]) * share;
        }
        sum -= softmax.logarithm(z[label * batch + b]);
    }
    addAll(sum, loss + blockIdx.z);
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_softmax_cross_entropy(int members, int outputs, int batch, const float* z,
                                                     const int32_t* labels, float* dz, float* loss, void* stream) {
    using namespace espalier;
    if (!validLoss(members, outputs, batch)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    return LAUNCH((softmaxCrossEntropy), dim3(1, 1, members), LOSS_THREADS, 0, stream, outputs, batch, z, labels, dz, loss);
}
