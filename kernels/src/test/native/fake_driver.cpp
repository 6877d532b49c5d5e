// A libcuda.so.1 for tests: what it answers is set by the compiler's -D.
#include <cstddef>
#include <cstdio>

#ifndef STATUS
#define STATUS 0
#endif
#ifndef DEVICES
#define DEVICES 1
#endif

extern "C" {

int cuDriverGetVersion(int* version) {
    *version = VERSION;
    return 0;
}

int cuInit(unsigned) { return STATUS; }

int cuDeviceGetCount(int* count) {
    *count = DEVICES;
    return 0;
}

// Handles differ from ordinals, so that using the wrong one shows.
int cuDeviceGet(int* device, int ordinal) {
    *device = 40 + ordinal;
    return ordinal >= 0 && ordinal < DEVICES ? 0 : 101;
}

int cuDeviceGetName(char* name, int bytes, int device) {
    snprintf(name, static_cast<size_t>(bytes), "Fake %d", device - 40);
    return device >= 40 ? 0 : 101;
}

int cuDeviceGetPCIBusId(char* bus, int bytes, int device) {
    snprintf(bus, static_cast<size_t>(bytes), "0000:%x:00.0", device - 40 + 0x41);
    return device >= 40 ? 0 : 101;
}

#ifndef WITHOUT_MEMORY
int cuDeviceTotalMem_v2(size_t* bytes, int device) {
    *bytes = size_t{100} << 30;
    return device >= 40 ? 0 : 101;
}
#endif

// The first device is of sm_61, each further one of the next generation.
int cuDeviceGetAttribute(int* value, int attribute, int device) {
    *value = attribute == 75 ? 6 + device - 40 : attribute == 76 ? 1 : -1;
    return 0;
}

}  // extern "C"
