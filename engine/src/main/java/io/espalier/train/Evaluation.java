package io.espalier.train;

/**
 * How well one network does on a part of the data, counted over every example.
 *
 * @param errors examples classified wrongly
 * @param examples how many there are
 * @param loss mean over them
 */
public record Evaluation(int errors, int examples, double loss) {
    /** Errors in percent; NaN where there are no examples. */
    public double errorPercent() {
        return 100.0 * errors / examples;
    }

    /** Share classified rightly; NaN where there are no examples. */
    public double accuracy() {
        return (double) (examples - errors) / examples;
    }
}
