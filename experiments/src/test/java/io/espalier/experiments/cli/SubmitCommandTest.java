package io.espalier.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Job;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine;

/** What is handed to clusters, as text; {@code ci/slurm.sh} hands it to a real Slurm. */
class SubmitCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine line = Espalier.commandLine(new Services());
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    private int k8s(String... more) {
        List<String> arguments = new ArrayList<>(List.of("submit", "k8s", "quickstart", "--image", "lab/espalier:1"));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    /** The documents of what was printed, as JSON. */
    private List<JsonElement> documents() throws IOException {
        List<JsonElement> documents = new ArrayList<>();
        for (Object document : new Yaml().loadAll(out.toString())) {
            documents.add(JsonParser.parseString(new ObjectMapper().writeValueAsString(document)));
        }
        return documents;
    }

    /** The client's classes come from the OpenAPI description that Kubernetes publishes, and know which fields that has. */
    @Test
    void theManifestKeepsThePublishedSchema() throws IOException {
        assertEquals(
                0,
                k8s("--tasks", "8", "--gpus", "2", "--cpus", "3", "--memory", "6G", "--set", "training.epochs=3"),
                err.toString());
        List<JsonElement> documents = documents();
        assertEquals(2, documents.size());
        assertDoesNotThrow(() -> V1ConfigMap.validateJsonElement(documents.get(0)));
        assertDoesNotThrow(() -> V1Job.validateJsonElement(documents.get(1)));
        V1Job job = V1Job.fromJson(documents.get(1).toString());
        assertEquals("Indexed", job.getSpec().getCompletionMode());
        assertEquals(8, job.getSpec().getCompletions());
        assertEquals(8, job.getSpec().getParallelism());
        var container = job.getSpec().getTemplate().getSpec().getContainers().get(0);
        assertEquals("lab/espalier:1", container.getImage());
        assertEquals(
                "2", container.getResources().getLimits().get("nvidia.com/gpu").toSuffixedString());
        assertEquals("3", container.getResources().getRequests().get("cpu").toSuffixedString());
        List<String> mounted = container.getVolumeMounts().stream()
                .map(mount -> mount.getMountPath())
                .toList();
        assertEquals(List.of("/study", "/runs", "/data", "/tmp"), mounted);
        var rules = job.getSpec().getPodFailurePolicy().getRules();
        assertEquals("Ignore", rules.get(0).getAction());
        assertEquals(List.of(75), rules.get(0).getOnExitCodes().getValues());
        assertEquals(List.of(2, 3), rules.get(1).getOnExitCodes().getValues());
        V1ConfigMap study = V1ConfigMap.fromJson(documents.get(0).toString());
        assertEquals(
                new String(
                        getClass()
                                .getResourceAsStream("/io/espalier/experiments/studies/quickstart.yaml")
                                .readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8),
                study.getData().get("study.yaml"));
    }

    @Test
    void theSchemaWouldNoticeAWrongField() throws IOException {
        assertEquals(0, k8s());
        JsonElement job = documents().get(1);
        job.getAsJsonObject().getAsJsonObject("spec").addProperty("completionsMode", "Indexed");
        assertThrows(IllegalArgumentException.class, () -> V1Job.validateJsonElement(job));
    }

    @Test
    void aPodRunsItsShard() throws Exception {
        assertEquals(0, k8s("--set", "question=Who's first?"));
        V1Job job = V1Job.fromJson(documents().get(1).toString());
        List<String> command =
                job.getSpec().getTemplate().getSpec().getContainers().get(0).getCommand();
        // What Kubernetes does with a command: $$ is a dollar.
        String script = command.get(2).replace("$$", "$").replace("exec espalier", "printf '%s\\n'");
        Process shell =
                new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
        assertTrue(new String(shell.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                .contains("--shard\n1/4\n"));
    }

    @Test
    void theScriptsOfAnArraySayWhatWasAsked() throws Exception {
        Path run = folder.resolve("a run");
        assertEquals(
                0,
                run(
                        "submit",
                        "slurm",
                        "quickstart",
                        "--dry-run",
                        "--tasks",
                        "3",
                        "--gpus",
                        "1",
                        "--time",
                        "2:00:00",
                        "--out",
                        run.toString(),
                        "--sbatch=--partition=gpu",
                        "--set",
                        "question=Who's first?"),
                err.toString());
        assertTrue(out.toString().contains("afterany"), out.toString());
        Path array = run.resolve("slurm/array.sh");
        List<String> lines = Files.readAllLines(array);
        for (String directive : List.of(
                "--array=1-3",
                "--gres=gpu:1",
                "--time=2:00:00",
                "--signal=B:TERM@60",
                "--requeue",
                "--partition=gpu")) {
            assertTrue(lines.contains("#SBATCH " + directive), directive);
        }
        assertFalse(Files.readString(run.resolve("slurm/last.sh")).contains("--array"));
        String text = Files.readString(array);
        assertTrue(text.contains("--backend cuda"), text);
        assertTrue(text.contains("'question=Who'\\''s first?'"), text);
        assertEquals(
                0, new ProcessBuilder("bash", "-n", array.toString()).start().waitFor());
    }

    @Test
    void whatClustersWouldRefuseIsRefusedBefore() {
        for (List<String> wrong : List.of(
                List.of("--tasks", "0"),
                List.of("--memory", "lots"),
                List.of("--time", "soon"),
                List.of("--sbatch", "x"))) {
            List<String> arguments = new ArrayList<>(List.of("submit", "slurm", "quickstart", "--dry-run", "--out"));
            arguments.add(folder.toString());
            arguments.addAll(wrong);
            assertEquals(2, run(arguments.toArray(String[]::new)), wrong.toString());
        }
        assertEquals(2, k8s("--name", "Not_A_Label"));
        assertEquals(2, k8s("--runs-claim", "no claim"));
        assertEquals(2, run("submit"));
    }
}
