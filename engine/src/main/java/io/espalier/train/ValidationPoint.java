package io.espalier.train;

/**
 * A look at the validation part between the ends of epochs.
 *
 * @param epoch epochs trained from initialisation, ancestors included
 * @param phaseStep place in the phase's schedule, in steps
 */
public record ValidationPoint(double epoch, int step, int phaseStep, Evaluation validation) {}
