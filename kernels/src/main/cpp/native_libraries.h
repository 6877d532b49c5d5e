// Asks the dynamic linker what this machine has, without linking to any of it. Addresses are int64_t, 0 for none.
#pragma once

#include <dlfcn.h>
#include <link.h>

#include <cstdint>

// The handle of a library, which is never closed again; 0 if it cannot be loaded.
inline int64_t openLibrary(const char* file) { return reinterpret_cast<int64_t>(dlopen(file, RTLD_LAZY | RTLD_LOCAL)); }

// Why openLibrary gives 0 for this file, empty if it does not. The JVM's own use of the linker would overwrite an error that is
// asked for in a second call.
inline const char* openingProblem(const char* file) { return openLibrary(file) != 0 ? "" : dlerror(); }

// The file that a library was loaded from.
inline const char* fileOf(int64_t library) {
    link_map* map = nullptr;
    return dlinfo(reinterpret_cast<void*>(library), RTLD_DI_LINKMAP, &map) == 0 ? map->l_name : "";
}

// The address of a function; 0 if the library lacks it.
inline int64_t functionOf(int64_t library, const char* name) {
    return reinterpret_cast<int64_t>(dlsym(reinterpret_cast<void*>(library), name));
}

// Calls a C function of an integer that returns a pointer.
inline int64_t addressFrom(int64_t function, int64_t a) {
    return reinterpret_cast<int64_t>(reinterpret_cast<void* (*)(int64_t)>(function)(a));
}

// Calls a C function of up to four integers and pointers that returns an int; more arguments than it takes do no harm.
inline int call(int64_t function, int64_t a, int64_t b, int64_t c, int64_t d) {
    return reinterpret_cast<int (*)(int64_t, int64_t, int64_t, int64_t)>(function)(a, b, c, d);
}

// The same for up to 18, of which `a` holds all: on 64-bit Linux an integer or pointer has a register or 8 bytes of the stack to
// itself, whatever its type.
inline int callMany(int64_t function, const int64_t* a) {
    using I = int64_t;
    return reinterpret_cast<int (*)(I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I)>(function)(
        a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11], a[12], a[13], a[14], a[15], a[16], a[17]);
}
