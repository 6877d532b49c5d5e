// Exact selection of the lowest saliencies: radix selection of a threshold among ordered float bits, three digits, and one
// ordered pass that clears what is below it and the first of what equals it. One block a member; a pass reads everything once.
#include "block_scan.cuh"

namespace espalier {
namespace {

constexpr int THREADS = 1024;
// Digits of 11, 11 and 10 bits.
constexpr int DIGIT = 11;
constexpr int BINS = 1 << DIGIT;
constexpr int BINS_PER_THREAD = BINS / THREADS;
// Neighbouring weights that a thread takes at once.
constexpr int QUAD = 4;

struct Weights {
    int tensors;
    const float* const* saliencies;
    uint8_t* const* masks;
    const int32_t* sizes;
};

struct alignas(16) Saliencies {
    float at[QUAD];
};

// Some weights of a thread; where they are not alive, or beyond the end, saliencies are nothing.
struct Quad {
    Saliencies saliency;
    bool alive[QUAD];
    uint8_t* mask;
};

// visit(quad) for all weights of a member in (tensor, index) order, four a thread; all threads visit equally often.
template <typename Visit>
__device__ void forQuads(const Weights& weights, int member, Visit visit) {
    for (int t = 0; t < weights.tensors; t++) {
        const int size = weights.sizes[t];
        const float* const saliencies = weights.saliencies[t] + slice(member, size);
        uint8_t* const masks = weights.masks[t] + slice(member, size);
        for (int first = 0; first < size; first += THREADS * QUAD) {
            const int e = first + threadIdx.x * QUAD;
            Quad quad = {};
            quad.mask = masks + e;
            if (size % QUAD == 0 && e < size) {
                const uint32_t alive = *reinterpret_cast<const uint32_t*>(masks + e);
                quad.saliency = *reinterpret_cast<const Saliencies*>(saliencies + e);
                for (int i = 0; i < QUAD; i++) {
                    quad.alive[i] = (alive >> 8 * i & 0xff) != 0;
                }
            } else {
                for (int i = 0; i < QUAD && e + i < size; i++) {
                    quad.alive[i] = masks[e + i] != 0;
                    quad.saliency.at[i] = saliencies[e + i];
                }
            }
            visit(quad);
        }
    }
}

// found[r] = how many weights of member r are alive, and how many of their saliencies are NaN; 0 if nothing is pruned there.
__global__ void __launch_bounds__(THREADS)
    look(Weights weights, const int32_t* __restrict__ keep, int32_t* __restrict__ found) {
    SHARED(int, warpSums, [WARP]);
    const int member = blockIdx.z;
    int alive = 0;
    int nans = 0;
    if (keep[member] >= 0) {
        forQuads(weights, member, [&](const Quad& quad) {
            for (int i = 0; i < QUAD; i++) {
                alive += quad.alive[i];
                nans += quad.alive[i] && quad.saliency.at[i] != quad.saliency.at[i];
            }
        });
    }
    int total;
    sumBefore<THREADS>(alive, warpSums, total);
    if (threadIdx.x == 0) {
        found[2 * member] = total;
    }
    sumBefore<THREADS>(nans, warpSums, total);
    if (threadIdx.x == 0) {
        found[2 * member + 1] = total;
    }
}

// Bits in the order of the numbers; both zeros are one.
__device__ uint32_t orderedBits(float saliency) {
    const uint32_t bits = saliency == 0 ? 0 : __float_as_uint(saliency);
    return bits >> 31 ? ~bits : bits | 0x80000000u;
}

__global__ void __launch_bounds__(THREADS)
    clearLowest(int members, Weights weights, const int32_t* __restrict__ keep, const int32_t* __restrict__ found) {
    SHARED(int, sharedBins, [BINS]);
    SHARED(int, sharedSums, [WARP]);
    SHARED(uint32_t, chosenDigit, [1]);
    SHARED(int, chosenRank, [1]);
    // Lambdas capture pointers, not shared arrays.
    int* const bins = sharedBins;
    int* const warpSums = sharedSums;
    const int member = blockIdx.z;
    int broken = keep[member] < 0;
    for (int r = threadIdx.x; r < members; r += THREADS) {
        broken |= found[2 * r + 1] | (found[2 * r] < keep[r]);
    }
    if (__syncthreads_or(broken)) {
        return;
    }
    // The threshold is the weight number `rank` of those whose bits lie `width` or less above `low`.
    uint32_t low = 0;
    uint32_t width = 0xffffffffu;
    int rank = 0;
    for (int shift = 32 - DIGIT; shift >= 0; shift = shift > 0 ? max(shift - DIGIT, 0) : -1) {
        for (int b = threadIdx.x; b < BINS; b += THREADS) {
            bins[b] = 0;
        }
        __syncthreads();
        forQuads(weights, member, [=](const Quad& quad) {
            for (int i = 0; i < QUAD; i++) {
                const uint32_t above = orderedBits(quad.saliency.at[i]) - low;
                if (quad.alive[i] && above <= width) {
                    atomicAdd(bins + (above >> shift), 1);
                }
            }
        });
        __syncthreads();
        int counts[BINS_PER_THREAD];
        int sum = 0;
        for (int i = 0; i < BINS_PER_THREAD; i++) {
            counts[i] = bins[threadIdx.x * BINS_PER_THREAD + i];
            sum += counts[i];
        }
        int total;
        int before = sumBefore<THREADS>(sum, warpSums, total);
        if (shift == 32 - DIGIT) {
            rank = total - keep[member];
            if (rank <= 0) {
                return;
            }
        }
        for (int i = 0; i < BINS_PER_THREAD; i++) {
            if (before < rank && rank <= before + counts[i]) {
                chosenDigit[0] = threadIdx.x * BINS_PER_THREAD + i;
                chosenRank[0] = rank - before;
            }
            before += counts[i];
        }
        __syncthreads();
        low += chosenDigit[0] << shift;
        width = (1u << shift) - 1;
        rank = chosenRank[0];
    }
    // Now low is the threshold and rank how many of those that equal it go.
    int equalsBefore = 0;
    forQuads(weights, member, [&](const Quad& quad) {
        uint32_t bits[QUAD];
        int equals = 0;
        for (int i = 0; i < QUAD; i++) {
            bits[i] = orderedBits(quad.saliency.at[i]);
            equals += quad.alive[i] && bits[i] == low;
        }
        int total;
        int number = equalsBefore + sumBefore<THREADS>(equals, warpSums, total);
        equalsBefore += total;
        for (int i = 0; i < QUAD; i++) {
            if (quad.alive[i] && (bits[i] < low || (bits[i] == low && number++ < rank))) {
                quad.mask[i] = 0;
            }
        }
    });
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_prune_lowest(int members, int tensors, const float* const* saliencies, uint8_t* const* masks,
                                            const int32_t* sizes, const int32_t* keep, int32_t* found, void* stream) {
    using namespace espalier;
    if (members < 1 || members > MAX_MEMBERS || tensors < 1) {
        return ESPALIER_BAD_ARGUMENT;
    }
    const Weights weights = {tensors, saliencies, masks, sizes};
    const dim3 grid(1, 1, members);
    const int status = LAUNCH((look), grid, THREADS, 0, stream, weights, keep, found);
    return status != 0 ? status : LAUNCH((clearLowest), grid, THREADS, 0, stream, members, weights, keep, found);
}
