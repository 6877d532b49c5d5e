package io.espalier.data;

import io.espalier.data.VariedDigits.Background;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The data sets that Espalier knows by name. To add one: a line here, and a {@link Recipe} if it is made rather than fetched. */
public enum Catalog {
    MNIST("mnist", "handwritten digits (LeCun et al.)", 10, 60_000, 10_000, 0, null),
    RECTANGLES("rectangles", "RECT: taller or wider? a seeded re-creation", 2, 1_200, 50_000, 2, new Rectangles()),
    CONVEX("convex", "CONVEX: convex or not? a seeded re-creation", 2, 8_000, 50_000, 4, new Convex()),
    MNIST_BASIC(
            "mnist-basic",
            "BASIC: MNIST's digits in other parts",
            10,
            12_000,
            50_000,
            6,
            new VariedDigits(false, Background.BLACK)),
    MNIST_ROTATED(
            "mnist-rotated",
            "ROT: digits turned by any angle, a seeded re-creation",
            10,
            12_000,
            50_000,
            8,
            new VariedDigits(true, Background.BLACK)),
    MNIST_BACKGROUND_RANDOM(
            "mnist-background-random",
            "BG-RAND: digits on noise, a seeded re-creation",
            10,
            12_000,
            50_000,
            10,
            new VariedDigits(false, Background.NOISE)),
    MNIST_BACKGROUND_IMAGE(
            "mnist-background-image",
            "BG-IMG: digits on procedural texture, or on images you name",
            10,
            12_000,
            50_000,
            12,
            new VariedDigits(false, Background.PATCH)),
    MNIST_ROTATED_BACKGROUND_IMAGE(
            "mnist-rotated-background-image",
            "BG-IMG-ROT: turned digits on procedural texture, or on images you name",
            10,
            12_000,
            50_000,
            14,
            new VariedDigits(true, Background.PATCH)),
    RECTANGLES_IMAGE(
            "rectangles-image",
            "RECT-IMG: rectangles in procedural texture, or in images you name",
            2,
            12_000,
            50_000,
            16,
            new RectanglesImage()),
    CIFAR_10(
            "cifar-10", "photographs in colour of ten kinds of things (Krizhevsky 2009)", 10, 50_000, 10_000, 18, null);

    /** Generated sets are the same for everybody: their seed is part of their definition. */
    private static final Seed GENERATOR_SEED = new Seed(2007);

    /** Substreams far from those of the parts, which start at 0. */
    private static final int DIGIT_ORDER = 1 << 16;

    private static final int TEXTURES = 1 << 17;

    private final String key;
    private final String description;
    private final int classes;
    private final int trainCount;
    private final int testCount;
    private final int substream;
    private final Recipe recipe;

    /** @param substream where its randomness comes from, two numbers for each set: never renumber */
    Catalog(String key, String description, int classes, int trainCount, int testCount, int substream, Recipe recipe) {
        this.key = key;
        this.description = description;
        this.classes = classes;
        this.trainCount = trainCount;
        this.testCount = testCount;
        this.substream = substream;
        this.recipe = recipe;
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
        return recipe != null;
    }

    public static Optional<Catalog> named(String key) {
        return Arrays.stream(values()).filter(entry -> entry.key.equals(key)).findFirst();
    }

    public static List<String> keys() {
        return Arrays.stream(values()).map(Catalog::key).collect(Collectors.toList());
    }

    /** Whether it is made of MNIST's digits. */
    public boolean usesDigits() {
        return recipe != null && recipe.usesDigits();
    }

    /** Whether images that a user names go into it. */
    public boolean usesImages() {
        return recipe != null && recipe.usesPatches();
    }

    /** Whether the published files have rows and columns swapped (says the loader of skdata); they are swapped back when read. */
    boolean originalsAreTransposed() {
        return this == MNIST_BACKGROUND_RANDOM || this == MNIST_BACKGROUND_IMAGE;
    }

    static ShuffledDigits shuffled(Dataset mnist) {
        return new ShuffledDigits(mnist, random(DIGIT_ORDER));
    }

    static Patches texture() {
        return ProceduralTexture.patches(GENERATOR_SEED, TEXTURES);
    }

    /** Makes the whole set: of equal ingredients, the same bytes on every machine. */
    Dataset generate(Ingredients ingredients) {
        String name = ingredients
                .patches()
                .map(patches -> key + " (" + patches.kind() + ")")
                .orElse(key);
        return new Dataset(name, part(0, trainCount, 0, ingredients), part(trainCount, testCount, 1, ingredients));
    }

    private Examples part(int first, int count, int part, Ingredients ingredients) {
        return recipe.examples("generated " + key, first, count, ingredients, random(substream + part));
    }

    private static PhiloxSequence random(int substream) {
        return new PhiloxSequence(GENERATOR_SEED, Stream.GENERATED_DATA.at(substream));
    }
}
