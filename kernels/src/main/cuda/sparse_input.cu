// dx = w' dz and hx = (w o w)' hz for sparse weights, through their column view: the forward product with one indirection.
#include "sparse_product.cuh"

ESPALIER_HOST_API int espalier_sparse_input_gradient(int members, int outputs, int inputs, int batch, int capacity,
                                                     const int32_t* column_starts, const int32_t* rows, const int32_t* order,
                                                     const float* values, const float* dz, float* dx, void* stream) {
    using namespace espalier;
    const SparseView w = {inputs, outputs, batch, capacity, column_starts, rows, order, values};
    return launchSparseProduct<true, GRADIENT>(members, w, dz, nullptr, dx, nullptr, stream);
}

ESPALIER_HOST_API int espalier_sparse_input_curvature(int members, int outputs, int inputs, int batch, int capacity,
                                                      const int32_t* column_starts, const int32_t* rows, const int32_t* order,
                                                      const float* values, const float* dz, const float* hz, float* dx,
                                                      float* hx, void* stream) {
    using namespace espalier;
    const SparseView w = {inputs, outputs, batch, capacity, column_starts, rows, order, values};
    if ((dz == nullptr) != (dx == nullptr)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    if (dz == nullptr) {
        return launchSparseProduct<true, CURVATURE>(members, w, nullptr, hz, nullptr, hx, stream);
    }
    return launchSparseProduct<true, GRADIENT | CURVATURE>(members, w, dz, hz, dx, hx, stream);
}
