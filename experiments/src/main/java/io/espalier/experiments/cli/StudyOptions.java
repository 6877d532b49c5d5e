package io.espalier.experiments.cli;

import io.espalier.data.DataException;
import io.espalier.experiments.studyfile.Nearest;
import io.espalier.experiments.studyfile.StudyFileException;
import io.espalier.experiments.studyfile.StudyReader;
import io.espalier.study.Plan;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which study, and what to change in it. */
final class StudyOptions {
    /** Studies that ship, by bare name. */
    static final List<String> SHIPPED = List.of(
            "quickstart",
            "mnist-short",
            "lenet-300-100",
            "hashednets-2015",
            "hashednets-expansion",
            "comparative-2019",
            "minified-2023",
            "deep-compression-2016",
            "lenet-records",
            "lenet-5-records",
            "lenet-5-shifted",
            "lottery-ticket",
            "nip-in-the-bud-2018",
            "nip-in-the-bud-2018-small",
            "obd-sd-readings",
            "snip-2019");

    private static final String RESOURCES = "/io/espalier/experiments/studies/";

    @Parameters(index = "0", paramLabel = "STUDY.yaml", description = "A study file, or the name of one that ships.")
    private String study;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Change a value of the study, such as training.epochs=3 or methods.1.prune.scope=layer.")
    private List<String> settings = new ArrayList<>();

    /** The file's text as its author wrote it, with the changes noted. */
    String text() {
        return RunStudy.annotated(source(), settings);
    }

    Plan plan() {
        return StudyReader.plan(study, source(), settings);
    }

    /** The changes, as they were given. */
    List<String> settings() {
        return List.copyOf(settings);
    }

    /** The file's text as its author wrote it. */
    String source() {
        Path file = Path.of(study);
        if (Files.isRegularFile(file)) {
            try {
                return Files.readString(file);
            } catch (MalformedInputException e) {
                throw new StudyFileException(file + ": This is not a UTF-8 text.");
            } catch (IOException e) {
                throw new DataException(file + " cannot be read: " + e.getMessage() + ".", e);
            }
        }
        if (!SHIPPED.contains(study)) {
            throw new StudyFileException(
                    "There is no file " + study + ", and no study of that name ships. " + Nearest.hint(study, SHIPPED));
        }
        try (InputStream in = StudyOptions.class.getResourceAsStream(RESOURCES + study + ".yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
