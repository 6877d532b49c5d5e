/** Pages for people, made from the files of a run; runs nothing. Imports the engine's run and below. */
package io.espalier.experiments.report;
