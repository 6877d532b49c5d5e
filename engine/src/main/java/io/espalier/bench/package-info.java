/** Measures the ops of a backend beside those of other libraries, after having checked them. May import everything above it. */
package io.espalier.bench;
