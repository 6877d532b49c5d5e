package io.espalier.kernels;

/** Whether the GPU path can be used: a device to name, or a reason to give. */
public sealed interface Availability {
    /** @param device the device as its driver names it */
    record Available(String device) implements Availability {}

    /** @param reason one plain sentence for a person */
    record Unavailable(String reason) implements Availability {}
}
