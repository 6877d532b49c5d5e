// One function a kernel: its cases. One line here, one in main.cpp.
#pragma once

#include "driver.h"

namespace driver {

// counting
void advance(Report& report);
void lookUp(Report& report);
void range(Report& report);

// data

// linear maps
void linear(Report& report);
void linearInput(Report& report);
void linearWeight(Report& report);
void biasGradient(Report& report);

// low rank
void lowRank(Report& report);

// sparse
void sparseLinear(Report& report);
void sparseInputGradient(Report& report);
void sparseInputCurvature(Report& report);
void sparseWeightGradient(Report& report);
void sparseWeightCurvature(Report& report);
void sparseWeightStep(Report& report);

// hashed
void hashIndices(Report& report);
void expandBuckets(Report& report);
void invertIndex(Report& report);
void reduceToBuckets(Report& report);

// activations

// losses

// element-wise
void square(Report& report);

// selection
void pruneLowest(Report& report);

}  // namespace driver
