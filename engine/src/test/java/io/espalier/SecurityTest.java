package io.espalier;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;

/** What no class may do, so that no file can make it: objects from bytes, code from data, other programs, archives unpacked. */
class SecurityTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.espalier");

    @Test
    void noObjectsFromBytes() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.(ObjectInput.*|Externalizable)|java\\.beans\\.XML.*"
                        + "|com\\.fasterxml\\.jackson\\.(annotation\\.JsonTypeInfo|databind\\.jsontype\\..*)")
                .check(CLASSES);
    }

    @Test
    void noCodeFromData() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "javax\\.script\\..*|java\\.lang\\.ClassLoader|java\\.net\\.URLClassLoader"
                                + "|java\\.lang\\.invoke\\.MethodHandles\\$Lookup|java\\.util\\.ServiceLoader|javax\\.naming\\..*")
                .orShould()
                .callMethod(Class.class, "forName", String.class)
                .check(CLASSES);
    }

    /** Benchmarks alone start programs, when they are asked for: PyTorch, and contestants in Java with the classes of this one. */
    @Test
    void noOtherPrograms() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.espalier.bench.TorchProcess")
                .and()
                .doNotHaveFullyQualifiedName("io.espalier.bench.Contest")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.ProcessBuilder")
                .orShould()
                .callMethod(Runtime.class, "exec", String[].class)
                .check(CLASSES);
    }

    /** Gzip is read as a stream, under names that the program chose: no path ever comes from an archive. */
    @Test
    void noArchives() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.util\\.(zip\\.Zip(Input|File).*|jar\\..*)|org\\.apache\\.commons\\.compress\\..*")
                .check(CLASSES);
    }

    /** When something happened is for people to read; nothing that a run does follows from it. */
    @Test
    void theWallClockIsRecordedOnly() {
        noClasses()
                .that()
                .haveNameNotMatching("io\\.espalier\\.(run\\.Provenance|bench\\.Environment)")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDate.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .check(CLASSES);
    }
}
