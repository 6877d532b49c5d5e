// One function a kernel: its cases. One line here, one in main.cpp.
#pragma once

#include "driver.h"

namespace driver {

// data

// linear maps

// low rank

// sparse

// hashed

// activations

// losses

// element-wise
void square(Report& report);

// selection

}  // namespace driver
