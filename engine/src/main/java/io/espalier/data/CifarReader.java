package io.espalier.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads CIFAR-10's binary files, plain or gzipped: records of a label byte and 32 x 32 pixels, first all red, then green, then blue
 * (Krizhevsky, "The CIFAR-10 dataset"). Memory is bounded by what the files hold, and by what published ones do.
 */
final class CifarReader {
    private static final int CHANNELS = 3;
    private static final int PIXELS = CHANNELS * 32 * 32;
    private static final int RECORD = 1 + PIXELS;

    /** Of a published file; what is compressed could hold anything. */
    private static final int MOST_RECORDS = 10_000;

    private static final List<String> TRAIN = IntStream.rangeClosed(1, 5)
            .mapToObj(batch -> "data_batch_" + batch + ".bin")
            .toList();
    private static final List<String> TEST = List.of("test_batch.bin");

    private CifarReader() {}

    /** Whether all files are in a folder. */
    static boolean isIn(Path folder) {
        return files().stream().allMatch(name -> Files.exists(find(folder, name)));
    }

    /** The names of all files. */
    static List<String> files() {
        return Stream.concat(TRAIN.stream(), TEST.stream()).toList();
    }

    static Dataset read(String name, Path folder) {
        return new Dataset(name, examples(paths(folder, TRAIN)), examples(paths(folder, TEST)));
    }

    /** The examples of files, in their order. */
    static Examples examples(List<Path> files) {
        List<byte[]> contents = new ArrayList<>();
        List<String> hashes = new ArrayList<>();
        for (Path file : files) {
            MessageDigest digest = Hashes.sha256();
            contents.add(content(file, digest));
            hashes.add(Hashes.hex(digest));
        }
        int count =
                contents.stream().mapToInt(content -> content.length / RECORD).sum();
        byte[] pixels = new byte[count * PIXELS];
        int[] labels = new int[count];
        int next = 0;
        for (byte[] content : contents) {
            for (int at = 0; at < content.length; at += RECORD) {
                labels[next] = content[at] & 0xFF;
                System.arraycopy(content, at + 1, pixels, next * PIXELS, PIXELS);
                next++;
            }
        }
        String origin = files.stream().map(Path::toString).collect(Collectors.joining(", "));
        return new Examples(origin, CHANNELS, PIXELS, pixels, labels, String.join("", hashes));
    }

    private static byte[] content(Path file, MessageDigest digest) {
        try (InputStream in = new DigestInputStream(IdxReader.unpacked(file), digest)) {
            byte[] content = in.readNBytes(MOST_RECORDS * RECORD + 1);
            if (content.length > MOST_RECORDS * RECORD) {
                throw new DataException(file + " holds more than the " + MOST_RECORDS
                        + " records of a file of CIFAR-10. Get the file again.");
            }
            if (content.length == 0 || content.length % RECORD != 0) {
                throw new DataException(file + " has " + content.length + " bytes, which are not whole records of "
                        + RECORD + ". Get the file again.");
            }
            return content;
        } catch (NoSuchFileException e) {
            throw new DataException(file + " does not exist.", e);
        } catch (IOException e) {
            throw new DataException(file + " cannot be read or its compression is damaged. Get the file again.", e);
        }
    }

    private static List<Path> paths(Path folder, List<String> names) {
        return names.stream().map(name -> find(folder, name)).toList();
    }

    private static Path find(Path folder, String name) {
        Path packed = folder.resolve(name + ".gz");
        return Files.exists(packed) && !Files.exists(folder.resolve(name)) ? packed : folder.resolve(name);
    }
}
