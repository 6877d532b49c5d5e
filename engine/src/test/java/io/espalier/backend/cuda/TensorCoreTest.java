package io.espalier.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.DeviceUnavailableException;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.contract.Contract;
import io.espalier.backend.contract.Expectations;
import io.espalier.backend.contract.OpCase;
import io.espalier.backend.contract.Verification;
import io.espalier.backend.cuda.peers.FakeLibraries;
import io.espalier.backend.reference.ReferenceBackend;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backend cuda-tf32 on an emulated device, cuBLAS played by plain loops over factors of 10 bits. */
class TensorCoreTest {
    private static final List<String> PRODUCTS = List.of("linear", "linearInputGradient", "linearWeightGradient");

    @TempDir
    private Path folder;

    @BeforeEach
    void needsTheEmulator() {
        Emulation.require();
    }

    private CudaBackend open(KernelDevice device) {
        return new CudaBackend(device, new FakeLibraries(folder)::tensorCores);
    }

    @Test
    void productsKeepTheContractOfTf32AndNotThatOfFloat32() {
        Expectations reference = Expectations.of(ReferenceBackend.open());
        try (CudaBackend cuda = open(Emulation.device(EmulatedDevice.Traits.GOOD))) {
            assertEquals("cuda-tf32", cuda.name());
            assertEquals(0x1p-11, cuda.unitRoundoff());
            double worst = 0;
            int cases = 0;
            for (OpCase question : Contract.cases()) {
                if (PRODUCTS.contains(question.op())) {
                    Verification.OpResult result = Verification.check(question, reference, cuda);
                    assertTrue(result.passed(), result.failure());
                    worst = Math.max(worst, result.worst());
                    cases++;
                }
            }
            assertTrue(cases > 10, "cases: " + cases);
            assertTrue(worst > 0x1p-13, "factors of 10 bits show, the worst error is " + worst + " of the bound");
        }
    }

    @Test
    void aMemberHasTheSameBitsInEveryCohort() {
        try (CudaBackend cuda = open(Emulation.device(EmulatedDevice.Traits.GOOD))) {
            float[] alone = product(cuda, 1);
            assertArrayEquals(alone, product(cuda, 3));
            assertArrayEquals(alone, product(cuda, 64));
        }
    }

    private static float[] product(CudaBackend cuda, int members) {
        try (Tensor w = cuda.zeros(ElementType.REAL, new Shape(members, 7, 13));
                Tensor x = cuda.zeros(ElementType.REAL, new Shape(members, 13, 5));
                Tensor z = cuda.zeros(ElementType.REAL, new Shape(members, 7, 5))) {
            for (int member = 0; member < members; member++) {
                cuda.write(w, member, numbers(7 * 13, member));
                cuda.write(x, member, numbers(13 * 5, member + 1));
            }
            cuda.linear(w, x, z);
            cuda.finish();
            return cuda.floats(z, 0);
        }
    }

    private static float[] numbers(int count, int from) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) Math.sin(1 + i * 0.7 + from);
        }
        return numbers;
    }

    @Test
    void aLibraryThatDoesNotStartMakesTheBackendUnavailableAndClosesItsDevice() {
        EmulatedDevice device = Emulation.device(EmulatedDevice.Traits.GOOD);
        DeviceUnavailableException e = assertThrows(
                DeviceUnavailableException.class, () -> new CudaBackend(device, new FakeLibraries(folder)::refusing));
        assertTrue(e.getMessage().startsWith("cuBLAS refused: "), e.getMessage());
        assertTrue(device.isClosed());
    }
}
