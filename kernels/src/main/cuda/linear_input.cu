// dx = w' dz and hx = (w o w)' hz, each alone or both in one pass over w. Every form adds in the same order, so both in one pass
// have the bits of each alone.
#include "product.cuh"

namespace espalier {
namespace {

// The sum over the outputs is the outermost index of both operands; w is the squared one.
template <bool GRADIENT, Squared SQUARED>
using InputForm = Form<Inner::FREE, Inner::FREE, GRADIENT, SQUARED>;

template <class FORM>
int launchInput(int members, int outputs, int inputs, int batch, const float* w, const float* first, const float* second,
                float* firstOut, float* secondOut, void* stream) {
    const Operand weights = {{w, nullptr}, slice(outputs, inputs)};
    const Operand gradients = {{first, second}, slice(outputs, batch)};
    const Result result = {{firstOut, secondOut}, slice(inputs, batch)};
    return launchProduct<FORM>(members, inputs, batch, outputs, weights, gradients, result, stream);
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_linear_input_gradient(int members, int outputs, int inputs, int batch, const float* w,
                                                     const float* dz, float* dx, void* stream) {
    using namespace espalier;
    using Gradient = InputForm<true, Squared::NEITHER>;
    return launchInput<Gradient>(members, outputs, inputs, batch, w, dz, nullptr, dx, nullptr, stream);
}

ESPALIER_HOST_API int espalier_linear_input_curvature(int members, int outputs, int inputs, int batch, const float* w,
                                                      const float* dz, const float* hz, float* dx, float* hx, void* stream) {
    using namespace espalier;
    using Curvature = InputForm<false, Squared::ROWS>;
    using Both = InputForm<true, Squared::ROWS>;
    return dz ? launchInput<Both>(members, outputs, inputs, batch, w, dz, hz, dx, hx, stream)
              : launchInput<Curvature>(members, outputs, inputs, batch, w, hz, nullptr, hx, nullptr, stream);
}
