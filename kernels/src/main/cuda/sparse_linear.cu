// z = w x for sparse weights.
#include "sparse_product.cuh"

ESPALIER_HOST_API int espalier_sparse_linear(int members, int outputs, int inputs, int batch, int capacity,
                                             const int32_t* row_starts, const int32_t* columns, const float* values,
                                             const float* x, float* z, void* stream) {
    using namespace espalier;
    const SparseView w = {outputs, inputs, batch, capacity, row_starts, columns, nullptr, values};
    return launchSparseProduct<false, GRADIENT>(members, w, x, nullptr, z, nullptr, stream);
}
