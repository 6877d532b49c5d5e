package io.espalier.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.cuda.Emulation;
import io.espalier.backend.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * The selection behind every cut: of n weights that are alive exactly n - k go, those of lowest saliency, the lower (tensor, index)
 * first among equals. Saliencies are drawn with many ties, both zeros, denormals, infinities and NaN; k includes 0, n, n + 1 and -1.
 */
class ExactSelectionTest {
    /** One weight: NaN is allowed where the mask is 0, and is ignored there. */
    record Weight(float saliency, boolean alive) {}

    /**
     * What one member of a cohort has, as two tensors.
     *
     * @param cut where the second tensor begins
     * @param keep what shall be left, perhaps more than is alive
     */
    record Case(List<Weight> weights, int cut, int keep) {
        byte[] mask() {
            byte[] mask = new byte[weights.size()];
            for (int i = 0; i < mask.length; i++) {
                mask[i] = (byte) (weights.get(i).alive ? 1 : 0);
            }
            return mask;
        }

        int[] alive() {
            return IntStream.range(0, weights.size())
                    .filter(i -> weights.get(i).alive)
                    .toArray();
        }

        boolean hasNan() {
            return keep >= 0 && Arrays.stream(alive()).anyMatch(i -> Float.isNaN(weights.get(i).saliency));
        }

        /** By a stable sort of the indices: the definition, said in another way than the backends do. */
        byte[] expected() {
            byte[] mask = mask();
            if (keep >= 0) {
                Arrays.stream(alive())
                        .boxed()
                        .sorted(Comparator.comparing(i -> weights.get(i).saliency + 0f))
                        .limit(alive().length - keep)
                        .forEach(i -> mask[i] = 0);
            }
            return mask;
        }
    }

    @Provide
    Arbitrary<Case> cases() {
        Arbitrary<Float> tied = Arbitraries.of(0f, -0f, 1f, -1f, 0.5f, Float.MIN_VALUE, -Float.MIN_VALUE);
        Arbitrary<Float> extreme = Arbitraries.of(
                Float.MIN_NORMAL,
                Math.nextDown(Float.MIN_NORMAL),
                Float.MAX_VALUE,
                -Float.MAX_VALUE,
                Float.POSITIVE_INFINITY,
                Float.NEGATIVE_INFINITY);
        Arbitrary<Float> any = Arbitraries.integers()
                .map(Float::intBitsToFloat)
                .map(value -> Float.isNaN(value) ? Float.MIN_VALUE : value);
        Arbitrary<Float> alive = Arbitraries.frequencyOf(Tuple.of(6, tied), Tuple.of(2, extreme), Tuple.of(4, any));
        Arbitrary<Weight> weight = Arbitraries.frequencyOf(
                Tuple.of(400, alive.map(value -> new Weight(value, true))),
                Tuple.of(80, alive.map(value -> new Weight(value, false))),
                Tuple.of(20, Arbitraries.just(new Weight(Float.NaN, false))),
                Tuple.of(1, Arbitraries.just(new Weight(Float.NaN, true))));
        return weight.list()
                .ofMinSize(2)
                .ofMaxSize(40)
                .flatMap(weights -> {
                    int count = (int) weights.stream().filter(one -> one.alive).count();
                    Arbitrary<Integer> keep = Arbitraries.frequencyOf(
                            Tuple.of(8, Arbitraries.integers().between(0, count)),
                            Tuple.of(2, Arbitraries.of(0, count)),
                            Tuple.of(1, Arbitraries.of(-1, count + 1)));
                    return Combinators.combine(Arbitraries.integers().between(1, weights.size() - 1), keep)
                            .as((cut, kept) -> new Case(weights, cut, kept));
                })
                .withoutEdgeCases();
    }

    @Property(seed = "1", shrinking = ShrinkingMode.BOUNDED, edgeCases = EdgeCasesMode.NONE)
    void exactOnProcessors(@ForAll("cases") Case drawn) {
        check(new CpuBackend(), drawn);
    }

    private final Backend reference = ReferenceBackend.open();

    @Property(seed = "2", shrinking = ShrinkingMode.BOUNDED, edgeCases = EdgeCasesMode.NONE)
    void exactByDefinition(@ForAll("cases") Case drawn) {
        check(reference, drawn);
    }

    @BeforeContainer
    static void sayWhatIsSkipped() {
        if (!Emulation.isBuilt()) {
            System.out.println("Skipped: exactInOurKernels, without g++ there are no emulated kernels");
        }
    }

    @Property(seed = "3", tries = 1000, shrinking = ShrinkingMode.BOUNDED, edgeCases = EdgeCasesMode.NONE)
    void exactInOurKernels(@ForAll("cases") Case drawn) {
        if (Emulation.isBuilt()) {
            try (Backend cuda = Emulation.open()) {
                check(cuda, drawn);
            }
        }
    }

    private static void check(Backend backend, Case drawn) {
        int[] sizes = {drawn.cut, drawn.weights.size() - drawn.cut};
        List<Tensor> saliencies = new ArrayList<>();
        List<Tensor> masks = new ArrayList<>();
        byte[] mask = drawn.mask();
        for (int t = 0, from = 0; t < sizes.length; from += sizes[t++]) {
            float[] values = new float[sizes[t]];
            for (int i = 0; i < values.length; i++) {
                values[i] = drawn.weights.get(from + i).saliency;
            }
            Tensor saliency = backend.zeros(ElementType.REAL, new Shape(1, 1, sizes[t]));
            backend.write(saliency, 0, values);
            saliencies.add(saliency);
            Tensor part = backend.zeros(ElementType.U8, new Shape(1, 1, sizes[t]));
            backend.write(part, 0, Arrays.copyOfRange(mask, from, from + sizes[t]));
            masks.add(part);
        }
        int[] keep = {drawn.keep};
        byte[] expected;
        if (drawn.keep > drawn.alive().length || drawn.hasNan()) {
            assertThrows(RuntimeException.class, () -> backend.pruneLowest(saliencies, masks, keep));
            expected = mask;
        } else {
            backend.pruneLowest(saliencies, masks, keep);
            expected = drawn.expected();
        }
        byte[] found = new byte[mask.length];
        System.arraycopy(backend.bytes(masks.get(0), 0), 0, found, 0, sizes[0]);
        System.arraycopy(backend.bytes(masks.get(1), 0), 0, found, sizes[0], sizes[1]);
        assertArrayEquals(expected, found, drawn.toString());
        saliencies.forEach(Tensor::close);
        masks.forEach(Tensor::close);
    }
}
