package io.espalier.experiments;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern CODE = Pattern.compile("`([^`\\s]+)`");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.espalier.experiments");

    @Test
    void thereIsSomethingToCheck() {
        assertTrue(CLASSES.size() > 20, "only " + CLASSES.size() + " classes found");
    }

    @Test
    void theApplicationReachesBackendsThroughTheEngineOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.bytedeco..", "org.nd4j..")
                .check(CLASSES);
    }

    @Test
    void noCycles() {
        slices().matching("io.espalier.experiments.(**)")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void studyFilesKnowNoCommandLine() {
        noClasses()
                .that()
                .resideInAPackage("io.espalier.experiments.studyfile")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "io.espalier.experiments.cli..", "io.espalier.run..")
                .check(CLASSES);
    }

    /** Paths named in the documents are written in code quotes and contain a slash or end like a file. */
    @Test
    void everyPathThatTheDocumentsNameExists() throws IOException {
        for (String document : new String[] {"ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"}) {
            int paths = 0;
            Matcher names = CODE.matcher(Files.readString(ROOT.resolve(document)));
            while (names.find()) {
                String name = names.group(1);
                boolean isPath =
                        name.matches("[.A-Za-z][A-Za-z0-9_./-]*/[A-Za-z0-9_./-]*|[A-Za-z-]+\\.(md|xml|java|yaml|sh)");
                if (isPath && !name.startsWith("runs/") && !name.contains("...")) {
                    assertTrue(
                            Files.exists(ROOT.resolve(name)), document + " names " + name + ", which does not exist");
                    paths++;
                }
            }
            assertTrue(paths >= 3, document + " names only " + paths + " paths");
        }
    }
}
