package io.espalier.compress;

import io.espalier.network.HiddenUnits;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;

/**
 * Which hidden units of a network go. A value: two with the same parameters are equal.
 *
 * <p>To add one: a record here, of {@link UnitSaliency} if it ranks units by a number, and a line in {@link UnitCriterionKind}.
 */
public interface UnitCriterion {
    /**
     * What is left of a network.
     *
     * @param parameters of the smaller network
     * @param units those left, by their numbers in the larger one
     */
    record Shrunk(Parameters parameters, HiddenUnits units) {}

    /**
     * Its name in study files, and after it the parameters that are not at their default. Part of the identity of trials, so
     * it never changes.
     */
    String name();

    /**
     * Refuses a network whose units it cannot choose among.
     *
     * @throws IllegalArgumentException saying why
     */
    default void requireFits(NetworkSpec network) {}

    /** Takes units from the subject's network, whose layers are dense and unpruned, until the budget is met; not one more. */
    Shrunk shrink(Saliency.Subject subject, UnitBudget budget);
}
