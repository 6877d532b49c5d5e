// x = dropout(x), for inputs, which no activation makes.
#include "dropout.cuh"

namespace espalier {
namespace {

__global__ void dropOut(int features, int batch, float* __restrict__ x, Dropout dropout) {
    const int r = blockIdx.z;
    const Tile tile(features, batch);
    x += slice(r, static_cast<long long>(features) * batch);
    float values[TILE_UNITS];
    tile.load(x, values);
    const DropRate rate(dropout, r);
    const Survivors<true> survivors(dropout, rate, tile, r);
    for (int u = 0; u < TILE_UNITS; u++) {
        const bool survives = survivors.has(u);
        if (tile.has(u)) {
            x[tile.at(u)] = survives ? values[u] * rate.scale : 0;
        }
    }
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_dropout(int members, int features, int batch, float* x, const int32_t* keys,
                                       const int32_t* step, const float* rate, const int32_t* units, int drop_stream,
                                       void* stream) {
    using namespace espalier;
    const Dropout dropout = {keys, step, rate, units, drop_stream};
    if (members < 1 || members > MAX_MEMBERS || features < 1 || batch < 1 || !valid(dropout) || !drops(dropout)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    return LAUNCH((dropOut), tileGrid(members, features, batch), TILE_THREADS, 0, stream, features, batch, x, dropout);
}
