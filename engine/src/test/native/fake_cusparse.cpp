// A libcusparse.so.12 for tests: the documented meaning of the functions that we call, in plain loops over host memory.
#include <cstdint>
#include <cstdlib>

namespace {

struct Handle {
    void* stream;
};

struct Sparse {
    int64_t rows, columns, count;
    const int32_t* starts;
    const int32_t* indices;
    float* values;
};

struct Dense {
    int64_t rows, columns, stride;
    float* values;
};

enum { SUCCESS = 0, INVALID_VALUE = 3, NOT_SUPPORTED = 10 };
enum { DEFAULT = 0, CSR_ALG1 = 4, CSR_ALG2 = 6, CSR_ALG3 = 12 };
const size_t BUFFER_BYTES = 37;

float at(const Dense* matrix, int transposed, int64_t row, int64_t column) {
    return transposed ? matrix->values[column * matrix->stride + row] : matrix->values[row * matrix->stride + column];
}

}  // namespace

extern "C" {

const char* cusparseGetErrorString(int status) { return status == NOT_SUPPORTED ? "operation not supported" : "invalid value"; }

int cusparseCreate(Handle** handle) {
    *handle = new Handle{};
    return SUCCESS;
}

int cusparseDestroy(Handle* handle) {
    delete handle;
    return SUCCESS;
}

int cusparseGetVersion(Handle*, int* version) {
    *version = 12600;
    return SUCCESS;
}

int cusparseSetStream(Handle* handle, void* stream) {
    handle->stream = stream;
    return SUCCESS;
}

// 2: indices of 32 bits; 0: they count from 0; 0: float.
int cusparseCreateCsr(Sparse** matrix, int64_t rows, int64_t columns, int64_t count, void* starts, void* indices, void* values,
                      int startType, int indexType, int base, int valueType) {
    if (startType != 2 || indexType != 2 || base != 0 || valueType != 0) {
        return INVALID_VALUE;
    }
    *matrix = new Sparse{rows, columns, count, static_cast<int32_t*>(starts), static_cast<int32_t*>(indices),
                         static_cast<float*>(values)};
    return SUCCESS;
}

// 2: row-major.
int cusparseCreateDnMat(Dense** matrix, int64_t rows, int64_t columns, int64_t stride, void* values, int valueType, int order) {
    if (order != 2 || valueType != 0 || stride < columns) {
        return INVALID_VALUE;
    }
    *matrix = new Dense{rows, columns, stride, static_cast<float*>(values)};
    return SUCCESS;
}

int cusparseDestroySpMat(Sparse* matrix) {
    delete matrix;
    return SUCCESS;
}

int cusparseDestroyDnMat(Dense* matrix) {
    delete matrix;
    return SUCCESS;
}

int cusparseSpMM_bufferSize(Handle*, int opA, int, const float*, Sparse*, Dense*, const float*, Dense*, int, int algorithm,
                            size_t* bytes) {
    *bytes = BUFFER_BYTES;
    return opA && algorithm == CSR_ALG3 ? NOT_SUPPORTED : SUCCESS;
}

int cusparseSpMM_preprocess(Handle*, int, int, const float*, Sparse*, Dense*, const float*, Dense*, int, int, void* buffer) {
    return buffer ? SUCCESS : INVALID_VALUE;
}

// C = alpha op(A) op(B) + beta C.
int cusparseSpMM(Handle*, int opA, int opB, const float* alpha, Sparse* a, Dense* b, const float* beta, Dense* c, int type,
                 int algorithm, void* buffer) {
    const bool known = algorithm == DEFAULT || algorithm == CSR_ALG1 || algorithm == CSR_ALG2 || algorithm == CSR_ALG3;
    const int64_t rows = opA ? a->columns : a->rows;
    const int64_t inner = opA ? a->rows : a->columns;
    const bool legal = known && type == 0 && buffer && c->rows == rows && (opB ? b->columns : b->rows) == inner &&
                       c->columns == (opB ? b->rows : b->columns) && a->starts[a->rows] == a->count;
    if (!legal) {
        return INVALID_VALUE;
    }
    for (int64_t i = 0; i < c->rows; i++) {
        for (int64_t j = 0; j < c->columns; j++) {
            float* const out = c->values + i * c->stride + j;
            *out = *beta == 0 ? 0 : *beta * *out;
        }
    }
    for (int64_t row = 0; row < a->rows; row++) {
        for (int32_t k = a->starts[row]; k < a->starts[row + 1]; k++) {
            const int64_t to = opA ? a->indices[k] : row;
            const int64_t from = opA ? row : a->indices[k];
            for (int64_t j = 0; j < c->columns; j++) {
                c->values[to * c->stride + j] += *alpha * a->values[k] * at(b, opB, from, j);
            }
        }
    }
    return SUCCESS;
}

int cusparseSDDMM_bufferSize(Handle*, int, int, const float*, Dense*, Dense*, const float*, Sparse*, int, int, size_t* bytes) {
    *bytes = 0;
    return SUCCESS;
}

int cusparseSDDMM_preprocess(Handle*, int, int, const float*, Dense*, Dense*, const float*, Sparse*, int, int, void* buffer) {
    return buffer ? SUCCESS : INVALID_VALUE;
}

// C = alpha (op(A) op(B)) where C has entries, + beta C.
int cusparseSDDMM(Handle*, int opA, int opB, const float* alpha, Dense* a, Dense* b, const float* beta, Sparse* c, int type,
                  int algorithm, void* buffer) {
    const int64_t inner = opA ? a->rows : a->columns;
    const bool legal = algorithm == 0 && type == 0 && buffer && (opA ? a->columns : a->rows) == c->rows &&
                       (opB ? b->rows : b->columns) == c->columns && (opB ? b->columns : b->rows) == inner;
    if (!legal) {
        return INVALID_VALUE;
    }
    for (int64_t row = 0; row < c->rows; row++) {
        for (int32_t k = c->starts[row]; k < c->starts[row + 1]; k++) {
            double sum = 0;
            for (int64_t s = 0; s < inner; s++) {
                sum += static_cast<double>(at(a, opA, row, s)) * at(b, opB, s, c->indices[k]);
            }
            c->values[k] = static_cast<float>(*alpha * sum + (*beta == 0 ? 0 : *beta * c->values[k]));
        }
    }
    return SUCCESS;
}

}  // extern "C"
