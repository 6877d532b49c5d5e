package io.espalier.compress;

/** Every way of choosing hidden units that a study may name, with its parameters at their defaults. */
public enum UnitCriterionKind {
    WEIGHT_NORM(new WeightNorm(), "the norm of the weights to the unit"),
    L1_NORM(new WeightSum(false), "the sum of the absolute weights to the unit"),
    SIGNED_SUM(new WeightSum(true), "the sum of the weights to the unit, as the code of Crowley et al. 2018 has it"),
    FISHER(
            new FisherUnits(),
            "half the mean square of activation times gradient (Theis et al. 2018, Crowley et al. 2018)"),
    TAYLOR(new TaylorUnits(), "the mean absolute value of activation times gradient (Molchanov et al. 2017)"),
    RANDOM(new RandomUnits(), "a seeded random number"),
    OBD(new SummedSaliency(SaliencyKind.OBD.saliency()), "obd summed over the weights to and from the unit"),
    OBD_SD(new SummedSaliency(SaliencyKind.OBD_SD.saliency()), "likewise obd-sd"),
    DROPOUT_DAMAGE(new DropoutDamage(), "mean loss under random dropouts of the unit less that under the others"),
    MERGE(new UnitMerging(), "the most similar pair becomes one, outgoing weights added (Srinivas and Babu 2015)");

    private final UnitCriterion criterion;
    private final String description;

    UnitCriterionKind(UnitCriterion criterion, String description) {
        this.criterion = criterion;
        this.description = description;
    }

    /** Its name in study files. */
    public String key() {
        return criterion.name();
    }

    public String description() {
        return description;
    }

    public UnitCriterion criterion() {
        return criterion;
    }
}
