// A libcublas.so.13 for tests: the documented meaning of the functions that we call, in plain loops over host memory. Matrices are
// column-major, as everywhere in BLAS.
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace {

struct Handle {
    void* stream;
    void* workspace;
    int mathMode;
};

enum { SUCCESS = 0, NOT_INITIALIZED = 1, INVALID_VALUE = 7 };
enum { TF32_TENSOR_OP_MATH = 3 };

// What a tensor core makes of a factor: 10 bits behind the point, ties away from zero.
float factor(const Handle* handle, float value) {
    if (handle->mathMode != TF32_TENSOR_OP_MATH) {
        return value;
    }
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    bits = (bits + 0x1000u) & ~0x1fffu;
    std::memcpy(&value, &bits, sizeof bits);
    return value;
}

}  // namespace

extern "C" {

const char* cublasGetStatusString(int status) { return status == INVALID_VALUE ? "CUBLAS_STATUS_INVALID_VALUE" : "another"; }

int cublasCreate_v2(Handle** handle) {
#ifdef REFUSES_TO_START
    return NOT_INITIALIZED;
#endif
    *handle = new Handle{};
    return SUCCESS;
}

int cublasDestroy_v2(Handle* handle) {
    delete handle;
    return SUCCESS;
}

int cublasGetVersion_v2(Handle*, int* version) {
    *version = 130000;
    return SUCCESS;
}

int cublasSetStream_v2(Handle* handle, void* stream) {
    handle->stream = stream;
    return SUCCESS;
}

int cublasSetWorkspace_v2(Handle* handle, void* workspace, size_t bytes) {
    handle->workspace = workspace;
    return bytes == size_t{32} << 20 ? SUCCESS : INVALID_VALUE;
}

int cublasSetMathMode(Handle* handle, int mode) {
    handle->mathMode = mode;
    return mode == 0 || mode == 3 ? SUCCESS : INVALID_VALUE;
}

// C = alpha op(A) op(B) + beta C: op(A) (m, k), op(B) (k, n), C (m, n), element (i, j) of a stored matrix at i + j * ld.
int cublasSgemmStridedBatched(Handle* handle, int opA, int opB, int m, int n, int k, const float* alpha, const float* A, int lda,
                              long long strideA, const float* B, int ldb, long long strideB, const float* beta, float* C,
                              int ldc, long long strideC, int batchCount) {
    const bool legal = handle->workspace && lda >= (opA ? k : m) && ldb >= (opB ? n : k) && ldc >= m && (opA | opB) <= 1;
    if (!legal) {
        return INVALID_VALUE;
    }
    for (int batch = 0; batch < batchCount; batch++) {
        const float* const a = A + batch * strideA;
        const float* const b = B + batch * strideB;
        float* const c = C + batch * strideC;
        for (int j = 0; j < n; j++) {
            for (int i = 0; i < m; i++) {
                double sum = 0;
                for (int s = 0; s < k; s++) {
                    sum += static_cast<double>(factor(handle, opA ? a[s + int64_t{i} * lda] : a[i + int64_t{s} * lda])) *
                           factor(handle, opB ? b[j + int64_t{s} * ldb] : b[s + int64_t{j} * ldb]);
                }
                float* const out = c + i + int64_t{j} * ldc;
                // A factor of 0 means that C is not read.
                *out = static_cast<float>(*alpha * sum + (*beta == 0 ? 0 : *beta * *out));
            }
        }
    }
    return SUCCESS;
}

}  // extern "C"
