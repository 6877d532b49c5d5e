/** A study as immutable values: methods, trials, their identity, and the plan that a study expands to. Imports everything up to train. */
package io.espalier.study;
