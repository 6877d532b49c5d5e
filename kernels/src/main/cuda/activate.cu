// Bias, activation and dropout in one pass over the outputs of a linear map.
#include "activation.cuh"
#include "dropout.cuh"

namespace espalier {
namespace {

template <typename F, bool DROPPING>
__global__ void activate(int outputs, int batch, float* __restrict__ z, const float* __restrict__ bias, Dropout dropout) {
    const int r = blockIdx.z;
    const Tile tile(outputs, batch);
    z += slice(r, static_cast<long long>(outputs) * batch);
    bias += slice(r, outputs);
    float values[TILE_UNITS];
    tile.load(z, values);
    const DropRate rate(dropout, r);
    const Survivors<DROPPING> survivors(dropout, rate, tile, r);
    for (int u = 0; u < TILE_UNITS; u++) {
        const bool survives = survivors.has(u);
        if (tile.has(u)) {
            const float a = F::value(values[u] + bias[tile.firstUnit + u]);
            z[tile.at(u)] = survives ? a * rate.scale : 0;
        }
    }
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_activate(int members, int outputs, int batch, int activation, float* z, const float* bias,
                                        const int32_t* keys, const int32_t* step, const float* rate,
                                        const int32_t* units, int drop_stream, void* stream) {
    using namespace espalier;
    const Dropout dropout = {keys, step, rate, units, drop_stream};
    if (members < 1 || members > MAX_MEMBERS || outputs < 1 || batch < 1 || !valid(dropout)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    const dim3 grid = tileGrid(members, outputs, batch);
    return byActivation(activation, [=](auto f) {
        using F = decltype(f);
        return drops(dropout)
                   ? LAUNCH((activate<F, true>), grid, TILE_THREADS, 0, stream, outputs, batch, z, bias, dropout)
                   : LAUNCH((activate<F, false>), grid, TILE_THREADS, 0, stream, outputs, batch, z, bias, dropout);
    });
}
