package io.espalier.compress;

import java.util.function.Supplier;

/** Every saliency that a study may name. */
public enum SaliencyKind {
    MAGNITUDE("magnitude", "|w|", MagnitudeSaliency::new),
    RANDOM("random", "a seeded random number", RandomSaliency::new);

    private final String key;
    private final String description;
    private final Supplier<Saliency> constructor;

    SaliencyKind(String key, String description, Supplier<Saliency> constructor) {
        this.key = key;
        this.description = description;
        this.constructor = constructor;
    }

    /** Its name in study files. */
    public String key() {
        return key;
    }

    public String description() {
        return description;
    }

    public Saliency create() {
        return constructor.get();
    }
}
