// Half the squared error against the one-hot label, and its gradient.
#include "loss.cuh"

namespace espalier {
namespace {

__global__ void halfSquaredError(int outputs, int batch, const float* __restrict__ a, const int32_t* __restrict__ labels,
                                 float* __restrict__ da, float* __restrict__ loss) {
    const float share = 1.0f / static_cast<float>(batch);
    const long long start = slice(blockIdx.z, static_cast<long long>(outputs) * batch);
    a += start;
    da += start;
    labels += slice(blockIdx.z, batch);
    float sum = 0;
    for (int b = threadIdx.x; b < batch; b += LOSS_THREADS) {
        const int label = labels[b];
        for (int o = 0; o < outputs; o++) {
            const int at = o * batch + b;
            const float difference = a[at] - (o == label ? 1.0f : 0.0f);
            da[at] = difference * share;
            sum = fmaf(difference, difference, sum);
        }
    }
    addAll(0.5f * sum, loss + blockIdx.z);
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_half_squared_error(int members, int outputs, int batch, const float* a, const int32_t* labels,
                                                  float* da, float* loss, void* stream) {
    using namespace espalier;
    if (!validLoss(members, outputs, batch)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    return LAUNCH((halfSquaredError), dim3(1, 1, members), LOSS_THREADS, 0, stream, outputs, batch, a, labels, da, loss);
}
