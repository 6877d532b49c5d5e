package io.espalier.backend.cuda.peers;

import io.espalier.backend.ElementType;
import io.espalier.backend.Preconditions;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.cuda.CudaBackend;
import java.nio.file.Path;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Dense products of all members at once by cuBLAS, {@code cublasSgemmStridedBatched}.
 *
 * <p>cuBLAS counts by columns: what is a row-major (rows, columns) matrix to us is to it the transposed (columns, rows) matrix, with
 * leading dimension columns. So it is asked for the transposed product, whose factors stand in the other order.
 */
public final class Cublas implements AutoCloseable {
    private static final int AS_IT_IS = 0;
    private static final int TRANSPOSED = 1;
    /** What NVIDIA recommends for Hopper; a workspace of its own keeps cuBLAS from allocating while a graph is recorded. */
    private static final int WORKSPACE_FLOATS = 8 << 20;

    private final VendorLibrary library;
    private final long gemm;
    private final Tensor workspace;
    private final FloatPointer one = new FloatPointer(1f);
    private final FloatPointer zero = new FloatPointer(0f);

    /** How float32 numbers are multiplied. */
    public enum Math {
        /** In float32; cuBLAS's default. */
        FP32(0),
        /** Rounded to 10 bits by the tensor cores, summed in float32. */
        TF32(3);

        private final int mode;

        Math(int mode) {
            this.mode = mode;
        }
    }

    /**
     * Opens it for the stream of a backend, which must stay open as long.
     *
     * @throws io.espalier.backend.DeviceUnavailableException if there is no cuBLAS here
     */
    public static Cublas open(CudaBackend backend, Math math) {
        return new Cublas(new VendorLibrary("cuBLAS", "libcublas.so.13", "cublasGetStatusString"), backend, math);
    }

    static Cublas open(Path file, CudaBackend backend, Math math) {
        return new Cublas(new VendorLibrary("cuBLAS", file, "cublasGetStatusString"), backend, math);
    }

    private Cublas(VendorLibrary library, CudaBackend backend, Math math) {
        this.library = library;
        this.gemm = library.function("cublasSgemmStridedBatched");
        library.open("cublasCreate_v2", "cublasSetStream_v2", backend.stream());
        workspace = backend.zeros(ElementType.REAL, new Shape(1, 1, WORKSPACE_FLOATS));
        library.call(
                "cublasSetWorkspace_v2",
                library.handle(),
                CudaBackend.address(workspace, 0),
                (long) Float.BYTES * WORKSPACE_FLOATS);
        library.call("cublasSetMathMode", library.handle(), math.mode);
    }

    /** As the library counts: 130100 for 13.1.0. */
    public String version() {
        return library.version("cublasGetVersion_v2");
    }

    /** As {@link io.espalier.backend.Backend#linear}: z' (B, O) = x' (B, I) w' (I, O), all three as they lie in memory. */
    public void linear(Tensor w, Tensor x, Tensor z) {
        Preconditions.linear("linear", w, x, z);
        multiply(AS_IT_IS, x, AS_IT_IS, w, z, w.shape().columns());
    }

    /** As {@link io.espalier.backend.Backend#linearInputGradient}: dx' (B, I) = dz' (B, O) w (O, I), w being the transposed of what lies there. */
    public void linearInputGradient(Tensor w, Tensor dz, Tensor dx) {
        Preconditions.linear("linearInputGradient", w, dx, dz);
        multiply(AS_IT_IS, dz, TRANSPOSED, w, dx, w.shape().rows());
    }

    /** As {@link io.espalier.backend.Backend#linearWeightGradient}: dw' (I, O) = x (I, B) dz' (B, O), x being the transposed of what lies there. */
    public void linearWeightGradient(Tensor dz, Tensor x, Tensor dw) {
        Preconditions.linear("linearWeightGradient", dw, x, dz);
        multiply(TRANSPOSED, x, AS_IT_IS, dz, dw, x.shape().columns());
    }

    /** c' = op(a') op(b') for every member, a', b', c' being what cuBLAS sees: c' is (columns of c, rows of c). */
    private void multiply(int opA, Tensor a, int opB, Tensor b, Tensor c, int sum) {
        library.call(
                gemm,
                library.handle(),
                opA,
                opB,
                c.shape().columns(),
                c.shape().rows(),
                sum,
                one.address(),
                CudaBackend.address(a, 0),
                a.shape().columns(),
                a.shape().perMember(),
                CudaBackend.address(b, 0),
                b.shape().columns(),
                b.shape().perMember(),
                zero.address(),
                CudaBackend.address(c, 0),
                c.shape().columns(),
                c.shape().perMember(),
                c.shape().members());
    }

    @Override
    public void close() {
        library.call("cublasDestroy_v2", library.handle());
        workspace.close();
        one.close();
        zero.close();
    }
}
