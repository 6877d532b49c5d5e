package io.espalier.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;

/**
 * Gets files from the first mirror that serves them whole. Whatever goes wrong with one mirror, the next is tried; nothing
 * appears under its final name before its contents are known to be right.
 */
final class Download {
    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final int CHUNK = 1 << 16;
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int NOTHING_LEFT = 416;
    private static final String OTHER_CONTENTS = "sent other contents (SHA-256 does not match)";

    private final List<String> mirrors;
    private final Duration stall;

    /**
     * A download from these places.
     *
     * @param mirrors addresses of folders, ending in a slash
     * @param stall how long a mirror may send nothing
     */
    Download(List<String> mirrors, Duration stall) {
        this.mirrors = List.copyOf(mirrors);
        this.stall = stall;
    }

    /** Makes sure that all files are in the folder, gzipped; processes that want the same take turns. */
    void fetch(Path folder, List<RemoteFile> files) throws IOException {
        inTurn(folder, () -> {
            for (RemoteFile file : files) {
                String packed = file.name() + ".gz";
                if (!isIn(folder, file.name())) {
                    fromAMirror(packed, "put it into " + folder, folder, part -> {
                        requireRight(file, part);
                        Files.move(part, folder.resolve(packed), StandardCopyOption.ATOMIC_MOVE);
                    });
                }
            }
        });
    }

    /** Makes sure that all files of the archive are in the folder; processes that want the same take turns. */
    void fetch(Path folder, RemoteArchive archive) throws IOException {
        inTurn(folder, () -> {
            if (!archive.files().stream().allMatch(file -> isIn(folder, file))) {
                fromAMirror(archive.name(), "unpack it into " + folder, folder, part -> {
                    requireRight(archive, part);
                    unpack(archive, part, folder);
                    Files.delete(part);
                });
            }
        });
    }

    private static boolean isIn(Path folder, String file) {
        return Files.exists(folder.resolve(file)) || Files.exists(folder.resolve(file + ".gz"));
    }

    private static void inTurn(Path folder, Turn turn) throws IOException {
        Files.createDirectories(folder);
        try (FileChannel channel =
                        FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock ignored = channel.lock()) {
            turn.take();
        }
    }

    /** What one process does while the others wait. */
    @FunctionalInterface
    private interface Turn {
        void take() throws IOException;
    }

    /** Checks what a mirror sent and puts it where it belongs. */
    @FunctionalInterface
    private interface Delivery {
        /** @throws IOException if it is not what was asked for */
        void accept(Path part) throws IOException;
    }

    /** @param remedy what a person can do where no mirror serves */
    private void fromAMirror(String name, String remedy, Path folder, Delivery delivery) {
        List<String> reasons = new ArrayList<>();
        for (String mirror : mirrors) {
            URI address = URI.create(mirror + name);
            Path part = folder.resolve("." + name + ".part");
            try {
                receive(address, part);
                delivery.accept(part);
                return;
            } catch (IOException e) {
                reasons.add(address.getHost() + ": " + reason(e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DataException("The download of " + name + " was interrupted. Run it again to go on.", e);
            }
        }
        throw new DataException("No mirror served " + name + " (" + String.join("; ", reasons)
                + "). Try again later, or " + remedy + " yourself.");
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** Appends to what an earlier attempt left, where the mirror allows it. */
    private void receive(URI address, Path part) throws IOException, InterruptedException {
        long have = Files.exists(part) ? Files.size(part) : 0;
        HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(CONNECT)
                .build();
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(stall.plus(CONNECT));
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-");
        }
        HttpResponse<InputStream> response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            if (response.statusCode() == NOTHING_LEFT && have > 0) {
                return;
            }
            if (response.statusCode() != OK && response.statusCode() != PARTIAL) {
                Files.deleteIfExists(part);
                throw new IOException("HTTP status " + response.statusCode());
            }
            boolean append = response.statusCode() == PARTIAL;
            try (OutputStream out =
                    append ? Files.newOutputStream(part, StandardOpenOption.APPEND) : Files.newOutputStream(part)) {
                copy(body, out);
            }
        }
    }

    /** A mirror that goes silent is given up; what it sent is kept. */
    private void copy(InputStream in, OutputStream out) throws IOException, InterruptedException {
        ExecutorService reader = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "download");
            thread.setDaemon(true);
            return thread;
        });
        try {
            while (true) {
                byte[] chunk = reader.submit(() -> in.readNBytes(CHUNK)).get(stall.toMillis(), TimeUnit.MILLISECONDS);
                if (chunk.length == 0) {
                    return;
                }
                out.write(chunk);
            }
        } catch (TimeoutException e) {
            throw new IOException("sent nothing for " + stall.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new IOException("broke off: " + e.getCause().getMessage(), e);
        } finally {
            reader.shutdownNow();
        }
    }

    private static void requireRight(RemoteArchive archive, Path part) throws IOException {
        MessageDigest digest = Hashes.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(part), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        if (!Hashes.hex(digest).equals(archive.sha256())) {
            Files.delete(part);
            throw new IOException(OTHER_CONTENTS);
        }
    }

    /** Takes the wanted files out of an archive that is known to be right; each appears whole. */
    private static void unpack(RemoteArchive archive, Path packed, Path folder) throws IOException {
        Set<String> wanted = new LinkedHashSet<>(archive.files());
        try (InputStream in =
                new GZIPInputStream(new BufferedInputStream(Files.newInputStream(packed), CHUNK), CHUNK)) {
            TarReader tar = new TarReader(in);
            for (String name = tar.next(); name != null; name = tar.next()) {
                if (wanted.remove(name)) {
                    Path part = folder.resolve("." + name + ".part");
                    try (OutputStream out = Files.newOutputStream(part)) {
                        tar.copyTo(out);
                    }
                    Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
                }
            }
        }
        if (!wanted.isEmpty()) {
            throw new IOException("sent an archive without " + String.join(", ", wanted));
        }
    }

    /** Keeps the file only if its unpacked bytes are the right ones; otherwise the next attempt starts from nothing. */
    private static void requireRight(RemoteFile file, Path part) throws IOException {
        MessageDigest digest = Hashes.sha256();
        long bytes = 0;
        try (InputStream in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(part), CHUNK), CHUNK)) {
            byte[] chunk = in.readNBytes(CHUNK);
            while (chunk.length > 0 && bytes <= file.bytes()) {
                digest.update(chunk);
                bytes += chunk.length;
                chunk = in.readNBytes(CHUNK);
            }
        } catch (IOException e) {
            Files.deleteIfExists(part);
            throw new IOException("sent something else than the gzipped file", e);
        }
        if (bytes != file.bytes() || !Hashes.hex(digest).equals(file.sha256())) {
            Files.deleteIfExists(part);
            throw new IOException(OTHER_CONTENTS);
        }
    }
}
