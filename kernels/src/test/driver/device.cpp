// Memory and completion, on a GPU or under emulation.
#include "driver.h"

#ifdef __CUDACC__

#include <cuda_runtime.h>

namespace driver {

namespace {
void must(cudaError_t status) {
    if (status != cudaSuccess) {
        printf("%s\n", cudaGetErrorString(status));
        exit(3);
    }
}
}  // namespace

void* allocate(size_t bytes) {
    void* memory = nullptr;
    must(cudaMalloc(&memory, bytes));
    return memory;
}
void release(void* memory) { must(cudaFree(memory)); }
void copyIn(void* device, const void* host, size_t bytes) { must(cudaMemcpy(device, host, bytes, cudaMemcpyHostToDevice)); }
void copyOut(void* host, const void* device, size_t bytes) { must(cudaMemcpy(host, device, bytes, cudaMemcpyDeviceToHost)); }
int finish() { return cudaDeviceSynchronize(); }
std::string deviceName() {
    cudaDeviceProp properties;
    must(cudaGetDeviceProperties(&properties, 0));
    return properties.name;
}

}  // namespace driver

#else

#include <cstdlib>

#include "device_memory.h"

namespace driver {

namespace {
void must(int status) {
    if (status != 0) {
        printf("%s\n", espalier_status_text(status));
        exit(3);
    }
}
}  // namespace

void* allocate(size_t bytes) {
    void* const memory = simt_allocate(bytes);
    if (memory == nullptr) {
        printf("The emulated device has no memory left.\n");
        exit(3);
    }
    return memory;
}
void release(void* memory) { must(simt_free(memory)); }
void copyIn(void* device, const void* host, size_t bytes) { must(simt_copy_in(device, host, bytes)); }
void copyOut(void* host, const void* device, size_t bytes) { must(simt_copy_out(host, device, bytes)); }
// A launch returns when its kernel has run.
int finish() { return 0; }
std::string deviceName() { return "emulated GPU"; }

}  // namespace driver

#endif
