package io.espalier.backend.cuda.peers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.DeviceUnavailableException;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.SparsePattern;
import io.espalier.backend.Tensor;
import io.espalier.backend.cuda.CudaBackend;
import io.espalier.backend.cuda.Emulation;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether NVIDIA's libraries are asked for what our own ops compute: sizes, strides, transpositions, members. */
class PeersTest {
    private static final int[][] SIZES = {{1, 1, 1}, {7, 13, 5}, {33, 31, 32}, {10, 37, 128}};
    private static final int MEMBERS = 3;

    @TempDir
    private Path folder;

    private CudaBackend backend;
    private FakeLibraries libraries;

    @BeforeEach
    void open() {
        Emulation.require();
        backend = (CudaBackend) Emulation.open();
        libraries = new FakeLibraries(folder);
    }

    private Tensor random(int seed, int rows, int columns) {
        Tensor tensor = backend.zeros(ElementType.REAL, new Shape(MEMBERS, rows, columns));
        PhiloxSequence random = new PhiloxSequence(new Seed(seed), 1);
        for (int r = 0; r < MEMBERS; r++) {
            float[] values = new float[rows * columns];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (2 * random.nextDouble() - 1);
            }
            backend.write(tensor, r, values);
        }
        return tensor;
    }

    private void assertSame(Tensor expected, Tensor found, String what) {
        assertClose(expected, found, 1e-5f, what);
    }

    private void assertClose(Tensor expected, Tensor found, float bound, String what) {
        for (int r = 0; r < MEMBERS; r++) {
            assertArrayEquals(backend.floats(expected, r), backend.floats(found, r), bound, what + ", member " + r);
        }
    }

    @Test
    void cublasMultipliesWhatWeMultiply() {
        for (Cublas.Math math : Cublas.Math.values()) {
            // Numbers below 1, at most 128 in a sum: factors of 10 bits leave less of them.
            float bound = math == Cublas.Math.TF32 ? 2e-2f : 1e-5f;
            try (Cublas cublas = libraries.cublas(backend, math)) {
                assertEquals("130000", cublas.version());
                for (int[] size : SIZES) {
                    Tensor w = random(1, size[0], size[1]);
                    Tensor x = random(2, size[1], size[2]);
                    Tensor dz = random(3, size[0], size[2]);
                    Tensor z = random(4, size[0], size[2]);
                    Tensor dx = random(5, size[1], size[2]);
                    Tensor dw = random(6, size[0], size[1]);
                    Tensor peerZ = random(7, size[0], size[2]);
                    Tensor peerDx = random(8, size[1], size[2]);
                    Tensor peerDw = random(9, size[0], size[1]);
                    backend.linear(w, x, z);
                    backend.linearInputGradient(w, dz, dx);
                    backend.linearWeightGradient(dz, x, dw);
                    cublas.linear(w, x, peerZ);
                    cublas.linearInputGradient(w, dz, peerDx);
                    cublas.linearWeightGradient(dz, x, peerDw);
                    assertClose(z, peerZ, bound, "z");
                    assertClose(dx, peerDx, bound, "dx");
                    assertClose(dw, peerDw, bound, "dw");
                }
            }
        }
    }

    @Test
    void cusparseMultipliesWhatWeMultiply() {
        try (Cusparse cusparse = libraries.cusparse(backend)) {
            assertEquals("12600", cusparse.version());
            for (int[] size : SIZES) {
                List<byte[]> masks = new ArrayList<>();
                for (int r = 0; r < MEMBERS; r++) {
                    masks.add(mask(size[0] * size[1], r));
                }
                SparsePattern pattern = SparsePattern.of(backend, masks, size[0], size[1]);
                Tensor values = random(1, 1, pattern.capacity());
                Tensor x = random(2, size[1], size[2]);
                Tensor dz = random(3, size[0], size[2]);
                Tensor z = random(4, size[0], size[2]);
                Tensor dx = random(5, size[1], size[2]);
                Tensor dvalues = random(6, 1, pattern.capacity());
                backend.sparseLinear(pattern, values, x, z);
                backend.sparseInputGradient(pattern, values, dz, dx);
                backend.sparseWeightGradient(pattern, dz, x, dvalues);
                for (Cusparse.Algorithm algorithm : Cusparse.Algorithm.values()) {
                    Tensor peerZ = random(7, size[0], size[2]);
                    run(cusparse.linear(algorithm, pattern, values, x, peerZ));
                    assertSame(z, peerZ, "z by " + algorithm);
                    Tensor byColumns = byColumns(pattern, values);
                    Tensor peerDx = random(8, size[1], size[2]);
                    run(cusparse.inputGradientByColumns(algorithm, pattern, byColumns, dz, peerDx));
                    assertSame(dx, peerDx, "dx by columns and " + algorithm);
                }
                Tensor peerDx = random(8, size[1], size[2]);
                run(cusparse.inputGradient(Cusparse.Algorithm.DEFAULT, pattern, values, dz, peerDx));
                assertSame(dx, peerDx, "dx");
                Tensor peerValues = random(9, 1, pattern.capacity());
                run(cusparse.weightGradient(pattern, dz, x, peerValues));
                for (int r = 0; r < MEMBERS; r++) {
                    int count = backend.ints(pattern.rowStarts(), r)[size[0]];
                    assertArrayEquals(
                            java.util.Arrays.copyOf(backend.floats(dvalues, r), count),
                            java.util.Arrays.copyOf(backend.floats(peerValues, r), count),
                            1e-5f,
                            "dvalues of member " + r);
                }
            }
        }
    }

    private static void run(Cusparse.Product product) {
        product.run();
        product.close();
    }

    /** A third of the places, others for every member, at least one. */
    private static byte[] mask(int length, int member) {
        byte[] mask = new byte[length];
        for (int i = 0; i < length; i++) {
            mask[i] = (byte) (i * 7 % 3 == member || length == 1 ? 1 : 0);
        }
        return mask;
    }

    private Tensor byColumns(SparsePattern pattern, Tensor values) {
        Tensor sorted = random(1, 1, pattern.capacity());
        for (int r = 0; r < MEMBERS; r++) {
            int[] order = backend.ints(pattern.order(), r);
            float[] inRowOrder = backend.floats(values, r);
            float[] inColumnOrder = new float[order.length];
            for (int k = 0; k < order.length; k++) {
                inColumnOrder[k] = inRowOrder[order[k]];
            }
            backend.write(sorted, r, inColumnOrder);
        }
        return sorted;
    }

    @Test
    void whatALibraryRefusesIsSaid() {
        try (Cusparse cusparse = libraries.cusparse(backend)) {
            SparsePattern pattern = SparsePattern.of(backend, List.of(mask(6, 0), mask(6, 1), mask(6, 2)), 2, 3);
            Tensor values = random(1, 1, pattern.capacity());
            long before = backend.freeMemory();
            Tensor dz = random(2, 2, 4);
            Tensor dx = random(3, 3, 4);
            PeerFailure failure = assertThrows(
                    PeerFailure.class,
                    () -> cusparse.inputGradient(Cusparse.Algorithm.CSR_ALG3, pattern, values, dz, dx));
            assertEquals("cuSPARSE refused: operation not supported", failure.getMessage());
            dz.close();
            dx.close();
            assertEquals(before, backend.freeMemory(), "what was made for the product is given back");
        }
    }

    @Test
    void aMissingLibraryIsSaid() {
        DeviceUnavailableException missing = assertThrows(
                DeviceUnavailableException.class,
                () -> Cublas.open(folder.resolve("libcublas.so.13"), backend, Cublas.Math.FP32));
        assertTrue(missing.getMessage().startsWith("cuBLAS cannot be loaded: "), missing.getMessage());
    }
}
