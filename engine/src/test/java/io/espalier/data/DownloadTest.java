package io.espalier.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mirrors that serve well and badly, on this machine. */
class DownloadTest {
    private static final byte[] CONTENT = content();
    private static final RemoteFile FILE = new RemoteFile("thing", sha256(CONTENT), CONTENT.length);

    @TempDir
    private Path folder;

    private final AtomicInteger served = new AtomicInteger();
    private final List<String> ranges = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    private static byte[] content() {
        byte[] content = new byte[300_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * i >>> 7);
        }
        return content;
    }

    private static String sha256(byte[] bytes) {
        var digest = Hashes.sha256();
        digest.update(bytes);
        return Hashes.hex(digest);
    }

    private static byte[] packed(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        served.incrementAndGet();
        String path = exchange.getRequestURI().getPath();
        byte[] good = path.endsWith(".tar.gz") ? ARCHIVE : packed(CONTENT);
        String kind = path.split("/")[1];
        switch (kind) {
            case "html" -> send(exchange, 200, "<!DOCTYPE html><p>parked</p>".getBytes(StandardCharsets.UTF_8));
            case "wrong" -> send(exchange, 200, packed(Arrays.copyOf(CONTENT, CONTENT.length - 1)));
            case "bomb" -> send(exchange, 200, packed(new byte[50_000_000]));
            case "missing" -> send(exchange, 404, new byte[0]);
            case "truncated" -> {
                exchange.sendResponseHeaders(200, good.length);
                exchange.getResponseBody().write(good, 0, good.length / 2);
                exchange.close();
            }
            case "stall" -> {
                exchange.sendResponseHeaders(200, good.length);
                exchange.getResponseBody().write(good, 0, 100);
                exchange.getResponseBody().flush();
                sleep();
                exchange.close();
            }
            case "loop" -> {
                exchange.getResponseHeaders()
                        .add("Location", exchange.getRequestURI().getPath());
                send(exchange, 302, new byte[0]);
            }
            case "slow" -> {
                sleep();
                sendFrom(exchange, good);
            }
            default -> sendFrom(exchange, good);
        }
    }

    private void sendFrom(HttpExchange exchange, byte[] good) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range == null) {
            send(exchange, 200, good);
            return;
        }
        ranges.add(range);
        int from = Integer.parseInt(range.replaceAll("[^0-9]", ""));
        if (from >= good.length) {
            send(exchange, 416, new byte[0]);
            return;
        }
        send(exchange, 206, Arrays.copyOfRange(good, from, good.length));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static void sleep() {
        try {
            Thread.sleep(3000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Download from(String... kinds) {
        List<String> mirrors = Arrays.stream(kinds)
                .map(kind -> "http://127.0.0.1:" + server.getAddress().getPort() + "/" + kind + "/")
                .toList();
        return new Download(mirrors, Duration.ofMillis(1000));
    }

    private void assertFetched() throws IOException {
        assertArrayEquals(packed(CONTENT), Files.readAllBytes(folder.resolve("thing.gz")));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    List.of(".lock", "thing.gz"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void aGoodMirrorServesOnce() throws IOException {
        from("good").fetch(folder, List.of(FILE));
        assertFetched();
        from("good").fetch(folder, List.of(FILE));
        assertEquals(1, served.get(), "what is there is not fetched again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"html", "wrong", "bomb", "missing", "truncated", "stall", "loop"})
    void aBadMirrorIsPassedOver(String kind) throws IOException {
        from(kind, "good").fetch(folder, List.of(FILE));
        assertFetched();
        Files.delete(folder.resolve("thing.gz"));
        DataException e =
                assertThrows(DataException.class, () -> from(kind, kind).fetch(folder, List.of(FILE)));
        assertTrue(e.getMessage().startsWith("No mirror served thing.gz (127.0.0.1: "), e.getMessage());
        assertFalse(Files.exists(folder.resolve("thing.gz")), "nothing wrong gets the final name");
    }

    @Test
    void aMirrorThatIsNotThere() throws IOException {
        Download download = new Download(
                List.of(
                        "http://127.0.0.1:1/",
                        "http://127.0.0.1:" + server.getAddress().getPort() + "/good/"),
                Duration.ofMillis(1000));
        download.fetch(folder, List.of(FILE));
        assertFetched();
    }

    @Test
    void aBrokenDownloadIsResumed() throws IOException {
        byte[] good = packed(CONTENT);
        Files.write(folder.resolve(".thing.gz.part"), Arrays.copyOf(good, 1000));
        from("good").fetch(folder, List.of(FILE));
        assertFetched();
        assertEquals(List.of("bytes=1000-"), ranges);
    }

    @Test
    void aForgedPartIsThrownAway() throws IOException {
        Files.write(folder.resolve(".thing.gz.part"), new byte[1000]);
        from("good", "good").fetch(folder, List.of(FILE));
        assertFetched();
    }

    /**
     * What GNU tar 1.34 makes of a folder with one.bin, two.bin, empty.bin and readme.html: {@code tar c --owner=0 --group=0 --numeric-owner
     * --mtime=2009-01-01 --sort=name things | gzip -9n}.
     */
    private static final byte[] ARCHIVE = Base64.getDecoder()
            .decode(
                    "H4sIAAAAAAACA+3Wy2rCQACG0fT6HHkCOzO5+DxKQxVqLDoifftGu6qbdtGEFs+3OSEEAvkZNK/W/cv+qRizMDRvmrNDl56vY4xp"
                            + "HkLVnu/PU2qLsikm6LDPi11ZFlda/ty/27zl99ly3Y+1f1vXP98/xjA8Xgb7T7X/tu/GWv+b/atQpfpy/9CEyv6TdHN7d//wCAAA"
                            + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                            + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAOAPUmjU8mrd"
                            + "v+yfdt3iedPNVnnz+vvvCENtXZ8dujSEmIoYY5qHULWn+zFWdSrKMMUHOOzzYleW17p/v83lcdHn7tlZuOLzn4/b2XLdj/OOb85/"
                            + "Ol1/Pf+hSdH5nyT/M4CrxS+gJEmSJEmSJEmSJEn/vw+4a/3NALgBAA==");

    /** Byte i of one.bin and two.bin is i mod 7. */
    private static byte[] sevens(int count) {
        byte[] content = new byte[count];
        for (int i = 0; i < count; i++) {
            content[i] = (byte) (i % 7);
        }
        return content;
    }

    private static RemoteArchive things(String... wanted) {
        return new RemoteArchive("things.tar.gz", sha256(ARCHIVE), List.of(wanted));
    }

    private void assertUnpacked(Path target) throws IOException {
        assertArrayEquals(sevens(100_000), Files.readAllBytes(target.resolve("one.bin")));
        assertArrayEquals(sevens(1024), Files.readAllBytes(target.resolve("two.bin")));
        assertArrayEquals(new byte[0], Files.readAllBytes(target.resolve("empty.bin")));
        try (Stream<Path> files = Files.list(target)) {
            assertEquals(
                    List.of(".lock", "empty.bin", "one.bin", "two.bin"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void theFilesOfAnArchive() throws IOException {
        RemoteArchive things = things("two.bin", "one.bin", "empty.bin");
        Path target = folder.resolve("target");
        from("missing", "wrong", "truncated", "good").fetch(target, things);
        assertUnpacked(target);
        int until = served.get();
        from("good").fetch(target, things);
        assertEquals(until, served.get(), "what is there is not fetched again");
        Files.delete(target.resolve("two.bin"));
        from("good").fetch(target, things);
        assertUnpacked(target);
    }

    @Test
    void anArchiveThatWasFetchedButNotUnpacked() throws IOException {
        RemoteArchive things = things("two.bin", "one.bin", "empty.bin");
        Path target = Files.createDirectories(folder.resolve("target"));
        Files.write(target.resolve(".things.tar.gz.part"), ARCHIVE);
        from("good").fetch(target, things);
        assertUnpacked(target);
    }

    @ParameterizedTest
    @ValueSource(strings = {"html", "wrong", "missing", "truncated", "stall", "loop"})
    void aBadArchive(String kind) {
        RemoteArchive things = things("two.bin");
        Path target = folder.resolve("target");
        DataException e = assertThrows(DataException.class, () -> from(kind).fetch(target, things));
        assertTrue(e.getMessage().startsWith("No mirror served things.tar.gz (127.0.0.1: "), e.getMessage());
        assertTrue(e.getMessage().endsWith("or unpack it into " + target + " yourself."), e.getMessage());
        assertFalse(Files.exists(target.resolve("two.bin")));
    }

    @Test
    void anArchiveWithoutWhatIsWanted() {
        RemoteArchive things = things("two.bin", "three.bin");
        DataException e = assertThrows(DataException.class, () -> from("good").fetch(folder.resolve("target"), things));
        assertTrue(e.getMessage().contains("an archive without three.bin"), e.getMessage());
    }

    @Test
    void whatTheProgramFetchesComesOverTlsAndIsPinned() {
        for (String mirror : MnistMirrors.ADDRESSES) {
            assertTrue(mirror.startsWith("https://"), mirror);
        }
        for (String mirror : CifarMirrors.ADDRESSES) {
            assertTrue(mirror.startsWith("https://"), mirror);
        }
        assertTrue(CifarMirrors.ARCHIVE.sha256().matches("[0-9a-f]{64}"));
        for (RemoteFile file : MnistMirrors.FILES) {
            assertTrue(file.sha256().matches("[0-9a-f]{64}") && file.bytes() > 0, file.toString());
        }
    }

    /** Another process that fetches into the same folder. */
    static final class Fetcher {
        private Fetcher() {}

        /** Fetches into the first argument from the second. */
        public static void main(String[] arguments) throws IOException {
            new Download(List.of(arguments[1]), Duration.ofSeconds(20))
                    .fetch(Path.of(arguments[0]), List.of(new RemoteFile("thing", sha256(CONTENT), CONTENT.length)));
        }
    }

    @Test
    void processesThatWantTheSameFetchItOnce() throws IOException, InterruptedException {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Fetcher.class.getName(),
                            folder.toString(),
                            "http://127.0.0.1:" + server.getAddress().getPort() + "/slow/")
                    .inheritIO()
                    .start());
        }
        for (Process process : processes) {
            assertEquals(0, process.waitFor());
        }
        assertFetched();
        assertEquals(1, served.get(), "the others found it there");
    }
}
