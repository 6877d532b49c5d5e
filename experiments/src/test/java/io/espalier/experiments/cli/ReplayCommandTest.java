package io.espalier.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Replays of a study that chooses: the trials of the choice and those that follow from it. */
class ReplayCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter said = new StringWriter();

    private int run(String... arguments) {
        said.getBuffer().setLength(0);
        CommandLine line = Espalier.commandLine(new Services());
        line.setOut(new PrintWriter(said, true));
        line.setErr(new PrintWriter(said, true));
        return line.execute(arguments);
    }

    @Test
    void trialsOfAStudyThatChoosesComeOutTheSame() throws IOException {
        Path run = folder.resolve("run");
        int code = run(
                "run",
                "quickstart",
                "--quiet",
                "--workers",
                "1",
                "--out",
                run.toString(),
                "--set",
                "training={ epochs: 3, batch: 50, learning-rate: 0.1, momentum: 0.9, report-at: best-validation }",
                "--set",
                "seeds=1",
                "--set",
                "ratios=[4]",
                "--set",
                "network.mlp=[784, 10, 2]",
                "--set",
                "methods=[{ dense: {} }, { prune: { saliency: magnitude } }]",
                "--set",
                "tune={ training.learning-rate: [0.05, 0.1], budget: 2 }",
                "--set",
                "refit=true");
        assertEquals(0, code, said.toString());
        List<Path> trials;
        try (Stream<Path> found = Files.list(run.resolve("trials"))) {
            trials = found.sorted().toList();
        }
        assertEquals(6, trials.size(), "two configurations and a refit of two methods");
        for (Path trial : trials) {
            assertEquals(0, run("replay", trial.toString()), said.toString());
            assertTrue(said.toString().contains("Replayed to the bit."), said.toString());
        }
        Path kept = folder.resolve("kept");
        Path first = trials.get(0);
        assertEquals(0, run("replay", first.toString(), "--out", kept.toString()));
        assertTrue(
                Files.exists(kept.resolve("trials").resolve(first.getFileName()).resolve("result.json")));
        assertEquals(2, run("replay", first.toString(), "--out", kept.toString()));

        Path model;
        try (Stream<Path> files = Files.walk(first)) {
            model = files.filter(file -> file.endsWith("model.safetensors"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(model);
        bytes[bytes.length - 1] ^= 1;
        Files.write(model, bytes);
        assertEquals(4, run("replay", first.toString()), said.toString());
        assertTrue(said.toString().contains("DIFFERS"), said.toString());
    }

    @Test
    void whatIsNoTrialIsRefused() throws IOException {
        for (String wrong : List.of(folder.toString(), folder + "/trials/0123456789ab", "/", "trials")) {
            assertEquals(2, run("replay", wrong), wrong);
            assertFalse(said.toString().contains("\tat "), said.toString());
        }
    }
}
