// kernel-driver [NAME...]: runs the cases of all kernels, or of those named; one line a kernel; exit 0 if all is well, 1 if not.
#include <cstring>

#include "cases.h"

namespace {

struct Kernel {
    const char* name;
    void (*cases)(driver::Report&);
};

constexpr Kernel KERNELS[] = {
    // counting
    {"advance", driver::advance},
    {"look_up", driver::lookUp},
    {"range", driver::range},

    // data
    {"batch_indices", driver::batchIndices},
    {"gather", driver::gather},
    {"gather_images", driver::gatherImages},
    {"gather_labels", driver::gatherLabels},
    {"gather_columns", driver::gatherColumns},

    // linear maps
    {"linear", driver::linear},
    {"linear_input", driver::linearInput},
    {"linear_weight", driver::linearWeight},
    {"bias_gradient", driver::biasGradient},

    // low rank
    {"low_rank", driver::lowRank},

    // sparse
    {"sparse_linear", driver::sparseLinear},
    {"sparse_input_gradient", driver::sparseInputGradient},
    {"sparse_input_curvature", driver::sparseInputCurvature},
    {"sparse_weight_gradient", driver::sparseWeightGradient},
    {"sparse_weight_curvature", driver::sparseWeightCurvature},
    {"sparse_weight_step", driver::sparseWeightStep},

    // hashed
    {"hash_indices", driver::hashIndices},
    {"expand_buckets", driver::expandBuckets},
    {"invert_index", driver::invertIndex},
    {"reduce_to_buckets", driver::reduceToBuckets},

    // activations
    {"activate", driver::activate},
    {"activation_gradient", driver::activationGradient},
    {"activation_curvature", driver::activationCurvature},
    {"dropout", driver::dropout},

    // losses
    {"softmax_cross_entropy", driver::softmaxCrossEntropy},
    {"distill", driver::distill},
    {"half_squared_error", driver::halfSquaredError},
    {"count_errors", driver::countErrors},
    {"softmax_curvature", driver::softmaxCurvature},

    // images
    {"patches", driver::patches},
    {"fold_patches", driver::foldPatches},
    {"max_pool", driver::maxPool},
    {"max_pool_gradient", driver::maxPoolGradient},
    {"average_pool", driver::averagePool},
    {"average_pool_gradient", driver::averagePoolGradient},

    // normalisation
    {"mean", driver::mean},
    {"variance", driver::variance},
    {"normalise", driver::normalise},
    {"scale_rows", driver::scaleRows},
    {"normalise_sums", driver::normaliseSums},
    {"normalise_gradient", driver::normaliseGradient},

    // parts and sums
    {"copy_rows", driver::copyRows},
    {"add_rows", driver::addRows},
    {"combine", driver::combine},

    // element-wise
    {"fill", driver::fill},
    {"magnitude", driver::magnitude},
    {"apply_mask", driver::applyMask},
    {"uniform", driver::uniform},
    {"sgd", driver::sgd},
    {"square", driver::square},

    // selection
    {"prune_lowest", driver::pruneLowest},
};

bool asked(const char* name, int count, char** names) {
    for (int i = 1; i < count; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return count == 1;
}

}  // namespace

int main(int count, char** names) {
    printf("%s, %s\n", driver::deviceName().c_str(), espalier_build());
    int ran = 0;
    int failed = 0;
    for (const Kernel& kernel : KERNELS) {
        if (asked(kernel.name, count, names)) {
            driver::Report report(kernel.name);
            kernel.cases(report);
            failed += !report.finish();
            ran++;
        }
    }
    printf("%d of %d kernels passed\n", ran - failed, ran);
    return ran > 0 && failed == 0 ? 0 : 1;
}
