package io.espalier.compress;

import java.util.List;

/**
 * Half the mean of g^2, g being what {@link UnitSignals} says of an example: how much the loss grows without the unit, by the empirical
 * Fisher information in the place of the Hessian (Theis et al. 2018; Crowley et al. 2018 prune channels by it).
 *
 * @param examples that are looked at, at least 1
 */
public record FisherUnits(int examples) implements UnitSaliency {
    static final int USUAL = 1000;

    public FisherUnits {
        if (examples < 1) {
            throw new IllegalArgumentException("Fisher information needs one example at least, got " + examples);
        }
    }

    public FisherUnits() {
        this(USUAL);
    }

    @Override
    public String name() {
        return examples == USUAL ? "fisher" : "fisher examples=" + examples;
    }

    @Override
    public List<double[]> scores(Saliency.Subject subject) {
        return UnitSignals.means(subject, examples, g -> g * g / 2);
    }
}
