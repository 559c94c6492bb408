package dev.tandem.parse;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Two sides that share frames and nothing else: one sees core and never Tika, the other Tika and never core. */
class LayerTest {

    private final JavaClasses parse = new ClassFileImporter(
                    java.util.List.of(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS))
            .importPackages("dev.tandem.parse");

    @Test
    void theParentNeverSeesTika() {
        noClasses()
                .that()
                .resideInAPackage("dev.tandem.parse")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache..")
                .check(parse);
    }

    @Test
    void theChildNeverSeesTheRestOfTandem() {
        noClasses()
                .that()
                .resideInAPackage("dev.tandem.parse.child")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.tandem.parse", "dev.tandem.domain..", "dev.tandem.knowledge..")
                .check(parse);
    }
}
