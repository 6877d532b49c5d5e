/** Models and metrics in the formats of other programs. Imports the engine's network, study and run. */
package io.espalier.experiments.export;
