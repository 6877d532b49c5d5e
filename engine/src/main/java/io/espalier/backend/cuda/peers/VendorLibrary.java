package io.espalier.backend.cuda.peers;

import io.espalier.backend.DeviceUnavailableException;
import io.espalier.kernels.CudaLibraries;
import io.espalier.kernels.NativeLibraries;
import java.nio.file.Path;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/** A C library of CUDA's, its functions by name, and one handle of it. Statuses other than 0 become exceptions. */
final class VendorLibrary {
    private final String product;
    private final long library;
    private final long statusText;
    private long handle;

    /**
     * @param product for people
     * @param file its file name, looked for where CUDA's libraries may be
     * @param statusText the function that names a status
     * @throws DeviceUnavailableException if it cannot be loaded
     */
    VendorLibrary(String product, String file, String statusText) {
        this(product, CudaLibraries.here().find(file).orElse(Path.of(file)), statusText);
    }

    VendorLibrary(String product, Path file, String statusText) {
        String problem = NativeLibraries.openingProblem(file.toString());
        if (!problem.isEmpty()) {
            throw new DeviceUnavailableException(product + " cannot be loaded: " + problem
                    + ". Install the CUDA toolkit 13, or name its folder in LD_LIBRARY_PATH.");
        }
        this.product = product;
        this.library = NativeLibraries.openLibrary(file.toString());
        this.statusText = function(statusText);
    }

    /** The address of a function, for {@link #call}. */
    long function(String name) {
        long function = NativeLibraries.functionOf(library, name);
        if (function == 0) {
            throw new DeviceUnavailableException(product + " has no function " + name + ".");
        }
        return function;
    }

    /** Calls a function that takes integers and pointers and returns a status. */
    void call(long function, long... arguments) {
        int status = NativeLibraries.callMany(function, Arrays.copyOf(arguments, NativeLibraries.MANY));
        if (status != 0) {
            throw new PeerFailure(product, text(status));
        }
    }

    void call(String function, long... arguments) {
        call(function(function), arguments);
    }

    /** Makes the handle that every other function takes first, at work in a stream. */
    void open(String create, String setStream, long stream) {
        handle = made(create);
        call(setStream, handle, stream);
    }

    long handle() {
        return handle;
    }

    /** What a function writes behind its first argument: a handle or a descriptor. */
    long made(String function, long... others) {
        try (LongPointer made = new LongPointer(1)) {
            made.put(0);
            long[] all = new long[others.length + 1];
            all[0] = made.address();
            System.arraycopy(others, 0, all, 1, others.length);
            call(function, all);
            return made.get();
        }
    }

    /** As the library counts: 130100 for 13.1.0. */
    String version(String getVersion) {
        try (IntPointer version = new IntPointer(1)) {
            call(getVersion, handle, version.address());
            return Integer.toString(version.get());
        }
    }

    private String text(int status) {
        return new BytePointer(new Address(NativeLibraries.addressFrom(statusText, status))).getString();
    }

    private static final class Address extends Pointer {
        Address(long value) {
            address = value;
        }
    }
}
