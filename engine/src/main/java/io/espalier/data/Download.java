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
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    /** Makes sure that all files are in the folder; processes that want the same take turns. */
    void fetch(Path folder, List<RemoteFile> files) throws IOException {
        Files.createDirectories(folder);
        try (FileChannel channel =
                        FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock ignored = channel.lock()) {
            for (RemoteFile file : files) {
                Path packed = folder.resolve(file.name() + ".gz");
                if (!Files.exists(packed) && !Files.exists(folder.resolve(file.name()))) {
                    fetch(file, packed);
                }
            }
        }
    }

    private void fetch(RemoteFile file, Path target) throws IOException {
        List<String> reasons = new ArrayList<>();
        for (String mirror : mirrors) {
            URI address = URI.create(mirror + file.name() + ".gz");
            Path part = target.resolveSibling("." + target.getFileName() + ".part");
            try {
                receive(address, part);
                requireRight(file, part);
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
                return;
            } catch (IOException e) {
                reasons.add(address.getHost() + ": " + reason(e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DataException(
                        "The download of " + file.name() + " was interrupted. Run it again to go on.", e);
            }
        }
        throw new DataException("No mirror served " + file.name() + " (" + String.join("; ", reasons)
                + "). Try again later, or put the file into " + target.getParent() + " yourself.");
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
            throw new IOException("sent other contents (SHA-256 does not match)");
        }
    }
}
