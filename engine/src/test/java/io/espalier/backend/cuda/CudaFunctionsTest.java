package io.espalier.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.espalier.kernels.CudaLibrary;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.cudnn;
import org.junit.jupiter.api.Test;

/** What is looked for in the installed libraries is what is called of them. */
class CudaFunctionsTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.espalier");

    @Test
    void everyFunctionThatIsCalledIsLookedForAndNoOther() {
        assertEquals(called(cudart.class), CudaLibrary.RUNTIME.functions());
        assertEquals(called(cublas.class), CudaLibrary.BLAS.functions());
        assertEquals(called(cudnn.class), CudaLibrary.DNN.functions());
    }

    /** The functions of a preset that our code names, sorted; naming its class here does not load it. */
    private static List<String> called(Class<?> preset) {
        return List.copyOf(CLASSES.stream()
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(access -> access.getTargetOwner().isEquivalentTo(preset))
                .filter(access -> access.getTarget() instanceof CodeUnitAccessTarget)
                .map(access -> access.getTarget().getName())
                .collect(Collectors.toCollection(TreeSet::new)));
    }
}
