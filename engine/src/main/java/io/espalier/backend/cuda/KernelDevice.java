package io.espalier.backend.cuda;

import io.espalier.backend.Recording;
import io.espalier.backend.Stopwatch;
import java.nio.ByteBuffer;

/**
 * Where kernels run: memory, copies and the stream that orders everything. A GPU, or in tests the emulator, which runs the same
 * kernels on the processor. Addresses are numbers, as the kernels take them. Not thread-safe: one instance a worker.
 */
interface KernelDevice extends AutoCloseable {
    /** For people. */
    String name();

    /** What kernels take as their stream. */
    long stream();

    /** Bytes that are free now. */
    long freeMemory();

    /**
     * Memory with any contents, aligned to 256 bytes.
     *
     * @throws io.espalier.backend.OutOfDeviceMemoryException if the device has no more
     */
    long allocate(long bytes);

    /** Gives memory back once everything that was enqueued before is done. */
    void free(long address);

    /** Sets bytes to zero. */
    void zero(long address, long bytes);

    /** Page-locked host memory for {@link #copyIn} and {@link #copyOut}, as long as the device is open. */
    ByteBuffer staging();

    /** Copies the first bytes of the staging memory to the device; they may change as soon as this returns. */
    void copyIn(long to, int bytes);

    /** Copies bytes to the start of the staging memory, once everything that was enqueued before is done. */
    void copyOut(long from, int bytes);

    /** Waits for everything that was enqueued. */
    void finish();

    /** Measures by what happens in the stream. */
    Stopwatch stopwatch();

    /** Bytes of the cache that all kernels share. */
    long cacheBytes();

    /** As {@link io.espalier.backend.Backend#record}. */
    Recording record(Runnable ops);

    /**
     * Does nothing if a kernel's status says so.
     *
     * @param doing what was asked for
     * @throws io.espalier.backend.DeviceLostException if the device can do nothing more
     * @throws KernelFailure if it refused this
     */
    void check(String doing, int status);

    /** Gives back all memory, that of tensors which nobody closed included. */
    @Override
    void close();
}
