package io.espalier.experiments;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameStartingWith;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Study files are read as nodes; nothing makes objects of what they say, runs it, or starts another program. */
class SecurityTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.espalier.experiments");

    @Test
    void noObjectsFromYaml() {
        noClasses()
                .should()
                .callMethodWhere(target(nameStartingWith("load")).and(target(owner(type(Yaml.class)))))
                .check(CLASSES);
    }

    @Test
    void noObjectsFromBytesAndNoCodeFromData() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.ObjectInput.*|javax\\.script\\..*|java\\.lang\\.ClassLoader"
                        + "|java\\.net\\.URLClassLoader|java\\.util\\.(zip\\.Zip(Input|File).*|jar\\..*)")
                .orShould()
                .callMethod(Class.class, "forName", String.class)
                .check(CLASSES);
    }

    /** No shell is asked, so that what a study says is never a command: sbatch gets a list of arguments. */
    @Test
    void noOtherProgramsButSlurm() {
        noClasses()
                .that()
                .doNotHaveSimpleName("SubmitSlurmCommand")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(ProcessBuilder.class)
                .orShould()
                .callMethod(Runtime.class, "exec", String.class)
                .orShould()
                .callMethod(Runtime.class, "exec", String[].class)
                .check(CLASSES);
    }
}
