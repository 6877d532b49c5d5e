/** Labelled examples: what a data set is, how its files are read and written, how one is generated, where it is kept. Imports random. */
package io.espalier.data;
