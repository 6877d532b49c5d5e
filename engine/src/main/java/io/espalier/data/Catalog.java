package io.espalier.data;

import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The data sets that Espalier knows by name. To add one: a line here, and an {@link ImageGenerator} if it is made rather than fetched. */
public enum Catalog {
    MNIST("mnist", "handwritten digits (LeCun et al.)", 10, 60_000, 10_000, null),
    RECTANGLES("rectangles", "taller or wider? a seeded re-creation", 2, 1_200, 50_000, new Rectangles()),
    CONVEX("convex", "convex or not? a seeded re-creation", 2, 8_000, 50_000, new Convex());

    /** Generated sets are the same for everybody: their seed is part of their definition. */
    private static final Seed GENERATOR_SEED = new Seed(2007);

    private final String key;
    private final String description;
    private final int classes;
    private final int trainCount;
    private final int testCount;
    private final ImageGenerator generator;

    Catalog(String key, String description, int classes, int trainCount, int testCount, ImageGenerator generator) {
        this.key = key;
        this.description = description;
        this.classes = classes;
        this.trainCount = trainCount;
        this.testCount = testCount;
        this.generator = generator;
    }

    /** The name used in study files and as folder. */
    public String key() {
        return key;
    }

    public String description() {
        return description;
    }

    public int classes() {
        return classes;
    }

    /** Training examples, the validation part included. */
    public int trainCount() {
        return trainCount;
    }

    public int testCount() {
        return testCount;
    }

    /** Whether Espalier makes it; otherwise its files must be had. */
    public boolean isGenerated() {
        return generator != null;
    }

    public static Optional<Catalog> named(String key) {
        return Arrays.stream(values()).filter(entry -> entry.key.equals(key)).findFirst();
    }

    public static List<String> keys() {
        return Arrays.stream(values()).map(Catalog::key).collect(Collectors.toList());
    }

    /** Makes the whole set, the same bytes on every machine. */
    Dataset generate() {
        return new Dataset(key, split(trainCount, 0), split(testCount, 1));
    }

    private Examples split(int count, int part) {
        PhiloxSequence random = new PhiloxSequence(GENERATOR_SEED, Stream.GENERATED_DATA.at(2 * ordinal() + part));
        return generator.examples("generated " + key, count, random);
    }
}
