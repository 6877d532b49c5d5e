package io.espalier.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.data.Dataset;
import io.espalier.data.Hashes;
import io.espalier.random.Seed;
import io.espalier.study.Plan;
import io.espalier.study.Study;
import io.espalier.study.Trial;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** How results were made: what somebody else needs to get the same numbers. */
public final class Provenance {
    private Provenance() {}

    static ObjectNode of(Build build, Study study, Dataset dataset, RunDirectory.Executor executor) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("espalier", build.version());
        node.put("git_commit", build.commit());
        node.put("git_dirty", build.dirty());
        node.put("study", study.name());
        node.put("plan", digest(study));
        node.put("dataset", dataset.name());
        node.put("train_sha256", dataset.train().sha256());
        node.put("test_sha256", dataset.test().sha256());
        node.put("backend", executor.backend());
        node.put("backend_is", executor.description());
        node.put("workers", executor.workers());
        ArrayNode seeds = node.putArray("seeds");
        for (Seed seed : study.seeds()) {
            seeds.add(seed.value());
        }
        node.put("started", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        node.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        node.put(
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        node.put("cpu", cpuModel());
        node.put("cores", Runtime.getRuntime().availableProcessors());
        return node;
    }

    /** Equal for studies with the same trials under the same names. */
    static String digest(Study study) {
        StringBuilder text = new StringBuilder();
        for (Trial trial : Plan.outline(study).trials()) {
            text.append(trial.id()).append(' ').append(trial.method()).append('\n');
        }
        return Hashes.sha256(text.toString());
    }

    /** As Linux names it; "unknown" elsewhere. */
    public static String cpuModel() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
