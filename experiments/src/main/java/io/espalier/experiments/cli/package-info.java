/** The command: one class a verb, exit codes, progress, tables on standard output. Imports everything. */
package io.espalier.experiments.cli;
