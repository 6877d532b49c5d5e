package io.espalier.backend.contract;

import io.espalier.data.DataException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The reference's answers in a file, for machines that have no ND4J. Inputs are not in it: they come from seeds.
 *
 * <p>Format: gzip (or, inside of an archive that compresses better, just the content) of a version text, the number of cases, and for each its id, its number of outputs, and for each of these its
 * name, its length, whether scales follow, and the right numbers (then the scales) as float64. Numbers are rounded, which saves a
 * third of the file: by 2^-37 of a right number, where the least that a float32 backend is allowed is 2^-24 of it.
 */
public final class RecordedAnswers implements Expectations {
    private static final String VERSION = "espalier contract answers 2";

    /** Significant bits: integers of 32 bits and float32 numbers stay what they are. */
    private static final int RIGHT_BITS = 36;

    /** Those of scales, which only bound errors. */
    private static final int SCALE_BITS = 16;

    private static final int DOUBLE_BITS = 53;

    private final Map<String, Map<String, Answer>> cases;
    private final Path file;

    private RecordedAnswers(Map<String, Map<String, Answer>> cases, Path file) {
        this.cases = cases;
        this.file = file;
    }

    /** Writes the answers to all cases. */
    public static void write(Path file, List<OpCase> questions, Expectations source) {
        try (OutputStream raw = new BufferedOutputStream(Files.newOutputStream(file));
                DataOutputStream out = new DataOutputStream(new GZIPOutputStream(raw))) {
            out.writeUTF(VERSION);
            out.writeInt(questions.size());
            for (OpCase question : questions) {
                Map<String, Answer> answers = source.of(question);
                out.writeUTF(question.id());
                out.writeInt(answers.size());
                for (Map.Entry<String, Answer> answer : answers.entrySet()) {
                    out.writeUTF(answer.getKey());
                    write(out, answer.getValue());
                }
            }
        } catch (IOException e) {
            throw new DataException(file + " cannot be written: " + e.getMessage() + ".", e);
        }
    }

    private static void write(DataOutputStream out, Answer answer) throws IOException {
        boolean scaled = answer.scale() != answer.right();
        out.writeInt(answer.right().length);
        out.writeBoolean(scaled);
        for (double right : answer.right()) {
            out.writeDouble(rounded(right, RIGHT_BITS));
        }
        if (scaled) {
            for (double scale : answer.scale()) {
                out.writeDouble(rounded(scale, SCALE_BITS));
            }
        }
    }

    /** The nearest number with so many significant bits; infinities and NaN stay. */
    private static double rounded(double value, int bits) {
        long unit = 1L << (DOUBLE_BITS - bits);
        return Double.longBitsToDouble(Double.doubleToLongBits(value) + unit / 2 & -unit);
    }

    /** Reads a file that {@link #write} made. */
    public static RecordedAnswers read(Path file) {
        Map<String, Map<String, Answer>> cases = new LinkedHashMap<>();
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
                DataInputStream in = new DataInputStream(new BufferedInputStream(content(raw)))) {
            if (!in.readUTF().equals(VERSION)) {
                throw new DataException(
                        file + " was recorded by another release. Record it again with `verify --record`.");
            }
            int questions = in.readInt();
            for (int i = 0; i < questions; i++) {
                Map<String, Answer> answers = new LinkedHashMap<>();
                cases.put(in.readUTF(), answers);
                int outputs = in.readInt();
                for (int j = 0; j < outputs; j++) {
                    answers.put(in.readUTF(), readAnswer(in));
                }
            }
            if (in.read() >= 0) {
                throw new IOException("it goes on after its last answer");
            }
        } catch (IOException e) {
            throw new DataException(file + " is not a sound recording: " + e.getMessage() + ".", e);
        }
        return new RecordedAnswers(cases, file);
    }

    /** What a file holds, whether it is compressed or not. */
    private static InputStream content(InputStream raw) throws IOException {
        raw.mark(1);
        int first = raw.read();
        raw.reset();
        return first == (GZIPInputStream.GZIP_MAGIC & 0xFF) ? new GZIPInputStream(raw) : raw;
    }

    private static Answer readAnswer(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > 1 << 24) {
            throw new IOException("an output of " + length + " numbers");
        }
        boolean scaled = in.readBoolean();
        double[] right = readDoubles(in, length);
        return new Answer(right, scaled ? readDoubles(in, length) : right);
    }

    private static double[] readDoubles(DataInputStream in, int length) throws IOException {
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = in.readDouble();
        }
        return values;
    }

    @Override
    public Map<String, Answer> of(OpCase question) {
        Map<String, Answer> answers = cases.get(question.id());
        if (answers == null) {
            throw new DataException(file + " has no answer to `" + question.id()
                    + "`. Record it again with `verify --record` and this release.");
        }
        return answers;
    }
}
