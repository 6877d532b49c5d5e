package io.espalier.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.contract.Contract;
import io.espalier.backend.contract.Expectations;
import io.espalier.backend.contract.OpCase;
import io.espalier.backend.contract.Verification;
import io.espalier.backend.reference.ReferenceBackend;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every op of the cuda backend against its definition, on the emulated kernels. Run twice: with the plain library and with the one
 * that stops at the first race, access out of bounds or read of what nobody wrote.
 */
class EmulatedContractTest {
    @BeforeAll
    static void needsTheEmulator() {
        Emulation.require();
    }

    @TestFactory
    Stream<DynamicTest> cudaKeepsTheContract() {
        Expectations reference = Expectations.of(ReferenceBackend.open());
        EmulatedDevice device = Emulation.device(EmulatedDevice.Traits.GOOD);
        CudaBackend cuda = new CudaBackend(device);
        return Contract.cases().stream().collect(Collectors.groupingBy(OpCase::op)).entrySet().stream()
                .map(op -> DynamicTest.dynamicTest(op.getKey(), () -> {
                    for (OpCase question : op.getValue()) {
                        Verification.OpResult result = Verification.check(question, reference, cuda);
                        assertTrue(result.passed(), result.failure());
                        assertEquals(cuda.rememberedBytes(), device.used(), question.id() + " leaves memory behind");
                    }
                }));
    }
}
