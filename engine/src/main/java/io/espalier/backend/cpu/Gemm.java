package io.espalier.backend.cpu;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import io.espalier.backend.DeviceUnavailableException;
import io.espalier.backend.Tensor;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/** The three products of a linear map, by OpenBLAS on one thread: parallelism is over members. */
final class Gemm {
    Gemm() {
        try {
            Loader.load(openblas_nolapack.class);
        } catch (UnsatisfiedLinkError e) {
            throw new DeviceUnavailableException(
                    "OpenBLAS cannot be loaded: " + e.getMessage()
                            + ". Is this platform's openblas jar on the class path?",
                    e);
        }
        blas_set_num_threads(1);
    }

    /** The library and its version. */
    String description() {
        try {
            return "OpenBLAS " + Loader.getVersion("org.bytedeco", "openblas");
        } catch (java.io.IOException e) {
            return "OpenBLAS of unknown version";
        }
    }

    /** z (O, B) = w (O, I) x (I, B). */
    void forward(Tensor w, Tensor x, Tensor z) {
        int o = w.shape().rows();
        int i = w.shape().columns();
        int b = x.shape().columns();
        for (int r = 0; r < w.shape().members(); r++) {
            cblas_sgemm(
                    CblasRowMajor,
                    CblasNoTrans,
                    CblasNoTrans,
                    o,
                    b,
                    i,
                    1f,
                    Reals.of(w, r),
                    i,
                    Reals.of(x, r),
                    b,
                    0f,
                    Reals.of(z, r),
                    b);
        }
    }

    /** dx (I, B) = w (O, I)' dz (O, B). */
    void inputGradient(Tensor w, Tensor dz, Tensor dx) {
        int o = w.shape().rows();
        int i = w.shape().columns();
        int b = dz.shape().columns();
        for (int r = 0; r < w.shape().members(); r++) {
            cblas_sgemm(
                    CblasRowMajor,
                    CblasTrans,
                    CblasNoTrans,
                    i,
                    b,
                    o,
                    1f,
                    Reals.of(w, r),
                    i,
                    Reals.of(dz, r),
                    b,
                    0f,
                    Reals.of(dx, r),
                    b);
        }
    }

    /** dw (O, I) = dz (O, B) x (I, B)'. */
    void weightGradient(Tensor dz, Tensor x, Tensor dw) {
        int o = dw.shape().rows();
        int i = dw.shape().columns();
        int b = dz.shape().columns();
        for (int r = 0; r < dw.shape().members(); r++) {
            cblas_sgemm(
                    CblasRowMajor,
                    CblasNoTrans,
                    CblasTrans,
                    o,
                    i,
                    b,
                    1f,
                    Reals.of(dz, r),
                    b,
                    Reals.of(x, r),
                    b,
                    0f,
                    Reals.of(dw, r),
                    i);
        }
    }
}
