package io.espalier.compress;

import java.util.List;

/**
 * The mean of |g|, g being what {@link UnitSignals} says of an example: how much the loss changes without the unit, to first order
 * (Molchanov et al. 2017, without their division by each layer's norm).
 *
 * @param examples that are looked at, at least 1
 */
public record TaylorUnits(int examples) implements UnitSaliency {
    static final int USUAL = 1000;

    public TaylorUnits {
        if (examples < 1) {
            throw new IllegalArgumentException("A derivative needs one example at least, got " + examples);
        }
    }

    public TaylorUnits() {
        this(USUAL);
    }

    @Override
    public String name() {
        return examples == USUAL ? "taylor" : "taylor examples=" + examples;
    }

    @Override
    public List<double[]> scores(Saliency.Subject subject) {
        return UnitSignals.means(subject, examples, Math::abs);
    }
}
