package io.espalier.backend.cuda.peers;

import io.espalier.backend.DeviceUnavailableException;
import io.espalier.backend.ElementType;
import io.espalier.backend.Preconditions;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.cuda.CudaBackend;
import io.espalier.backend.cuda.DenseProducts;
import java.nio.file.Path;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Dense products by cuBLAS, {@code cublasSgemmStridedBatched}: of all members at once, or, where a member is to have the same bits in
 * every cohort, of one after the other, because the library chooses its kernel by their number too.
 *
 * <p>cuBLAS counts by columns: what is a row-major (rows, columns) matrix to us is to it the transposed (columns, rows) matrix, with
 * leading dimension columns. So it is asked for the transposed product, whose factors stand in the other order.
 */
public final class Cublas implements DenseProducts {
    private static final String FILE = "libcublas.so.13";
    private static final String STATUS = "cublasGetStatusString";
    private static final int AS_IT_IS = 0;
    private static final int TRANSPOSED = 1;
    /** What NVIDIA recommends for Hopper; a workspace of its own keeps cuBLAS from allocating while a graph is recorded. */
    private static final int WORKSPACE_FLOATS = 8 << 20;

    private final VendorLibrary library;
    private final long gemm;
    private final Math math;
    private final int atOnce;
    private final Tensor workspace;
    private final FloatPointer one = new FloatPointer(1f);
    private final FloatPointer zero = new FloatPointer(0f);

    /** How float32 numbers are multiplied. */
    public enum Math {
        /** In float32; cuBLAS's default. */
        FP32(0, 0x1p-24),
        /** Rounded to 10 bits by the tensor cores, summed in float32. */
        TF32(3, 0x1p-11);

        private final int mode;
        private final double unitRoundoff;

        Math(int mode, double unitRoundoff) {
            this.mode = mode;
            this.unitRoundoff = unitRoundoff;
        }
    }

    /**
     * Opens it for the stream of a backend, which must stay open as long.
     *
     * @throws DeviceUnavailableException if there is no cuBLAS here, or none that starts
     */
    public static Cublas open(CudaBackend backend, Math math) {
        return new Cublas(new VendorLibrary("cuBLAS", FILE, STATUS), backend, math, Integer.MAX_VALUE);
    }

    /** Opens it for training on the tensor cores, a member at a time. */
    public static Cublas tensorCores(CudaBackend backend) {
        return new Cublas(new VendorLibrary("cuBLAS", FILE, STATUS), backend, Math.TF32, 1);
    }

    static Cublas open(Path file, CudaBackend backend, Math math) {
        return new Cublas(new VendorLibrary("cuBLAS", file, STATUS), backend, math, Integer.MAX_VALUE);
    }

    static Cublas tensorCores(Path file, CudaBackend backend) {
        return new Cublas(new VendorLibrary("cuBLAS", file, STATUS), backend, Math.TF32, 1);
    }

    private Cublas(VendorLibrary library, CudaBackend backend, Math math, int atOnce) {
        this.library = library;
        this.math = math;
        this.atOnce = atOnce;
        this.gemm = library.function("cublasSgemmStridedBatched");
        try {
            library.open("cublasCreate_v2", "cublasSetStream_v2", backend.stream());
        } catch (PeerFailure e) {
            throw new DeviceUnavailableException(
                    e.getMessage() + ". Its version has to go with the driver's, and the GPU needs memory for it.", e);
        }
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

    @Override
    public String backend() {
        return math == Math.TF32 ? "cuda-tf32" : "cuda";
    }

    @Override
    public double unitRoundoff() {
        return math.unitRoundoff;
    }

    /** As {@link io.espalier.backend.Backend#linear}: z' (B, O) = x' (B, I) w' (I, O), all three as they lie in memory. */
    @Override
    public void linear(Tensor w, Tensor x, Tensor z) {
        Preconditions.linear("linear", w, x, z);
        multiply(AS_IT_IS, x, AS_IT_IS, w, z, w.shape().columns());
    }

    /** As {@link io.espalier.backend.Backend#linearInputGradient}: dx' (B, I) = dz' (B, O) w (O, I), w being the transposed of what lies there. */
    @Override
    public void linearInputGradient(Tensor w, Tensor dz, Tensor dx) {
        Preconditions.linear("linearInputGradient", w, dx, dz);
        multiply(AS_IT_IS, dz, TRANSPOSED, w, dx, w.shape().rows());
    }

    /** As {@link io.espalier.backend.Backend#linearWeightGradient}: dw' (I, O) = x (I, B) dz' (B, O), x being the transposed of what lies there. */
    @Override
    public void linearWeightGradient(Tensor dz, Tensor x, Tensor dw) {
        Preconditions.linear("linearWeightGradient", dw, x, dz);
        multiply(TRANSPOSED, x, AS_IT_IS, dz, dw, x.shape().columns());
    }

    /** c' = op(a') op(b') for every member, a', b', c' being what cuBLAS sees: c' is (columns of c, rows of c). */
    private void multiply(int opA, Tensor a, int opB, Tensor b, Tensor c, int sum) {
        int members = c.shape().members();
        int together = java.lang.Math.min(atOnce, members);
        for (int first = 0; first < members; first += together) {
            library.call(
                    gemm,
                    library.handle(),
                    opA,
                    opB,
                    c.shape().columns(),
                    c.shape().rows(),
                    sum,
                    one.address(),
                    CudaBackend.address(a, first),
                    a.shape().columns(),
                    a.shape().perMember(),
                    CudaBackend.address(b, first),
                    b.shape().columns(),
                    b.shape().perMember(),
                    zero.address(),
                    CudaBackend.address(c, first),
                    c.shape().columns(),
                    c.shape().perMember(),
                    together);
        }
    }

    @Override
    public void close() {
        library.call("cublasDestroy_v2", library.handle());
        workspace.close();
        one.close();
        zero.close();
    }
}
