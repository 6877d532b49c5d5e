package io.espalier.compress;

/** Every saliency that a study may name, with its parameters at their defaults. */
public enum SaliencyKind {
    MAGNITUDE(new MagnitudeSaliency(), "|w|"),
    RANDOM(new RandomSaliency(), "a seeded random number"),
    OBD(new ObdSaliency(), "h w^2 / 2, h >= 0 without f'' (LeCun et al. 1990)"),
    OBD_EXACT(new ObdExactSaliency(), "h w^2 / 2, h with f'', signed"),
    OBD_ABS(new ObdAbsSaliency(), "w^2 |h|, h with f'' (Baktash et al. 2019, their code)"),
    OBD_SD(
            new ObdSdSaliency(),
            "mean + sd of obd over batches of " + ObdSdSaliency.BATCH + ": our reading of Harang and Sanders 2023"),
    FISHER(new FisherSaliency(), "w^2 mean(g^2) / 2, g by example"),
    TAYLOR(new TaylorSaliency(), "|w mean(g)|"),
    SNIP(
            new SnipSaliency(),
            "|w mean(g)| over " + SnipSaliency.PUBLISHED + " drawn examples, before training (Lee et al. 2019)"),
    SYNFLOW(
            new SynFlowSaliency(),
            "|w dR/dw|, R what passes from ones without data, before training (Tanaka et al. 2020)");

    private final Saliency saliency;
    private final String description;

    SaliencyKind(Saliency saliency, String description) {
        this.saliency = saliency;
        this.description = description;
    }

    /** Its name in study files. */
    public String key() {
        return saliency.name();
    }

    public String description() {
        return description;
    }

    public Saliency saliency() {
        return saliency;
    }
}
