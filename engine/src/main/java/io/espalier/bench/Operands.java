package io.espalier.bench;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.SparsePattern;
import io.espalier.backend.Tensor;
import io.espalier.backend.WeightHash;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The tensors of one workload on one backend, by name, shared by its candidates. What is in an input follows from its name and the
 * member alone, so that a member by itself in the reference's memory has the numbers of its slice on a device.
 */
final class Operands implements AutoCloseable {
    private static final WeightHash HASH =
            new WeightHash(WeightHash.Mode.NATIVE, WeightHash.PUBLISHED_SEED, 0, WeightHash.Part.WEIGHTS);

    private final Backend backend;
    private final Size size;
    private final int firstMember;
    private final int members;
    private final boolean absolute;
    private final Map<String, Tensor> tensors = new HashMap<>();
    private final List<Runnable> resets = new ArrayList<>();
    private final List<Runnable> closers = new ArrayList<>();
    private List<byte[]> masks;
    private SparsePattern pattern;

    /**
     * None yet.
     *
     * @param firstMember of those whose numbers these are
     * @param absolute whether real inputs are replaced by their absolute values, to find the scale of a sum
     */
    Operands(Backend backend, Size size, int firstMember, int members, boolean absolute) {
        this.backend = backend;
        this.size = size;
        this.firstMember = firstMember;
        this.members = members;
        this.absolute = absolute;
    }

    Backend backend() {
        return backend;
    }

    int members() {
        return members;
    }

    int firstMember() {
        return firstMember;
    }

    // ---- plain ones -------------------------------------------------------------------------------------------------

    /** Uniform on [-1, 1). */
    Tensor reals(String name, int rows, int columns) {
        return written(name, rows, columns, r -> numbers(name, r, rows * columns));
    }

    /** The same number everywhere, whatever the sign of others. */
    Tensor constant(String name, int rows, int columns, double value) {
        return written(name, rows, columns, r -> repeated(rows * columns, (float) value));
    }

    /** The same, its sign turned in the absolute run: what an op subtracts is added there, so that the result bounds the terms. */
    Tensor subtracted(String name, int rows, int columns, double value) {
        return constant(name, rows, columns, absolute ? -value : value);
    }

    /** As {@link #reals}, for an op that changes it: {@link #reset} puts it back. */
    Tensor changing(String name, int rows, int columns) {
        return reset(name, rows, columns, r -> numbers(name, r, rows * columns));
    }

    /** Somewhere to write to; {@link #reset} fills it with what is not a number, so that nothing old can pass for an answer. */
    Tensor output(String name, int rows, int columns) {
        return reset(name, rows, columns, r -> repeated(rows * columns, Float.NaN));
    }

    /** Integers 0 to bound - 1. */
    Tensor ints(String name, int rows, int columns, int bound) {
        return made(name, () -> {
            Tensor tensor = zeros(ElementType.I32, rows, columns);
            for (int r = 0; r < members; r++) {
                backend.write(tensor, r, integers(random(name, firstMember + r), rows * columns, bound));
            }
            return tensor;
        });
    }

    /** Integers 0 to bound - 1 that all members share. */
    Tensor sharedInts(String name, int length, int bound) {
        return made(name, () -> backend.constant(integers(random(name, 0), length, bound), new Shape(1, 1, length)));
    }

    /** Bytes that all members share. */
    Tensor sharedBytes(String name, int rows, int columns) {
        return made(name, () -> {
            byte[] values = new byte[rows * columns];
            PhiloxSequence random = random(name, 0);
            int word = 0;
            for (int i = 0; i < values.length; i++, word >>>= Byte.SIZE) {
                word = i % Integer.BYTES == 0 ? random.nextInt() : word;
                values[i] = (byte) word;
            }
            return backend.constant(values, new Shape(1, rows, columns));
        });
    }

    // ---- weights that are fewer than the connections ----------------------------------------------------------------

    /** (O, I) weights of which some are zeros: those that {@link #pattern} lacks. */
    Tensor pruned(String name) {
        return written(name, size.outputs(), size.inputs(), r -> {
            float[] values = numbers(name, r, size.weights());
            byte[] mask = masks().get(r);
            for (int i = 0; i < values.length; i++) {
                values[i] *= mask[i];
            }
            return values;
        });
    }

    /** Where there are weights: {@link Size#alive} of every member, each at places of its own. */
    SparsePattern pattern() {
        if (pattern == null) {
            pattern = own(SparsePattern.of(backend, masks(), size.outputs(), size.inputs()), SparsePattern::close);
        }
        return pattern;
    }

    /** (1, alive): the weights of {@link #pruned} that are there, in the pattern's row order. */
    Tensor alive(String name) {
        return written(name + " alive", 1, size.alive(), r -> rowOrder(name, r));
    }

    /** The same in its column order. */
    Tensor aliveByColumns(String name) {
        return written(name + " alive by columns", 1, size.alive(), r -> {
            float[] inRowOrder = rowOrder(name, r);
            int[] order = backend.ints(pattern().order(), r);
            float[] inColumnOrder = new float[order.length];
            for (int k = 0; k < order.length; k++) {
                inColumnOrder[k] = inRowOrder[order[k]];
            }
            return inColumnOrder;
        });
    }

    private float[] rowOrder(String name, int member) {
        float[] values = numbers(name, member, size.weights());
        byte[] mask = masks().get(member);
        float[] alive = new float[size.alive()];
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            if (mask[i] != 0) {
                alive[count++] = values[i];
            }
        }
        return alive;
    }

    private List<byte[]> masks() {
        if (masks == null) {
            masks = new ArrayList<>();
            for (int r = 0; r < members; r++) {
                masks.add(mask(random("mask", firstMember + r), size.weights(), size.alive()));
            }
        }
        return masks;
    }

    /** Exactly so many places, all choices equally likely (Knuth, TAOCP 2, algorithm S). */
    static byte[] mask(PhiloxSequence random, int length, int alive) {
        byte[] mask = new byte[length];
        int wanted = alive;
        for (int i = 0; i < length; i++) {
            if (random.nextDouble() * (length - i) < wanted) {
                mask[i] = 1;
                wanted--;
            }
        }
        return mask;
    }

    /** (O, I) I32: where the elements of a virtual matrix find their numbers; no signs in the absolute run. */
    Tensor hashIndex(String name) {
        return made(name, () -> {
            Tensor index = zeros(ElementType.I32, size.outputs(), size.inputs());
            int[] buckets = new int[members];
            Arrays.fill(buckets, size.buckets());
            backend.hashIndices(HASH, buckets, index);
            for (int r = 0; absolute && r < members; r++) {
                int[] entries = backend.ints(index, r);
                for (int i = 0; i < entries.length; i++) {
                    entries[i] &= ~1;
                }
                backend.write(index, r, entries);
            }
            return index;
        });
    }

    /** A matrix that is computed once. */
    Tensor computed(String name, int rows, int columns, Consumer<Tensor> op) {
        return made(name, () -> {
            Tensor tensor = zeros(ElementType.REAL, rows, columns);
            op.accept(tensor);
            return tensor;
        });
    }

    // ---- owning and resetting ---------------------------------------------------------------------------------------

    /** Has something closed together with the operands. */
    <T> T own(T resource, Consumer<T> close) {
        closers.add(() -> close.accept(resource));
        return resource;
    }

    /** Names a tensor of something that is owned. */
    void name(String name, Tensor tensor) {
        tensors.put(name, tensor);
    }

    /** Has something done at every {@link #reset}. */
    void atReset(Runnable action) {
        resets.add(action);
    }

    /** Puts everything back to where no candidate has run yet. */
    void reset() {
        resets.forEach(Runnable::run);
    }

    /** One member's slice of an operand that was asked for. */
    double[] read(String name, int member) {
        return backend.doubles(tensors.get(name), member);
    }

    @Override
    public void close() {
        closers.forEach(Runnable::run);
    }

    private interface Contents {
        float[] of(int member);
    }

    private Tensor written(String name, int rows, int columns, Contents contents) {
        return made(name, () -> write(zeros(ElementType.REAL, rows, columns), contents));
    }

    private Tensor reset(String name, int rows, int columns, Contents contents) {
        return made(name, () -> {
            Tensor tensor = zeros(ElementType.REAL, rows, columns);
            resets.add(() -> write(tensor, contents));
            return tensor;
        });
    }

    private Tensor write(Tensor tensor, Contents contents) {
        for (int r = 0; r < members; r++) {
            backend.write(tensor, r, contents.of(r));
        }
        return tensor;
    }

    /** Not computeIfAbsent: what makes one operand may ask for another. */
    private Tensor made(String name, Supplier<Tensor> maker) {
        Tensor found = tensors.get(name);
        if (found == null) {
            found = own(maker.get(), Tensor::close);
            tensors.put(name, found);
        }
        return found;
    }

    private Tensor zeros(ElementType type, int rows, int columns) {
        return backend.zeros(type, new Shape(members, rows, columns));
    }

    /** What {@link #reals} consists of. */
    float[] numbers(String name, int member, int length) {
        PhiloxSequence random = random(name, firstMember + member);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            float value = random.nextInt() * 0x1p-31f;
            values[i] = absolute ? Math.abs(value) : value;
        }
        return values;
    }

    private static float[] repeated(int length, float value) {
        float[] values = new float[length];
        Arrays.fill(values, value);
        return values;
    }

    private static int[] integers(PhiloxSequence random, int length, int bound) {
        int[] values = new int[length];
        Arrays.setAll(values, i -> random.nextInt(bound));
        return values;
    }

    private static PhiloxSequence random(String name, int member) {
        return new PhiloxSequence(new Seed(name.hashCode()), Stream.CONTRACT_INPUT.at(member));
    }
}
