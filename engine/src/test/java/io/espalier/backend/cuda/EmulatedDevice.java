package io.espalier.backend.cuda;

import io.espalier.backend.DeviceLostException;
import io.espalier.backend.OutOfDeviceMemoryException;
import io.espalier.backend.Recording;
import io.espalier.backend.Stopwatch;
import io.espalier.kernels.Kernels;
import io.espalier.kernels.NativeLibraries;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;

/** The processor in the part of a GPU: runs the same kernels, with memory that the emulator watches. It has as much as is said. */
final class EmulatedDevice implements KernelDevice {
    private static final int STAGING_BYTES = 1 << 20;
    private static final int CACHE_BYTES = 1 << 16;

    private final String name;
    private final long allocate;
    private final long free;
    private boolean closed;
    private final long copyIn;
    private final long copyOut;
    private final BytePointer hostMemory = new BytePointer(STAGING_BYTES);
    private final ByteBuffer staging = hostMemory.asByteBuffer().order(ByteOrder.nativeOrder());
    private final Map<Long, Long> allocated = new HashMap<>();
    private final Traits traits;
    private long used;
    private long commandsLeft;

    /**
     * What may go wrong.
     *
     * @param capacity bytes of memory
     * @param claimed bytes of which it says that they are there
     * @param commands after so many it is lost
     */
    record Traits(long capacity, long claimed, long commands) {
        static final Traits GOOD = new Traits(1L << 30, 1L << 30, Long.MAX_VALUE);
    }

    /** @param library the emulated kernel library, the one that the binding has loaded */
    EmulatedDevice(String name, Path library, Traits traits) {
        this.name = name;
        this.traits = traits;
        this.commandsLeft = traits.commands();
        Kernels.espalier_abi_version(); // loads the library
        long handle = NativeLibraries.openLibrary(library.toString());
        this.allocate = NativeLibraries.functionOf(handle, "simt_allocate");
        this.free = NativeLibraries.functionOf(handle, "simt_free");
        this.copyIn = NativeLibraries.functionOf(handle, "simt_copy_in");
        this.copyOut = NativeLibraries.functionOf(handle, "simt_copy_out");
    }

    boolean isClosed() {
        return closed;
    }

    /** Bytes of tensors that are not closed. */
    long used() {
        return used;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long stream() {
        return 0;
    }

    @Override
    public long freeMemory() {
        return traits.claimed() - used;
    }

    @Override
    public long allocate(long bytes) {
        if (used + bytes > traits.capacity()) {
            throw new OutOfDeviceMemoryException(name + " has no room for another " + bytes + " bytes.");
        }
        long address = NativeLibraries.addressFrom(allocate, bytes);
        allocated.put(address, bytes);
        used += bytes;
        return address;
    }

    @Override
    public void free(long address) {
        used -= allocated.remove(address);
        check("freeing memory", NativeLibraries.call(free, address, 0, 0, 0));
    }

    @Override
    public void zero(long address, long bytes) {
        BytePointer zeros = hostMemory.position(0);
        BytePointer.memset(zeros, 0, Math.min(bytes, STAGING_BYTES));
        for (long done = 0; done < bytes; done += STAGING_BYTES) {
            copyIn(address + done, (int) Math.min(STAGING_BYTES, bytes - done));
        }
    }

    @Override
    public ByteBuffer staging() {
        return staging;
    }

    @Override
    public void copyIn(long to, int bytes) {
        check("copying in", NativeLibraries.call(copyIn, to, hostMemory.address(), bytes, 0));
    }

    @Override
    public void copyOut(long from, int bytes) {
        check("copying out", NativeLibraries.call(copyOut, hostMemory.address(), from, bytes, 0));
    }

    @Override
    public void finish() {}

    @Override
    public Stopwatch stopwatch() {
        return Stopwatch.wall();
    }

    @Override
    public long cacheBytes() {
        return CACHE_BYTES;
    }

    @Override
    public Recording record(Runnable ops) {
        return new Recording() {
            @Override
            public void run() {
                ops.run();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void check(String doing, int status) {
        if (status != 0) {
            throw new KernelFailure(doing, Kernels.espalier_status_text(status));
        }
        if (commandsLeft-- == 0) {
            commandsLeft = 0; // lost for good
            throw new DeviceLostException(name + " fell off the bus at " + doing);
        }
    }

    @Override
    public void close() {
        for (long address : allocated.keySet().toArray(Long[]::new)) {
            free(address);
        }
        hostMemory.close();
        closed = true;
    }
}
