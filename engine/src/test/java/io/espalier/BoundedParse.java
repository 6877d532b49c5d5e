package io.espalier;

import com.sun.management.ThreadMXBean;
import io.espalier.data.DataException;
import io.espalier.run.RunException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * What every parser owes to whatever bytes it is given: it reads them or refuses them in a sentence, and takes memory in proportion
 * to them. Fuzzers call it through the {@code fuzzerTestOneInput} of their classes, {@link CorpusTest} with what they found.
 */
public final class BoundedParse {
    /** What parsers set up before they have seen a byte: streams and their buffers. */
    private static final long FIXED_BYTES = 2L << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private BoundedParse() {}

    /** Parses a file with these bytes. */
    public static void file(byte[] bytes, int bytesPerByte, Consumer<Path> parser) {
        try {
            Path file = Files.createTempFile("fuzz", null);
            try {
                Files.write(file, bytes);
                check(bytes, bytesPerByte, () -> parser.accept(file));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Parses bytes.
     *
     * @param bytesPerByte the most that may be allocated for each, beside a fixed amount
     */
    public static void check(byte[] bytes, int bytesPerByte, Runnable parser) {
        long most = FIXED_BYTES + (long) bytesPerByte * bytes.length;
        long allocated = allocated(parser);
        if (allocated > most) {
            // The first time it may have loaded classes.
            allocated = allocated(parser);
        }
        if (allocated > most) {
            throw new AssertionError(allocated + " bytes allocated for a file of " + bytes.length);
        }
    }

    private static long allocated(Runnable parser) {
        long thread = Thread.currentThread().getId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        try {
            parser.run();
        } catch (DataException | RunException refused) {
            String message = refused.getMessage();
            if (!message.matches(".*[.?]")) {
                throw new AssertionError("not a sentence: " + message, refused);
            }
        }
        return THREADS.getThreadAllocatedBytes(thread) - before;
    }
}
