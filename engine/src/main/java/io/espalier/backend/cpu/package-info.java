/** float32 on the processor: OpenBLAS for dense products, the JDK's Vector API for the rest; one thread an instance. Imports random and backend. */
package io.espalier.backend.cpu;
