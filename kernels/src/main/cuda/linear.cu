// z = w x: the sum runs along the rows of w and down the columns of x.
#include "product.cuh"

ESPALIER_HOST_API int espalier_linear(int members, int outputs, int inputs, int batch, const float* w, const float* x, float* z,
                                      void* stream) {
    using namespace espalier;
    const Operand weights = {{w, nullptr}, slice(outputs, inputs)};
    const Operand activations = {{x, nullptr}, slice(inputs, batch)};
    const Result result = {{z, nullptr}, slice(outputs, batch)};
    using Linear = Form<Inner::SUM, Inner::FREE, true, Squared::NEITHER>;
    return launchProduct<Linear>(members, outputs, batch, inputs, weights, activations, result, stream);
}
