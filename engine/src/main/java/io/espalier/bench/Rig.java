package io.espalier.bench;

import io.espalier.backend.Backend;
import io.espalier.backend.DeviceUnavailableException;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.cuda.CudaBackend;
import io.espalier.backend.cuda.peers.Cublas;
import io.espalier.backend.cuda.peers.Cusparse;
import io.espalier.kernels.Availability;
import io.espalier.kernels.KernelLibrary;
import io.espalier.kernels.Sensors;
import io.espalier.run.BackendKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is measured on: a backend, the libraries it is compared with, and what is known of the device. */
public final class Rig implements AutoCloseable {
    private static final Path CPU_CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");
    private static final long UNKNOWN_CACHE = 32 << 20;

    private final Backend backend;
    private final String ownDense;
    private final boolean launches;
    private final long cacheBytes;
    private final int roofEdge;
    private final List<DensePeer> densePeers = new ArrayList<>();
    private final Map<String, String> facts = new LinkedHashMap<>();
    private Cusparse cusparse;
    private Sensors sensors;
    private Tensor flushed;

    /** A library that multiplies dense matrices. */
    record DensePeer(String name, Precision precision, Cublas library) {}

    private Rig(Backend backend, String ownDense, boolean launches, long cacheBytes, int roofEdge) {
        this.backend = backend;
        this.ownDense = ownDense;
        this.launches = launches;
        this.cacheBytes = cacheBytes;
        this.roofEdge = roofEdge;
        facts.put("backend", backend.name());
        facts.put("cache_bytes", Long.toString(cacheBytes));
    }

    /**
     * A backend and everything there is to compare it with on this machine.
     *
     * @throws DeviceUnavailableException if the backend cannot be used; that a library is missing is only noted among the facts
     */
    public static Rig of(BackendKind kind) {
        Backend backend = kind.open();
        return backend instanceof CudaBackend cuda ? cuda(cuda) : cpu(backend, cpuCacheBytes());
    }

    static Rig cpu(Backend backend, long cacheBytes) {
        Rig rig = new Rig(backend, "openblas dense", false, cacheBytes, 1024);
        rig.facts.put("device", CpuBackend.describe());
        return rig;
    }

    private static Rig cuda(CudaBackend backend) {
        Rig rig = of(backend, true, 4096);
        if (KernelLibrary.availability() instanceof Availability.Available available) {
            Availability.Device device = available.devices().get(0);
            rig.facts.put("device", device.describe());
            rig.facts.put("kernels", available.build());
            rig.sensors = Sensors.of(device.ordinal()).orElse(null);
        }
        if (rig.sensors != null) {
            rig.facts.put("driver", rig.sensors.driverVersion());
        }
        rig.look(
                "cublas",
                () -> rig.add(Cublas.open(backend, Cublas.Math.FP32), Cublas.open(backend, Cublas.Math.TF32)));
        rig.look("cusparse", () -> rig.add(Cusparse.open(backend)));
        return rig;
    }

    /**
     * A GPU or its emulation, without peers.
     *
     * @param roofEdge of the square matrices whose product is taken for the roof
     */
    static Rig of(CudaBackend backend, boolean launches, int roofEdge) {
        return new Rig(backend, "espalier dense", launches, backend.cacheBytes(), roofEdge);
    }

    /** A missing peer is a fact, not a failure. */
    private void look(String name, Runnable opening) {
        try {
            opening.run();
        } catch (DeviceUnavailableException e) {
            facts.put(name, "missing: " + e.getMessage());
        }
    }

    void add(Cublas inFloat, Cublas inTf32) {
        densePeers.add(new DensePeer("cublas fp32", Precision.FP32, inFloat));
        densePeers.add(new DensePeer("cublas tf32", Precision.TF32, inTf32));
        facts.put("cublas", inFloat.version());
    }

    void add(Cusparse sparse) {
        cusparse = sparse;
        facts.put("cusparse", sparse.version());
    }

    private static long cpuCacheBytes() {
        try {
            String last = Files.readString(CPU_CACHES.resolve("index3/size")).strip();
            return Long.parseLong(last.substring(0, last.length() - 1)) << 10;
        } catch (IOException | RuntimeException e) {
            return UNKNOWN_CACHE;
        }
    }

    Backend backend() {
        return backend;
    }

    /** What the backend's own dense products are called where they are what others are compared with. */
    String ownDense() {
        return ownDense;
    }

    /** Whether ops return before they are done, so that the time of a call is something by itself. */
    boolean launches() {
        return launches;
    }

    long cacheBytes() {
        return cacheBytes;
    }

    int roofEdge() {
        return roofEdge;
    }

    List<DensePeer> densePeers() {
        return densePeers;
    }

    Optional<Cusparse> cusparse() {
        return Optional.ofNullable(cusparse);
    }

    /** What the device's sensors say, where it has any. */
    public Optional<Sensors.Reading> sensed() {
        return Optional.ofNullable(sensors).map(Sensors::read);
    }

    /** Adds to {@link #facts}. */
    void note(String name, String fact) {
        facts.put(name, fact);
    }

    /** What is known of device and libraries, by name, for the record. */
    public Map<String, String> facts() {
        return facts;
    }

    /** Takes the caches away from whoever ran before. */
    void flush() {
        if (flushed == null) {
            int floats = (int) Math.min(2 * cacheBytes / Float.BYTES, 1 << 30);
            flushed = backend.zeros(ElementType.REAL, new Shape(1, 1, floats));
        }
        backend.clear(flushed);
    }

    @Override
    public void close() {
        densePeers.forEach(peer -> peer.library().close());
        if (cusparse != null) {
            cusparse.close();
        }
        if (flushed != null) {
            flushed.close();
        }
        backend.close();
    }
}
