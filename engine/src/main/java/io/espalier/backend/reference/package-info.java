/** The definition of every op: ND4J in float64, plain and slow. The only importer of ND4J; imports random and backend. */
package io.espalier.backend.reference;
