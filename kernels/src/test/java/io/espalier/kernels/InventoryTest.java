package io.espalier.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;

class InventoryTest {
    @Test
    void everyPartHasAState() {
        List<Inventory.Part> parts = Inventory.parts();
        assertEquals(
                List.of(
                        "g++",
                        "nvcc",
                        "kernels",
                        "gpu driver",
                        "cuda searched",
                        "cuda runtime",
                        "cublas",
                        "cudnn",
                        "cuda backend"),
                parts.stream().map(Inventory.Part::name).toList());
        parts.forEach(part -> assertFalse(part.state().isBlank(), part.name()));
    }
}
