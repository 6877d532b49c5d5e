// One function a kernel: its cases. One line here, one in main.cpp.
#pragma once

#include "driver.h"

namespace driver {

// counting
void advance(Report& report);
void lookUp(Report& report);
void range(Report& report);

// data
void batchIndices(Report& report);
void gather(Report& report);
void gatherImages(Report& report);
void gatherLabels(Report& report);
void gatherColumns(Report& report);

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
void activate(Report& report);
void activationGradient(Report& report);
void activationCurvature(Report& report);
void dropout(Report& report);

// losses
void softmaxCrossEntropy(Report& report);
void distill(Report& report);
void halfSquaredError(Report& report);
void countErrors(Report& report);
void softmaxCurvature(Report& report);

// images
void patches(Report& report);
void foldPatches(Report& report);
void maxPool(Report& report);
void maxPoolGradient(Report& report);
void averagePool(Report& report);
void averagePoolGradient(Report& report);

// normalisation
void mean(Report& report);
void variance(Report& report);
void normalise(Report& report);
void scaleRows(Report& report);
void normaliseSums(Report& report);
void normaliseGradient(Report& report);

// parts and sums
void copyRows(Report& report);
void addRows(Report& report);
void combine(Report& report);

// element-wise
void fill(Report& report);
void magnitude(Report& report);
void applyMask(Report& report);
void uniform(Report& report);
void sgd(Report& report);
void square(Report& report);

// selection
void pruneLowest(Report& report);

}  // namespace driver
