// What the library says of itself.
#include <cstdio>

#include "simt.h"

ESPALIER_HOST_API int espalier_abi_version(void) { return ESPALIER_ABI_VERSION; }

#ifdef __CUDACC__

#ifndef ESPALIER_TARGETS
#define ESPALIER_TARGETS "unnamed targets"
#endif
#define ESPALIER_TEXT_OF(x) #x
#define ESPALIER_TEXT(x) ESPALIER_TEXT_OF(x)

ESPALIER_HOST_API const char* espalier_build(void) {
    return "nvcc " ESPALIER_TEXT(__CUDACC_VER_MAJOR__) "." ESPALIER_TEXT(__CUDACC_VER_MINOR__) ", " ESPALIER_TARGETS;
}

#elif defined(SIMT_CHECKED)

ESPALIER_HOST_API const char* espalier_build(void) { return "emulator with race checker"; }

#else

ESPALIER_HOST_API const char* espalier_build(void) { return "emulator"; }

#endif

ESPALIER_HOST_API const char* espalier_status_text(int status) {
    switch (status) {
        case 0:
            return "Done.";
        case ESPALIER_BAD_ARGUMENT:
            return "An argument is out of its range.";
#ifdef __CUDACC__
        default:
            return cudaGetErrorString(static_cast<cudaError_t>(status));
#else
        case ESPALIER_FAULT:
            return simt::faultText();
        default:
            return "Unknown status.";
#endif
    }
}
