/** Training: cohorts of members in lockstep, their programs, the optimiser and the evaluator. Imports everything up to compress. */
package io.espalier.train;
