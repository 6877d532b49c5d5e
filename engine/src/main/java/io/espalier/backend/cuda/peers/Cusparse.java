package io.espalier.backend.cuda.peers;

import io.espalier.backend.ElementType;
import io.espalier.backend.Preconditions;
import io.espalier.backend.Shape;
import io.espalier.backend.SparsePattern;
import io.espalier.backend.Tensor;
import io.espalier.backend.cuda.CudaBackend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * Products with sparse matrices by cuSPARSE's generic interface. It has no batch of matrices with different patterns, so that
 * members follow one another. Everything that may be prepared for a pattern is prepared when a product is made.
 */
public final class Cusparse implements AutoCloseable {
    private static final int AS_IT_IS = 0;
    private static final int TRANSPOSED = 1;
    private static final int ROW_MAJOR = 2;
    private static final int INDICES_OF_32_BITS = 2;
    private static final int FIRST_IS_ZERO = 0;
    private static final int FLOAT = 0;
    private static final int SAMPLED_DEFAULT = 0;

    /** Sparse times dense. */
    private static final String PRODUCT = "cusparseSpMM";
    /** Dense times dense where a sparse matrix has entries. */
    private static final String SAMPLED = "cusparseSDDMM";

    private final VendorLibrary library;
    private final CudaBackend backend;
    private final FloatPointer one = new FloatPointer(1f);
    private final FloatPointer zero = new FloatPointer(0f);

    /** The ways in which it multiplies a sparse by a dense matrix. */
    public enum Algorithm {
        /** Whatever it deems best. */
        DEFAULT(0),
        /** Said to be best where dense matrices are column-major. */
        CSR_ALG1(4),
        /** Said to be best where they are row-major, as ours are. */
        CSR_ALG2(6),
        /** For rows of very different lengths. */
        CSR_ALG3(12);

        private final int number;

        Algorithm(int number) {
            this.number = number;
        }
    }

    /**
     * Opens it for the stream of a backend, which must stay open as long.
     *
     * @throws io.espalier.backend.DeviceUnavailableException if there is no cuSPARSE here
     */
    public static Cusparse open(CudaBackend backend) {
        return new Cusparse(new VendorLibrary("cuSPARSE", "libcusparse.so.12", "cusparseGetErrorString"), backend);
    }

    static Cusparse open(Path file, CudaBackend backend) {
        return new Cusparse(new VendorLibrary("cuSPARSE", file, "cusparseGetErrorString"), backend);
    }

    private Cusparse(VendorLibrary library, CudaBackend backend) {
        this.library = library;
        this.backend = backend;
        library.open("cusparseCreate", "cusparseSetStream", backend.stream());
    }

    /** As the library counts: 12700 for 12.7.0. */
    public String version() {
        return library.version("cusparseGetVersion");
    }

    /** As {@link io.espalier.backend.Backend#sparseLinear}: z (O, B) = w (O, I) x (I, B). */
    public Product linear(Algorithm algorithm, SparsePattern pattern, Tensor values, Tensor x, Tensor z) {
        Preconditions.sparse("sparseLinear", pattern, values, x, z);
        Product product = new Product(PRODUCT, AS_IT_IS, AS_IT_IS, algorithm.number);
        for (int r = 0; r < values.shape().members(); r++) {
            product.add(rows(pattern, values, r), matrix(x, r), matrix(z, r));
        }
        return product.prepared();
    }

    /** As {@link io.espalier.backend.Backend#sparseInputGradient}, w being transposed on the way: dx (I, B) = w' (I, O) dz (O, B). */
    public Product inputGradient(Algorithm algorithm, SparsePattern pattern, Tensor values, Tensor dz, Tensor dx) {
        Preconditions.sparse("sparseInputGradient", pattern, values, dx, dz);
        Product product = new Product(PRODUCT, TRANSPOSED, AS_IT_IS, algorithm.number);
        for (int r = 0; r < values.shape().members(); r++) {
            product.add(rows(pattern, values, r), matrix(dz, r), matrix(dx, r));
        }
        return product.prepared();
    }

    /**
     * The same from a second copy of the weights that is sorted by columns. Keeping that copy up to date, which a training step would
     * have to, is not part of it.
     *
     * @param byColumns (R, 1, capacity), the values in the pattern's column order
     */
    public Product inputGradientByColumns(
            Algorithm algorithm, SparsePattern pattern, Tensor byColumns, Tensor dz, Tensor dx) {
        Preconditions.sparse("sparseInputGradient", pattern, byColumns, dx, dz);
        Product product = new Product(PRODUCT, AS_IT_IS, AS_IT_IS, algorithm.number);
        for (int r = 0; r < byColumns.shape().members(); r++) {
            long transposed = compressed(
                    pattern.inputs(),
                    pattern.outputs(),
                    count(pattern, r),
                    CudaBackend.address(pattern.columnStarts(), r),
                    CudaBackend.address(pattern.rows(), r),
                    CudaBackend.address(byColumns, r));
            product.add(transposed, matrix(dz, r), matrix(dx, r));
        }
        return product.prepared();
    }

    /** As {@link io.espalier.backend.Backend#sparseWeightGradient}: the entries of dz (O, B) x' (B, I) where there are weights. */
    public Product weightGradient(SparsePattern pattern, Tensor dz, Tensor x, Tensor dvalues) {
        Preconditions.sparse("sparseWeightGradient", pattern, dvalues, x, dz);
        Product product = new Product(SAMPLED, AS_IT_IS, TRANSPOSED, SAMPLED_DEFAULT);
        for (int r = 0; r < dvalues.shape().members(); r++) {
            product.add(matrix(dz, r), matrix(x, r), rows(pattern, dvalues, r));
        }
        return product.prepared();
    }

    private int count(SparsePattern pattern, int member) {
        return backend.ints(pattern.rowStarts(), member)[pattern.outputs()];
    }

    private long rows(SparsePattern pattern, Tensor values, int member) {
        return compressed(
                pattern.outputs(),
                pattern.inputs(),
                count(pattern, member),
                CudaBackend.address(pattern.rowStarts(), member),
                CudaBackend.address(pattern.columns(), member),
                CudaBackend.address(values, member));
    }

    /** A descriptor of a sparse matrix by rows. */
    private long compressed(int rows, int columns, int count, long starts, long indices, long values) {
        return library.made(
                "cusparseCreateCsr",
                rows,
                columns,
                count,
                starts,
                indices,
                values,
                INDICES_OF_32_BITS,
                INDICES_OF_32_BITS,
                FIRST_IS_ZERO,
                FLOAT);
    }

    /** A descriptor of one member's dense matrix. */
    private long matrix(Tensor tensor, int member) {
        Shape shape = tensor.shape();
        return library.made(
                "cusparseCreateDnMat",
                shape.rows(),
                shape.columns(),
                shape.columns(),
                CudaBackend.address(tensor, member),
                FLOAT,
                ROW_MAJOR);
    }

    @Override
    public void close() {
        library.call("cusparseDestroy", library.handle());
        one.close();
        zero.close();
    }

    /** One product of every member, c = op(a) op(b), that can be run again and again. */
    public final class Product implements Runnable, AutoCloseable {
        private static final int A = 4;
        private static final int B = 5;
        private static final int C = 7;
        private static final int LAST = 10;

        private final String name;
        private final int sparse;
        private final long function;
        private final int opA;
        private final int opB;
        private final int algorithm;
        private final List<long[]> calls = new ArrayList<>();
        private final List<Tensor> buffers = new ArrayList<>();

        private Product(String name, int opA, int opB, int algorithm) {
            this.name = name;
            this.sparse = name.equals(SAMPLED) ? C : A;
            this.function = library.function(name);
            this.opA = opA;
            this.opB = opB;
            this.algorithm = algorithm;
        }

        /** Its three functions take the same arguments but for the last. */
        private long[] arguments(long a, long b, long c, long last) {
            return new long[] {
                library.handle(), opA, opB, one.address(), a, b, zero.address(), c, FLOAT, algorithm, last
            };
        }

        private void add(long a, long b, long c) {
            calls.add(arguments(a, b, c, 0));
        }

        private Product prepared() {
            try {
                calls.forEach(this::prepare);
                return this;
            } catch (PeerFailure e) {
                close();
                throw e;
            }
        }

        private void prepare(long[] call) {
            try (SizeTPointer bytes = new SizeTPointer(1)) {
                library.call(name + "_bufferSize", arguments(call[A], call[B], call[C], bytes.address()));
                int floats = (int) Math.max(1, (bytes.get() + Float.BYTES - 1) / Float.BYTES);
                Tensor buffer = backend.zeros(ElementType.REAL, new Shape(1, 1, floats));
                buffers.add(buffer);
                call[LAST] = CudaBackend.address(buffer, 0);
            }
            library.call(name + "_preprocess", call);
        }

        @Override
        public void run() {
            for (long[] call : calls) {
                library.call(function, call);
            }
        }

        @Override
        public void close() {
            for (long[] call : calls) {
                library.call(sparse == A ? "cusparseDestroySpMat" : "cusparseDestroyDnMat", call[A]);
                library.call("cusparseDestroyDnMat", call[B]);
                library.call(sparse == C ? "cusparseDestroySpMat" : "cusparseDestroyDnMat", call[C]);
            }
            buffers.forEach(Tensor::close);
        }
    }
}
