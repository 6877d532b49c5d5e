package io.espalier;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** One direction of imports, and the other rules of ARCHITECTURE.md that a machine can check. */
class ArchitectureTest {
    /** A package imports only packages before it, with one exception that is checked below: kernels. */
    private static final List<String> ORDER = List.of(
            "random",
            "data",
            "coding",
            "backend",
            "backend.reference",
            "backend.cpu",
            "backend.cuda",
            "backend.cuda.peers",
            "backend.contract",
            "network",
            "compress",
            "train",
            "method",
            "study",
            "run",
            "bench");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.espalier");

    @Test
    void thereIsSomethingToCheck() {
        assertTrue(CLASSES.size() > 50, "only " + CLASSES.size() + " classes found");
    }

    @Test
    void everyPackageHasItsPlaceInTheOrder() {
        Set<String> found = CLASSES.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !name.equals("io.espalier.kernels"))
                .map(name -> name.substring("io.espalier.".length()))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(ORDER), found);
    }

    @Test
    void packagesImportOnlyPackagesBeforeThem() {
        for (int i = 0; i < ORDER.size(); i++) {
            String[] later = ORDER.subList(i + 1, ORDER.size()).stream()
                    .map(name -> "io.espalier." + name)
                    .toArray(String[]::new);
            if (later.length > 0) {
                noClasses()
                        .that()
                        .resideInAPackage("io.espalier." + ORDER.get(i))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(later)
                        .check(CLASSES);
            }
        }
    }

    @Test
    void noCycles() {
        slices().matching("io.espalier.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void nativeLibrariesStayBehindTheirDoors() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.espalier.kernels",
                        "io.espalier.backend.cpu",
                        "io.espalier.backend.cuda",
                        "io.espalier.backend.cuda.peers")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("io.espalier.backend.reference")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.nd4j..")
                .check(CLASSES);
    }

    @Test
    void theEngineKnowsNoYamlCommandLineOrPlot() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.yaml..", "picocli..", "me.tongfei..", "io.espalier.experiments..")
                .check(CLASSES);
    }

    @Test
    void classesAreFinal() {
        classes()
                .that()
                .areNotInterfaces()
                .and()
                .areNotEnums()
                .and()
                .areNotAnonymousClasses()
                .and()
                .doNotHaveSimpleName("package-info")
                .and()
                .resideOutsideOfPackage("io.espalier.kernels")
                .should()
                .haveModifier(JavaModifier.FINAL)
                .orShould()
                .beAssignableTo(Enum.class)
                .check(CLASSES);
    }

    @Test
    void noStaticMutableState() {
        for (JavaClass type : CLASSES) {
            for (JavaField field : type.getFields()) {
                boolean isStatic = field.getModifiers().contains(JavaModifier.STATIC);
                assertTrue(
                        !isStatic || field.getModifiers().contains(JavaModifier.FINAL),
                        field.getFullName() + " is static and not final");
            }
        }
    }

    @Test
    void namesSaySomething() {
        for (JavaClass type : CLASSES) {
            assertTrue(
                    !type.getSimpleName().matches(".*(Util|Utils|Helper|Manager|Impl)"),
                    type.getName() + " has a name that means nothing");
        }
    }
}
