// Memory of the emulated device, for the driver and, found by these names in the library, for Java.
#pragma once

#include <stddef.h>

#include "espalier_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

// Memory for kernels, aligned to 256 bytes; null if none is left. Its bytes are all ones (a NaN, or -1) until they are written.
// Under the race checker they have no value before a kernel or simt_copy_in gives them one, and what lies around them, even by a
// byte, is out of bounds.
ESPALIER_API void* simt_allocate(size_t bytes);

// Gives back what simt_allocate returned, or null.
ESPALIER_API int simt_free(void* memory);

// Copies between host and device. These and simt_free return 0, or ESPALIER_FAULT if the device's side is not (all of it) within
// one allocation; then nothing was done and espalier_status_text tells more.
ESPALIER_API int simt_copy_in(void* device, const void* host, size_t bytes);
ESPALIER_API int simt_copy_out(void* host, const void* device, size_t bytes);

#ifdef __cplusplus
}
#endif
