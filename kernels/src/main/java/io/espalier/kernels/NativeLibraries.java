package io.espalier.kernels;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.NoException;
import org.bytedeco.javacpp.annotation.Platform;

/** The functions of {@code native_libraries.h}, which is their manual; this binding itself needs neither CUDA nor kernels. */
@Platform(include = "native_libraries.h")
@NoException
public final class NativeLibraries {
    /** The length of the arguments of {@link #callMany}. */
    public static final int MANY = 18;

    static {
        Loader.load();
    }

    private NativeLibraries() {}

    public static native long openLibrary(String file);

    public static native String openingProblem(String file);

    public static native String fileOf(long library);

    public static native long functionOf(long library, String name);

    public static native long addressFrom(long function, long a);

    public static native int call(long function, long a, long b, long c, long d);

    /** @param arguments {@link #MANY} of them; those that the function does not take may be anything */
    public static native int callMany(long function, @Cast("const int64_t*") long[] arguments);
}
