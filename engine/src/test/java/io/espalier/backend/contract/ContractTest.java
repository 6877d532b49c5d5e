package io.espalier.backend.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Backend;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.reference.ReferenceBackend;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ContractTest {
    private static final Set<String> MEMORY = Set.of(
            "name",
            "prefersSparse",
            "unitRoundoff",
            "close",
            "zeros",
            "constant",
            "write",
            "floats",
            "doubles",
            "ints",
            "bytes",
            "clear");

    @TestFactory
    Stream<DynamicTest> cpuKeepsTheContract() {
        Backend reference = ReferenceBackend.open();
        Backend cpu = new CpuBackend();
        return Contract.cases().stream().collect(Collectors.groupingBy(OpCase::op)).entrySet().stream()
                .map(op -> DynamicTest.dynamicTest(op.getKey(), () -> {
                    for (OpCase question : op.getValue()) {
                        Verification.OpResult result = Verification.check(question, reference, cpu);
                        assertTrue(result.passed(), result.failure());
                    }
                }));
    }

    @Test
    void everyOpHasCases() {
        Set<String> ops = Stream.of(Backend.class.getMethods())
                .map(Method::getName)
                .filter(name -> !MEMORY.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> asked = Contract.cases().stream().map(OpCase::op).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(ops, asked);
    }

    @Test
    void caseIdsAreUnique() {
        List<String> ids = Contract.cases().stream().map(OpCase::id).toList();
        assertEquals(ids.size(), Set.copyOf(ids).size());
    }
}
