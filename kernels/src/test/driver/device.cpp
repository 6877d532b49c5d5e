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
#include <cstring>

namespace driver {

void* allocate(size_t bytes) { return aligned_alloc(256, (bytes + 255) / 256 * 256); }
void release(void* memory) { free(memory); }
void copyIn(void* device, const void* host, size_t bytes) { memcpy(device, host, bytes); }
void copyOut(void* host, const void* device, size_t bytes) { memcpy(host, device, bytes); }
int finish() { return 0; }
std::string deviceName() { return "emulator"; }

}  // namespace driver

#endif
