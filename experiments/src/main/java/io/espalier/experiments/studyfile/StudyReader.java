package io.espalier.experiments.studyfile;

import io.espalier.compress.CompressionRatio;
import io.espalier.data.Catalog;
import io.espalier.data.DataSource;
import io.espalier.data.DataSpec;
import io.espalier.data.Preparation;
import io.espalier.network.NetworkSpec;
import io.espalier.random.Seed;
import io.espalier.study.Entry;
import io.espalier.study.Plan;
import io.espalier.study.PublishedMark;
import io.espalier.study.Study;
import io.espalier.study.StudyException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a study file and expands it; whatever is wrong is a {@link StudyFileException} with file, line and column. */
public final class StudyReader {
    private static final Map<String, PublishedMark.Measure> MEASURES =
            Map.of("parameters", PublishedMark.Measure.PARAMETERS, "bytes", PublishedMark.Measure.BYTES);
    private static final Map<String, Catalog> DATA_SETS = Arrays.stream(Catalog.values())
            .collect(Collectors.toMap(Catalog::key, Function.identity(), (a, b) -> a, LinkedHashMap::new));
    private final YamlDocument document;

    private StudyReader(YamlDocument document) {
        this.document = document;
    }

    /**
     * Reads a study and outlines its plan.
     *
     * @param source what messages call the text
     * @param settings {@code key=value} changes, as given with {@code --set}
     */
    public static Plan plan(String source, String text, List<String> settings) {
        YamlDocument document = new YamlDocument(source, text);
        settings.forEach(document::set);
        StudyReader reader = new StudyReader(document);
        try {
            return Plan.outline(reader.study());
        } catch (StudyException e) {
            throw reader.placed(e);
        }
    }

    /**
     * Reads a network that stands by itself, written as in a study.
     *
     * @param source what messages call the text
     */
    public static NetworkSpec network(String source, String text) {
        return NetworkReader.read(new YamlDocument(source, text).root("network"));
    }

    private StudyFileException placed(StudyException e) {
        return new StudyFileException(document.position(e.where()), e.getMessage());
    }

    private Study study() {
        YamlMap map = document.root()
                .map()
                .allow(
                        "study",
                        "question",
                        "data",
                        "network",
                        "training",
                        "methods",
                        "ratios",
                        "seeds",
                        "tune",
                        "sweep",
                        "refit",
                        "published");
        String name = name(map.required("study"));
        String question = map.optional("question").map(YamlValue::text).orElse("");
        DataSpec data = data(map.required("data"));
        NetworkSpec network = NetworkReader.read(map.required("network"));
        TuneReader tune = map.optional("tune").map(TuneReader::read).orElse(TuneReader.none());
        List<Entry> entries = new ArrayList<>();
        for (SweepReader.Point point : SweepReader.points(map.required("training"), map.optional("sweep"))) {
            entries.addAll(new MethodReader(point, tune).read(map.required("methods")));
        }
        List<CompressionRatio> ratios =
                map.optional("ratios").map(RatioReader::read).orElse(List.of());
        List<Seed> seeds = seeds(map.required("seeds"));
        boolean refit = map.optional("refit").map(YamlValue::yesNo).orElse(false);
        return new Study(name, question, data, network, entries, ratios, seeds, refit, published(map));
    }

    /** Results of others, for the report: they have no part in what is run. */
    private static List<PublishedMark> published(YamlMap map) {
        List<PublishedMark> marks = new ArrayList<>();
        map.optional("published").ifPresent(value -> value.list().forEach(item -> {
            YamlMap mark = item.map().allow("source", "ratio", "of", "error");
            PublishedMark.Measure of =
                    mark.optional("of").map(name -> name.choice(MEASURES)).orElse(PublishedMark.Measure.PARAMETERS);
            String source = mark.required("source").text();
            double ratio = mark.required("ratio").number();
            double error = mark.required("error").number();
            marks.add(item.build(() -> new PublishedMark(source, new CompressionRatio(ratio), of, error)));
        }));
        return marks;
    }

    private static String name(YamlValue value) {
        String name = value.text();
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw value.error(
                    "A study's name is also a folder: use letters, digits, `-`, `_` and `.`, got `" + name + "`.");
        }
        return name;
    }

    private static DataSpec data(YamlValue value) {
        YamlMap map = value.map()
                .allow(
                        "name",
                        "idx",
                        "amat",
                        "npy",
                        "examples",
                        "validation",
                        "normalise",
                        "augment",
                        "training-errors");
        if (Stream.of("name", "idx", "amat", "npy").filter(map::has).count() != 1) {
            throw value.error("`data` needs either `name` (a data set of `espalier data list`) "
                    + "or one of `idx`, `amat` and `npy` (a folder).");
        }
        DataSource source =
                map.has("name") ? new DataSource.Named(map.required("name").choice(DATA_SETS)) : folder(map);
        int validation = map.optional("validation").map(YamlValue::integer).orElse(0);
        int examples = map.optional("examples").map(StudyReader::atLeastOne).orElse(0);
        Preparation preparation = preparation(map, value);
        boolean trainingErrors =
                map.optional("training-errors").map(YamlValue::yesNo).orElse(true);
        return value.build(() -> new DataSpec(source, examples, validation, preparation, trainingErrors));
    }

    private static int atLeastOne(YamlValue value) {
        if (value.integer() < 1) {
            throw value.error("A study uses one example at least, got " + value.integer() + ".");
        }
        return value.integer();
    }

    private static Preparation preparation(YamlMap map, YamlValue value) {
        boolean normalised = map.optional("normalise").map(YamlValue::yesNo).orElse(false);
        YamlMap augment = map.optional("augment")
                .map(item -> item.map().allow("shift", "mirror"))
                .orElse(null);
        int shift = augment == null
                ? 0
                : augment.optional("shift").map(YamlValue::integer).orElse(0);
        boolean mirrored = augment != null
                && augment.optional("mirror").map(YamlValue::yesNo).orElse(false);
        return value.build(() -> new Preparation(normalised, shift, mirrored));
    }

    private static DataSource folder(YamlMap map) {
        if (map.has("amat")) {
            return new DataSource.AmatFolder(Path.of(map.required("amat").text()));
        }
        return map.has("npy")
                ? new DataSource.NpyFolder(Path.of(map.required("npy").text()))
                : new DataSource.IdxFolder(Path.of(map.required("idx").text()));
    }

    private static List<Seed> seeds(YamlValue value) {
        List<Seed> seeds = new ArrayList<>();
        if (value.isList()) {
            value.list().forEach(item -> seeds.add(new Seed(item.integer())));
            return seeds;
        }
        int count = value.integer();
        if (count < 1 || count > 10_000) {
            throw value.error("A study needs 1 to 10000 seeds, got " + count + ".");
        }
        for (int seed = 0; seed < count; seed++) {
            seeds.add(new Seed(seed));
        }
        return seeds;
    }
}
