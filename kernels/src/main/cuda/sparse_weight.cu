// Gradients of sparse weights: a dot product over the batch for every weight, and what is done with it where it arises, so that a
// step needs no gradient in memory. All forms run the same sums and give the same bits.
#include "sgd.cuh"
#include "sparse.cuh"

namespace espalier {
namespace {

// Dot products that a group makes at once: so many loads of x are under way, and their sums are exchanged together.
constexpr int SUMS = 8;
// Groups that share a long row.
constexpr int MOST_SHARES = 1024;

// Adds v over the lanes of a group; a lane gets the sum number lane / (LANES / SUMS). Lanes halve what they still hold while they
// exchange, which takes 9 exchanges for 32 lanes where one sum after the other takes 40.
template <int LANES>
__device__ float sumOverLanes(float (&v)[SUMS], unsigned mask, int lane) {
    int offset = LANES / 2;
#pragma unroll
    for (int half = SUMS / 2; half >= 1; half /= 2, offset /= 2) {
        const bool upper = (lane & offset) != 0;
#pragma unroll
        for (int i = 0; i < half; i++) {
            const float given = upper ? v[i] : v[i + half];
            const float kept = upper ? v[i + half] : v[i];
            v[i] = kept + __shfl_xor_sync(mask, given, offset, LANES);
        }
    }
    for (; offset >= 1; offset /= 2) {
        v[0] += __shfl_xor_sync(mask, v[0], offset, LANES);
    }
    return v[0];
}

// Keeps the sums.
template <int TERMS_>
struct Store {
    static constexpr int TERMS = TERMS_;
    float* dvalues;
    float* hvalues;

    __device__ void begin(int) {}
    __device__ void put(long long at, float gradient, float curvature) const {
        if (TERMS & GRADIENT) {
            dvalues[at] = gradient;
        }
        if (TERMS & CURVATURE) {
            hvalues[at] = curvature;
        }
    }
    __device__ void clear(long long at) const { put(at, 0, 0); }
};

// Takes a step along the gradient.
struct Step {
    static constexpr int TERMS = GRADIENT;
    float* values;
    float* velocity;
    const float* learningRate;
    const float* momentum;
    const float* l1;
    const float* l2;
    SgdRates rates;

    __device__ void begin(int member) { rates = {learningRate[member], momentum[member], l1[member], l2[member]}; }
    __device__ void put(long long at, float gradient, float) const {
        float weight = values[at];
        float speed = velocity[at];
        sgdStep(rates, gradient, weight, speed);
        values[at] = weight;
        velocity[at] = speed;
    }
    __device__ void clear(long long at) const {
        values[at] = 0;
        velocity[at] = 0;
    }
};

template <typename G, typename Use>
__global__ void __launch_bounds__(SPARSE_THREADS)
    sparseWeights(int outputs, int inputs, int batch, int capacity, const int32_t* __restrict__ rowStarts,
                  const int32_t* __restrict__ columns, const float* __restrict__ dz, const float* __restrict__ hz,
                  const float* __restrict__ x, Use use) {
    const int member = blockIdx.z;
    const int lane = G::lane();
    const unsigned mask = G::mask();
    const int32_t* const starts = rowStarts + slice(member, outputs + 1LL);
    const long long weights = slice(member, capacity);
    use.begin(member);
    const long long thread = (static_cast<long long>(blockIdx.y) * gridDim.x + blockIdx.x) * SPARSE_THREADS + threadIdx.x;
    for (long long k = starts[outputs] + thread; k < capacity;
         k += static_cast<long long>(gridDim.y) * gridDim.x * SPARSE_THREADS) {
        use.clear(weights + k);
    }
    const int row = G::row();
    if (row >= outputs) {
        return;
    }
    const long long fromZ = slice(member, static_cast<long long>(outputs) * batch) + row * batch;
    const long long fromX = slice(member, static_cast<long long>(inputs) * batch);
    const int end = starts[row + 1];
    // Groups that share a row take turns.
    for (int base = starts[row] + blockIdx.y * G::LANES; base < end; base += gridDim.y * G::LANES) {
        const int place = base + lane < end ? columns[weights + base + lane] * batch : 0;
        const int count = min(G::LANES, end - base);
        for (int first = 0; first < count; first += SUMS) {
            // Behind the last weight the first row of x is multiplied in vain.
            int at[SUMS];
            float gradient[SUMS] = {};
            float curvature[SUMS] = {};
#pragma unroll
            for (int u = 0; u < SUMS; u++) {
                at[u] = __shfl_sync(mask, place, first + u, G::LANES);
            }
            // Eight loads at a time are enough; unrolled further it costs registers.
#pragma unroll 1
            for (int column = lane * G::COLUMNS; column < batch; column += G::STRIP) {
                Pack<G::COLUMNS> slope = {};
                Pack<G::COLUMNS> bend = {};
                if (Use::TERMS & GRADIENT) {
                    slope = Pack<G::COLUMNS>::load(dz + fromZ + column);
                }
                if (Use::TERMS & CURVATURE) {
                    bend = Pack<G::COLUMNS>::load(hz + fromZ + column);
                }
#pragma unroll
                for (int u = 0; u < SUMS; u++) {
                    const Pack<G::COLUMNS> input = Pack<G::COLUMNS>::load(x + fromX + at[u] + column);
#pragma unroll
                    for (int c = 0; c < G::COLUMNS; c++) {
                        if (Use::TERMS & GRADIENT) {
                            gradient[u] = fmaf(slope.at[c], input.at[c], gradient[u]);
                        }
                        if (Use::TERMS & CURVATURE) {
                            curvature[u] = fmaf(bend.at[c], input.at[c] * input.at[c], curvature[u]);
                        }
                    }
                }
            }
            const float slope = Use::TERMS & GRADIENT ? sumOverLanes<G::LANES>(gradient, mask, lane) : 0;
            const float bend = Use::TERMS & CURVATURE ? sumOverLanes<G::LANES>(curvature, mask, lane) : 0;
            constexpr int COPIES = G::LANES / SUMS;
            const int k = base + first + lane / COPIES;
            if (lane % COPIES == 0 && k < end) {
                use.put(weights + k, slope, bend);
            }
        }
    }
}

template <typename Use>
int launchSparseWeights(int members, int outputs, int inputs, int batch, int capacity, const int32_t* rowStarts,
                        const int32_t* columns, const float* dz, const float* hz, const float* x, Use use, void* stream) {
    if (members < 1 || members > MAX_MEMBERS || outputs < 1 || inputs < 1 || batch < 1 || capacity < 1) {
        return ESPALIER_BAD_ARGUMENT;
    }
    return withGroup(batch, [=](auto group) {
        using G = decltype(group);
        // A group for every LANES weights of a row of mean length: dot products are independent, so sharing changes no bits.
        const int shares = min(MOST_SHARES, ceilDiv(ceilDiv(capacity, outputs), G::LANES));
        const dim3 grid(ceilDiv(outputs, G::PER_BLOCK), shares, members);
        return LAUNCH((sparseWeights<G, Use>), grid, SPARSE_THREADS, 0, stream, outputs, inputs, batch, capacity, rowStarts,
                      columns, dz, hz, x, use);
    });
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_sparse_weight_gradient(int members, int outputs, int inputs, int batch, int capacity,
                                                      const int32_t* row_starts, const int32_t* columns, const float* dz,
                                                      const float* x, float* dvalues, void* stream) {
    using namespace espalier;
    return launchSparseWeights(members, outputs, inputs, batch, capacity, row_starts, columns, dz, nullptr, x,
                               Store<GRADIENT>{dvalues, nullptr}, stream);
}

ESPALIER_HOST_API int espalier_sparse_weight_curvature(int members, int outputs, int inputs, int batch, int capacity,
                                                       const int32_t* row_starts, const int32_t* columns, const float* dz,
                                                       const float* hz, const float* x, float* dvalues, float* hvalues,
                                                       void* stream) {
    using namespace espalier;
    if ((dz == nullptr) != (dvalues == nullptr)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    if (dz == nullptr) {
        return launchSparseWeights(members, outputs, inputs, batch, capacity, row_starts, columns, nullptr, hz, x,
                                   Store<CURVATURE>{nullptr, hvalues}, stream);
    }
    return launchSparseWeights(members, outputs, inputs, batch, capacity, row_starts, columns, dz, hz, x,
                               Store<GRADIENT | CURVATURE>{dvalues, hvalues}, stream);
}

ESPALIER_HOST_API int espalier_sparse_weight_step(int members, int outputs, int inputs, int batch, int capacity,
                                                  const int32_t* row_starts, const int32_t* columns, const float* dz,
                                                  const float* x, float* values, float* velocity, const float* learning_rate,
                                                  const float* momentum, const float* l1, const float* l2, void* stream) {
    using namespace espalier;
    return launchSparseWeights(members, outputs, inputs, batch, capacity, row_starts, columns, dz, nullptr, x,
                               Step{values, velocity, learning_rate, momentum, l1, l2, {}}, stream);
}
