package io.espalier.backend.cuda;

import static org.bytedeco.cuda.global.cudart.cudaDevAttrL2CacheSize;
import static org.bytedeco.cuda.global.cudart.cudaDeviceGetAttribute;
import static org.bytedeco.cuda.global.cudart.cudaDeviceGetDefaultMemPool;
import static org.bytedeco.cuda.global.cudart.cudaErrorInvalidConfiguration;
import static org.bytedeco.cuda.global.cudart.cudaErrorInvalidValue;
import static org.bytedeco.cuda.global.cudart.cudaErrorMemoryAllocation;
import static org.bytedeco.cuda.global.cudart.cudaEventCreate;
import static org.bytedeco.cuda.global.cudart.cudaEventDestroy;
import static org.bytedeco.cuda.global.cudart.cudaEventElapsedTime;
import static org.bytedeco.cuda.global.cudart.cudaEventRecord;
import static org.bytedeco.cuda.global.cudart.cudaEventSynchronize;
import static org.bytedeco.cuda.global.cudart.cudaFreeAsync;
import static org.bytedeco.cuda.global.cudart.cudaFreeHost;
import static org.bytedeco.cuda.global.cudart.cudaGetErrorString;
import static org.bytedeco.cuda.global.cudart.cudaGetLastError;
import static org.bytedeco.cuda.global.cudart.cudaGraphDestroy;
import static org.bytedeco.cuda.global.cudart.cudaGraphExecDestroy;
import static org.bytedeco.cuda.global.cudart.cudaGraphInstantiate;
import static org.bytedeco.cuda.global.cudart.cudaGraphLaunch;
import static org.bytedeco.cuda.global.cudart.cudaHostAlloc;
import static org.bytedeco.cuda.global.cudart.cudaHostAllocDefault;
import static org.bytedeco.cuda.global.cudart.cudaMallocAsync;
import static org.bytedeco.cuda.global.cudart.cudaMemGetInfo;
import static org.bytedeco.cuda.global.cudart.cudaMemPoolAttrReleaseThreshold;
import static org.bytedeco.cuda.global.cudart.cudaMemPoolSetAttribute;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyAsync;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyDeviceToHost;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyHostToDevice;
import static org.bytedeco.cuda.global.cudart.cudaMemsetAsync;
import static org.bytedeco.cuda.global.cudart.cudaSetDevice;
import static org.bytedeco.cuda.global.cudart.cudaStreamBeginCapture;
import static org.bytedeco.cuda.global.cudart.cudaStreamCaptureModeThreadLocal;
import static org.bytedeco.cuda.global.cudart.cudaStreamCreateWithFlags;
import static org.bytedeco.cuda.global.cudart.cudaStreamDestroy;
import static org.bytedeco.cuda.global.cudart.cudaStreamEndCapture;
import static org.bytedeco.cuda.global.cudart.cudaStreamNonBlocking;
import static org.bytedeco.cuda.global.cudart.cudaStreamSynchronize;
import static org.bytedeco.cuda.global.cudart.cudaSuccess;

import io.espalier.backend.DeviceLostException;
import io.espalier.backend.OutOfDeviceMemoryException;
import io.espalier.backend.Recording;
import io.espalier.backend.Stopwatch;
import io.espalier.kernels.Kernels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.cudart.CUmemPoolHandle_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.SizeTPointer;

/** An NVIDIA GPU through CUDA's runtime: one stream, memory from its pool, and graphs of what is run again and again. */
final class CudaDevice implements KernelDevice {
    /** Statuses after which a device still works; after any other it repeats the same status for ever. */
    private static final Set<Integer> REFUSALS =
            Set.of(cudaErrorInvalidValue, cudaErrorInvalidConfiguration, cudaErrorMemoryAllocation);

    private static final int STAGING_BYTES = 8 << 20;

    private final String name;
    private final int ordinal;
    private final CUstream_st stream = new CUstream_st();
    private final BytePointer hostMemory = new BytePointer();
    private final ByteBuffer staging;
    private final Set<Long> allocated = new HashSet<>();

    /**
     * Belongs to the thread that opens it.
     *
     * @param ordinal among the devices that CUDA_VISIBLE_DEVICES leaves, from 0
     */
    CudaDevice(int ordinal) {
        this.name = "cuda " + ordinal;
        this.ordinal = ordinal;
        must("choosing a device", cudaSetDevice(ordinal));
        must("making a stream", cudaStreamCreateWithFlags(stream, cudaStreamNonBlocking));
        must("reserving host memory", cudaHostAlloc(hostMemory, STAGING_BYTES, cudaHostAllocDefault));
        staging = hostMemory.capacity(STAGING_BYTES).asByteBuffer().order(ByteOrder.nativeOrder());
        keepFreedMemory(ordinal);
    }

    /** Cohorts come and go; what one gives back the next one takes without asking the driver. */
    private static void keepFreedMemory(int ordinal) {
        CUmemPoolHandle_st pool = new CUmemPoolHandle_st();
        must("finding the memory pool", cudaDeviceGetDefaultMemPool(pool, ordinal));
        try (LongPointer everything = new LongPointer(1).put(-1L)) {
            must(
                    "setting up the memory pool",
                    cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, everything));
        }
    }

    /** An address as the presets want it. */
    private static final class Address extends Pointer {
        Address(long value) {
            address = value;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long stream() {
        return stream.address();
    }

    @Override
    public long freeMemory() {
        try (SizeTPointer free = new SizeTPointer(1);
                SizeTPointer total = new SizeTPointer(1)) {
            must("asking for free memory", cudaMemGetInfo(free, total));
            return free.get();
        }
    }

    @Override
    public long allocate(long bytes) {
        Pointer memory = new Pointer();
        int status = cudaMallocAsync(memory, bytes, stream);
        if (status == cudaErrorMemoryAllocation) {
            cudaGetLastError(); // it is handled here, so no later call shall report it
            throw new OutOfDeviceMemoryException(name + " has no room for another " + bytes + " bytes.");
        }
        must("allocating memory", status);
        allocated.add(memory.address());
        return memory.address();
    }

    @Override
    public void free(long address) {
        must("freeing memory", cudaFreeAsync(new Address(address), stream));
        allocated.remove(address);
    }

    @Override
    public void zero(long address, long bytes) {
        must("clearing memory", cudaMemsetAsync(new Address(address), 0, bytes, stream));
    }

    @Override
    public ByteBuffer staging() {
        return staging;
    }

    @Override
    public void copyIn(long to, int bytes) {
        must("copying in", cudaMemcpyAsync(new Address(to), hostMemory, bytes, cudaMemcpyHostToDevice, stream));
        finish();
    }

    @Override
    public void copyOut(long from, int bytes) {
        must("copying out", cudaMemcpyAsync(hostMemory, new Address(from), bytes, cudaMemcpyDeviceToHost, stream));
        finish();
    }

    @Override
    public void finish() {
        must("running kernels", cudaStreamSynchronize(stream));
    }

    @Override
    public Stopwatch stopwatch() {
        return new Events();
    }

    @Override
    public long cacheBytes() {
        try (IntPointer bytes = new IntPointer(1)) {
            must("asking for the cache's size", cudaDeviceGetAttribute(bytes, cudaDevAttrL2CacheSize, ordinal));
            return bytes.get();
        }
    }

    @Override
    public Recording record(Runnable ops) {
        return new Graph(ops);
    }

    @Override
    public void check(String doing, int status) {
        if (status < 0) {
            throw new KernelFailure(doing, Kernels.espalier_status_text(status));
        }
        must(doing, status);
    }

    private static void must(String doing, int status) {
        if (status == cudaSuccess) {
            return;
        }
        String reason = cudaGetErrorString(status).getString();
        if (REFUSALS.contains(status)) {
            throw new KernelFailure(doing, reason);
        }
        throw new DeviceLostException("The device failed at " + doing + " and cannot be used any more: " + reason);
    }

    @Override
    public void close() {
        allocated.forEach(address -> cudaFreeAsync(new Address(address), stream));
        cudaStreamSynchronize(stream);
        cudaStreamDestroy(stream);
        cudaFreeHost(hostMemory);
    }

    /** Two marks in the stream, which the device stamps with its own time; good to half a microsecond. */
    private final class Events implements Stopwatch {
        private final CUevent_st started = new CUevent_st();
        private final CUevent_st stopped = new CUevent_st();

        Events() {
            must("making an event", cudaEventCreate(started));
            must("making an event", cudaEventCreate(stopped));
        }

        @Override
        public void start() {
            must("recording an event", cudaEventRecord(started, stream));
        }

        @Override
        public void stop() {
            must("recording an event", cudaEventRecord(stopped, stream));
        }

        @Override
        public double seconds() {
            try (FloatPointer milliseconds = new FloatPointer(1)) {
                must("running kernels", cudaEventSynchronize(stopped));
                must("reading an event", cudaEventElapsedTime(milliseconds, started, stopped));
                return milliseconds.get() / 1e3;
            }
        }

        @Override
        public void close() {
            must("dropping an event", cudaEventDestroy(started));
            must("dropping an event", cudaEventDestroy(stopped));
        }
    }

    /** Runs ops as they are the first time, which lets them make what they keep, and from then on as one graph. */
    private final class Graph implements Recording {
        private final Runnable ops;
        private boolean ranOnce;
        private CUgraphExec_st graph;

        Graph(Runnable ops) {
            this.ops = ops;
        }

        @Override
        public void run() {
            if (!ranOnce) {
                ops.run();
                ranOnce = true;
                return;
            }
            if (graph == null) {
                graph = captured();
            }
            must("launching a graph", cudaGraphLaunch(graph, stream));
        }

        private CUgraphExec_st captured() {
            CUgraph_st recorded = new CUgraph_st();
            must("recording a graph", cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal));
            try {
                ops.run();
            } finally {
                must("recording a graph", cudaStreamEndCapture(stream, recorded));
            }
            CUgraphExec_st ready = new CUgraphExec_st();
            must("preparing a graph", cudaGraphInstantiate(ready, recorded, 0));
            must("preparing a graph", cudaGraphDestroy(recorded));
            return ready;
        }

        @Override
        public void close() {
            if (graph != null) {
                must("dropping a graph", cudaGraphExecDestroy(graph));
                graph = null;
            }
        }
    }
}
