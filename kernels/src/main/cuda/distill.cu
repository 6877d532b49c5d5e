// Softmax cross-entropy with labels and with a teacher, and its gradient.
#include "loss.cuh"
#include "softmax.cuh"

namespace espalier {
namespace {

__global__ void distill(int outputs, int batch, const float* __restrict__ z, const int32_t* __restrict__ labels,
                        const float* __restrict__ teacher, const float* __restrict__ temperature,
                        const float* __restrict__ weight, float* __restrict__ dz, float* __restrict__ loss) {
    const float t = temperature[blockIdx.z];
    const float w = weight[blockIdx.z];
    const float coolness = 1 / t;
    const float share = 1.0f / static_cast<float>(batch);
    const long long start = slice(blockIdx.z, static_cast<long long>(outputs) * batch);
    z += start;
    teacher += start;
    dz += start;
    labels += slice(blockIdx.z, batch);
    float sum = 0;
    for (int b = threadIdx.x; b < batch; b += LOSS_THREADS) {
        const Softmax hard(z + b, outputs, batch, 1);
        const Softmax soft(z + b, outputs, batch, coolness);
        const Softmax taught(teacher + b, outputs, batch, coolness);
        const int label = labels[b];
        float divergence = 0;
        for (int o = 0; o < outputs; o++) {
            const int at = o * batch + b;
            const float q = taught.probability(teacher[at]);
            const float difference = soft.probability(z[at]) - q;
            dz[at] = fmaf(1 - w, hard.miss(o, label, z[at]), w * t * difference) * share;
            divergence = fmaf(q, taught.logarithm(teacher[at]) - soft.logarithm(z[at]), divergence);
        }
        sum += w * t * t * divergence - (1 - w) * hard.logarithm(z[label * batch + b]);
    }
    addAll(sum, loss + blockIdx.z);
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_distill(int members, int outputs, int batch, const float* z, const int32_t* labels,
                                       const float* teacher, const float* temperature, const float* weight, float* dz,
                                       float* loss, void* stream) {
    using namespace espalier;
    if (!validLoss(members, outputs, batch)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    return LAUNCH((distill), dim3(1, 1, members), LOSS_THREADS, 0, stream, outputs, batch, z, labels, teacher, temperature,
                  weight, dz, loss);
}
