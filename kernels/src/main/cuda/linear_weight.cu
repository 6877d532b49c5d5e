// dw = dz x' and hw = hz (x o x)', each alone or both in one pass over x. Every form adds in the same order, so both in one pass
// have the bits of each alone.
#include "product.cuh"

namespace espalier {
namespace {

// The sum over the batch is the innermost index of both operands; x is the squared one.
template <bool GRADIENT, Squared SQUARED>
using WeightForm = Form<Inner::SUM, Inner::SUM, GRADIENT, SQUARED>;

template <class FORM>
int launchWeight(int members, int outputs, int inputs, int batch, const float* first, const float* second, const float* x,
                 float* firstOut, float* secondOut, void* stream) {
    const Operand gradients = {{first, second}, slice(outputs, batch)};
    const Operand activations = {{x, nullptr}, slice(inputs, batch)};
    const Result result = {{firstOut, secondOut}, slice(outputs, inputs)};
    return launchProduct<FORM>(members, outputs, inputs, batch, gradients, activations, result, stream);
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_linear_weight_gradient(int members, int outputs, int inputs, int batch, const float* dz,
                                                      const float* x, float* dw, void* stream) {
    using namespace espalier;
    using Gradient = WeightForm<true, Squared::NEITHER>;
    return launchWeight<Gradient>(members, outputs, inputs, batch, dz, nullptr, x, dw, nullptr, stream);
}

ESPALIER_HOST_API int espalier_linear_weight_curvature(int members, int outputs, int inputs, int batch, const float* dz,
                                                       const float* hz, const float* x, float* dw, float* hw, void* stream) {
    using namespace espalier;
    using Curvature = WeightForm<false, Squared::COLUMNS>;
    using Both = WeightForm<true, Squared::COLUMNS>;
    return dz ? launchWeight<Both>(members, outputs, inputs, batch, dz, hz, x, dw, hw, stream)
              : launchWeight<Curvature>(members, outputs, inputs, batch, hz, nullptr, x, hw, nullptr, stream);
}
