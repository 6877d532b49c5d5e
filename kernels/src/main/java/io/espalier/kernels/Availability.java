package io.espalier.kernels;

import java.util.List;

/** Whether kernels can run here: the devices that they run on, or a reason why not. */
public sealed interface Availability {
    /** How the {@link Available#build()} of a library begins that runs the kernels on processors, without any device. */
    String EMULATOR = "emulator";

    /**
     * @param build what the kernel library was built by and for
     * @param devices at least one; none if the library is emulated
     */
    record Available(String build, List<Device> devices) implements Availability {
        /** Whether the kernels run on processors instead of a GPU. */
        public boolean emulated() {
            return build.startsWith(EMULATOR);
        }
    }

    /** @param reason one or two plain sentences for a person: what is missing, and what to do */
    record Unavailable(String reason) implements Availability {}

    /**
     * @param ordinal its number for CUDA, from 0 among those visible to this process
     * @param name as its driver names it
     * @param capability 10 times its compute capability, 90 for 9.0
     * @param bytes of memory
     */
    record Device(int ordinal, String name, int capability, long bytes) {
        /** One line for a person. */
        public String describe() {
            return name + ", compute capability " + capability / 10 + "." + capability % 10 + ", " + (bytes >> 20)
                    + " MiB";
        }
    }
}
