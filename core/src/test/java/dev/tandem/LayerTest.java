package dev.tandem;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The house of the design: each package of core uses only those above it, and the two wings never meet. */
class LayerTest {

    /** Top to bottom. The rooms of one wing stand in the order of the walk through them. */
    private static final List<String> HOUSE = List.of(
            "dev.tandem.domain..",
            "dev.tandem.measure..",
            "dev.tandem.catalog..",
            "dev.tandem.knowledge.extract..",
            "dev.tandem.knowledge.index..",
            "dev.tandem.knowledge.backup..",
            "dev.tandem.knowledge.ingest..",
            "dev.tandem.knowledge.retrieve..",
            "dev.tandem.behavior..",
            "dev.tandem.assistant..",
            "dev.tandem.evidence..");

    private final JavaClasses core =
            new ClassFileImporter(List.of(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)).importPackages("dev.tandem");

    @Test
    void eachPackageUsesOnlyThoseAboveIt() {
        for (int i = 0; i < HOUSE.size(); i++) {
            var allowed = new ArrayList<>(HOUSE.subList(0, i + 1));
            if (HOUSE.get(i).startsWith("dev.tandem.behavior")) {
                allowed.removeIf(room -> room.startsWith("dev.tandem.knowledge"));
            }
            classes()
                    .that()
                    .resideInAPackage(HOUSE.get(i))
                    .should()
                    .onlyDependOnClassesThat(not(resideInAnyPackage("dev.tandem.."))
                            .or(resideInAnyPackage(allowed.toArray(String[]::new))))
                    .allowEmptyShould(true)
                    .check(core);
        }
    }

    @Test
    void everyClassOfCoreHasARoom() {
        classes().should().resideInAnyPackage(HOUSE.toArray(String[]::new)).check(core);
    }
}
