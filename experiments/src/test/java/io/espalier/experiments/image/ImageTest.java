package io.espalier.experiments.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.model.DeviceRequest;
import com.github.dockerjava.api.model.HostConfig;
import io.espalier.data.Hashes;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * The images of {@code docker/}, built and run by a real engine: any user, a root that cannot be written, no network. {@code ci/containers.sh}
 * says with which bundle and on which base.
 */
class ImageTest {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final String ANY_USER = "12345:12345";
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir
    private Path folder;

    private Path bundle;

    @BeforeEach
    void anEngineAndABundle() {
        String named = System.getenv("ESPALIER_BUNDLE");
        orSkip(named != null, "ESPALIER_BUNDLE names no bundle to make images of; ci/containers.sh makes one");
        bundle = Path.of(named);
        orSkip(DockerClientFactory.instance().isDockerAvailable(), "no container engine answers");
    }

    private static void orSkip(boolean there, String reason) {
        if (!there) {
            System.out.println("Skipped: image tests, because " + reason);
        }
        assumeTrue(there, reason);
    }

    /** Built once for all tests, by the engine's own cache. */
    private ImageFromDockerfile image(String dockerfile, String base) {
        ImageFromDockerfile image = new ImageFromDockerfile(
                        "localhost/espalier-test-" + dockerfile.toLowerCase(), false)
                .withFileFromPath("Dockerfile", HOME.resolve("docker").resolve(dockerfile))
                .withFileFromPath(bundle.getFileName().toString(), bundle);
        return base == null ? image : image.withBuildArg("BASE", base);
    }

    private GenericContainer<?> container(ImageFromDockerfile image, String... arguments) {
        return new GenericContainer<>(image)
                .withFileSystemBind(folder.toString(), "/runs", BindMode.READ_WRITE)
                .withTmpFs(Map.of("/tmp", "rw,exec"))
                .withCommand(arguments)
                .withCreateContainerCmdModifier(create -> {
                    create.withUser(ANY_USER);
                    HostConfig host = create.getHostConfig();
                    host.withReadonlyRootfs(true).withNetworkMode("none");
                })
                .withStartupCheckStrategy(new Begun())
                .withStartupTimeout(PATIENCE);
    }

    /** A container that was started counts as up, whether or not it has ended already. */
    private static final class Begun extends StartupCheckStrategy {
        @Override
        public StartupStatus checkStartupState(com.github.dockerjava.api.DockerClient client, String id) {
            return StartupStatus.SUCCESSFUL;
        }
    }

    private static int exitCode(GenericContainer<?> container) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            var state = container.getCurrentContainerInfo().getState();
            if (!Boolean.TRUE.equals(state.getRunning())) {
                return state.getExitCodeLong().intValue();
            }
            Thread.sleep(200);
        }
        throw new IllegalStateException("The container does not end: " + container.getLogs());
    }

    private int run(ImageFromDockerfile image, String... arguments) throws InterruptedException {
        try (GenericContainer<?> container = container(image, arguments)) {
            container.start();
            int code = exitCode(container);
            assertEquals(0, code, container.getLogs());
            return code;
        }
    }

    private static String[] study(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "run", "quickstart", "--quiet", "--backend", "cpu", "--set", "seeds=1", "--set", "training.epochs=60"));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    /** The same study by the launcher of this clone. */
    private TreeMap<String, String> outside() throws IOException, InterruptedException {
        Path out = folder.resolve("outside");
        List<String> command = new ArrayList<>(List.of(HOME.resolve("espalier").toString()));
        command.addAll(List.of(study("--out", out.toString())));
        ProcessBuilder launcher = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File(folder.toFile(), "outside.log"));
        // Inside, where nothing says otherwise, the launcher chooses the kernels of OpenBLAS.
        launcher.environment().keySet().removeIf(name -> name.startsWith("OPENBLAS_"));
        Process process = launcher.start();
        assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), Files.readString(folder.resolve("outside.log")));
        return models(out);
    }

    private static TreeMap<String, String> models(Path run) throws IOException {
        TreeMap<String, String> hashes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(run)) {
            for (Path file :
                    files.filter(path -> path.endsWith("model.safetensors")).toList()) {
                hashes.put(run.relativize(file).toString(), Hashes.sha256(Files.readAllBytes(file)));
            }
        }
        assertFalse(hashes.isEmpty());
        return hashes;
    }

    /** Whoever the container's user is, he may write here; Java reads what he wrote. */
    private void writableForAll() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @Test
    void aStudyInsideGivesTheModelsOfARunOutside() throws Exception {
        writableForAll();
        ImageFromDockerfile image = image("Dockerfile.cpu", System.getenv("ESPALIER_IMAGE_BASE"));
        run(image, "doctor");
        run(image, study("--out", "/runs/inside"));
        assertEquals(outside(), models(folder.resolve("inside")));
    }

    @Test
    void aTerminatedContainerSavesAndAnotherGoesOn() throws Exception {
        writableForAll();
        ImageFromDockerfile image = image("Dockerfile.cpu", System.getenv("ESPALIER_IMAGE_BASE"));
        try (GenericContainer<?> container = container(image, study("--out", "/runs/stopped"))) {
            container.start();
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!isUnderWay(folder.resolve("stopped"))) {
                assertTrue(System.nanoTime() < end, container.getLogs());
                Thread.sleep(50);
            }
            container
                    .getDockerClient()
                    .killContainerCmd(container.getContainerId())
                    .withSignal("TERM")
                    .exec();
            assertEquals(75, exitCode(container), container.getLogs());
        }
        run(image, study("--out", "/runs/stopped"));
        assertEquals(outside(), models(folder.resolve("stopped")));
    }

    private static boolean isUnderWay(Path run) throws IOException {
        Path claims = run.resolve("claims");
        if (!Files.isDirectory(claims)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(claims)) {
            return files.anyMatch(file -> file.endsWith("metrics.jsonl"));
        }
    }

    @Test
    void theImageForGpusKeepsTheContract() throws Exception {
        Map<String, ?> runtimes = DockerClientFactory.instance().getInfo().getRuntimes();
        orSkip(runtimes != null && runtimes.containsKey("nvidia"), "the engine has no GPU runtime");
        ImageFromDockerfile image = image("Dockerfile", System.getenv("ESPALIER_CUDA_IMAGE_BASE"));
        try (GenericContainer<?> container =
                container(image, "verify", "--backend", "cuda", "--against", "/opt/espalier/answers")) {
            container.withCreateContainerCmdModifier(create -> create.getHostConfig()
                    .withDeviceRequests(
                            List.of(new DeviceRequest().withCount(-1).withCapabilities(List.of(List.of("gpu"))))));
            container.start();
            assertEquals(0, exitCode(container), container.getLogs());
        }
    }
}
