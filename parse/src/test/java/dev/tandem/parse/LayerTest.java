package dev.tandem.parse;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.tandem.domain.Failure;
import dev.tandem.knowledge.extract.NoTextLayer;
import dev.tandem.knowledge.extract.OtherFormats;
import dev.tandem.knowledge.extract.PdfText;
import dev.tandem.knowledge.extract.Piece;
import org.junit.jupiter.api.Test;

/** Two sides that share frames: one sees core and never Tika, the other Tika and of core only how pages are read. */
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
    void ofTheRestOfTandemTheChildSeesOnlyHowPagesAreRead() {
        noClasses()
                .that()
                .resideInAPackage("dev.tandem.parse.child")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("dev.tandem.parse", "dev.tandem.domain..", "dev.tandem.knowledge..")
                                .and(not(belongToAnyOf(
                                        Failure.class,
                                        NoTextLayer.class,
                                        OtherFormats.Told.class,
                                        PdfText.class,
                                        Piece.class))))
                .check(parse);
    }
}
