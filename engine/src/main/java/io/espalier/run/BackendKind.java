package io.espalier.run;

import io.espalier.backend.Backend;
import io.espalier.backend.DeviceUnavailableException;
import io.espalier.backend.cpu.Cores;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.cuda.CudaBackend;
import io.espalier.backend.cuda.peers.Cublas;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.kernels.Availability;
import io.espalier.kernels.KernelLibrary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The backends that a run may ask for, and the devices each gives. */
public enum BackendKind {
    REFERENCE {
        @Override
        public Backend open() {
            return ReferenceBackend.open();
        }
    },
    CPU {
        @Override
        public Backend open() {
            return new CpuBackend();
        }
    },
    CUDA {
        @Override
        public Backend open() {
            return CudaBackend.open(gpus(key()).get(0).ordinal());
        }

        @Override
        public String description() {
            return describeGpus(key());
        }

        @Override
        public List<Device> devices(int workers) {
            return gpuDevices(key(), CudaBackend::open);
        }
    },
    /** The same with dense products by cuBLAS on the tensor cores, whose factors have 10 bits. */
    CUDA_TF32 {
        @Override
        public Backend open() {
            return open(gpus(key()).get(0).ordinal());
        }

        private static Backend open(int ordinal) {
            return CudaBackend.open(ordinal, Cublas::tensorCores);
        }

        @Override
        public String description() {
            return describeGpus(key()) + "; dense products in TF32 by cuBLAS";
        }

        @Override
        public List<Device> devices(int workers) {
            return gpuDevices(key(), ordinal -> open(ordinal));
        }
    };

    /** The most members that a GPU trains at once, if its memory allows: enough to fill it with small networks. */
    private static final int MOST_MEMBERS = 256;

    /** The GPUs that CUDA_VISIBLE_DEVICES leaves visible. */
    private static List<Availability.Device> gpus(String backend) {
        Availability found = KernelLibrary.availability();
        if (found instanceof Availability.Available available && !available.emulated()) {
            return available.devices();
        }
        String reason = found instanceof Availability.Unavailable unavailable
                ? unavailable.reason()
                : "The kernel library is the emulated one, which is for tests.";
        throw new DeviceUnavailableException("Backend " + backend + " cannot be used (--backend cpu can): " + reason);
    }

    private static String describeGpus(String backend) {
        return gpus(backend).stream().map(Availability.Device::describe).collect(Collectors.joining("; "));
    }

    /** One worker for every GPU. */
    private static List<Device> gpuDevices(String backend, IntFunction<Backend> open) {
        return gpus(backend).stream()
                .map(gpu -> new Device(backend + " " + gpu.ordinal(), MOST_MEMBERS, () -> open.apply(gpu.ordinal())))
                .toList();
    }

    /** What it runs on here, for provenance. */
    public String description() {
        return this == CPU ? CpuBackend.describe() : this == REFERENCE ? "ND4J, float64" : "";
    }

    /** Opens it, or says why it cannot be used. */
    public abstract Backend open();

    /** The backend on processors that looks on when this one is checked; empty for the reference, which nothing stands above. */
    public Optional<BackendKind> shadow() {
        return switch (this) {
            case REFERENCE -> Optional.empty();
            case CPU -> Optional.of(REFERENCE);
            case CUDA, CUDA_TF32 -> Optional.of(CPU);
        };
    }

    /** cuda where a GPU works, else cpu. */
    public static BackendKind automatic() {
        boolean gpu = KernelLibrary.availability() instanceof Availability.Available available && !available.emulated();
        return gpu ? CUDA : CPU;
    }

    /** The name by which {@code --backend} asks for it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Its devices here, having made sure that the first one opens.
     *
     * @param workers how many; on processors each has a core and trains one member at a time; one without work helps the others with large ops
     */
    public List<Device> devices(int workers) {
        open().close();
        List<Device> devices = new ArrayList<>();
        Cores cores = new Cores(workers);
        for (int i = 0; i < workers; i++) {
            Supplier<Backend> opener = this == CPU ? () -> new CpuBackend(cores) : this::open;
            devices.add(new Device(key() + " " + i, 1, opener));
        }
        return devices;
    }
}
