package io.espalier.compress;

import io.espalier.network.Parameters;

/** Criterion and scope together: takes hidden units from a network until it has at most so many parameters. */
public final class UnitPruner {
    private UnitPruner() {}

    /**
     * What is left of the subject's network, which stays as it is.
     *
     * @param parameters it may have at most
     * @throws IllegalArgumentException if layers are not dense, if weights are pruned, or if the network cannot be that small
     */
    public static UnitCriterion.Shrunk shrink(
            Saliency.Subject subject, UnitCriterion criterion, Scope scope, int parameters) {
        Parameters whole = subject.network().read(0);
        if (!whole.storage().isDense() || whole.aliveWeights() < whole.weights()) {
            throw new IllegalArgumentException(
                    "Units can be taken from dense layers without pruned weights only, not from those of network "
                            + subject.network().spec());
        }
        return criterion.shrink(subject, UnitBudget.of(subject.network().spec(), scope, parameters));
    }
}
