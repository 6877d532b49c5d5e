/** float32 on the processor: OpenBLAS for dense products, the JDK's Vector API for the rest; a core an instance, and others that have nothing to do. Imports random and backend. */
package io.espalier.backend.cpu;
