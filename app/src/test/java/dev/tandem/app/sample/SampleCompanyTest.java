package dev.tandem.app.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleCompanyTest {

    @TempDir
    Path root;

    private static final Path SOURCES =
            Path.of(System.getProperty("tandem.root"), "app/src/main/resources/dev/tandem/app/sample");

    @Test
    void theManifestListsExactlyTheFilesOfTheCompany() throws IOException {
        try (var walk = Files.walk(SOURCES.resolve("company"))) {
            Set<String> there = walk.filter(Files::isRegularFile)
                    .map(file -> SOURCES.resolve("company").relativize(file).toString())
                    .collect(Collectors.toSet());
            assertThat(SampleCompany.files().stream().map(SampleCompany.SampleFile::path))
                    .containsExactlyInAnyOrderElementsOf(there)
                    .hasSizeGreaterThanOrEqualTo(30);
        }
    }

    @Test
    void itHasSixFormatsAndTwoDepartmentsClosedToEachOther() {
        assertThat(SampleCompany.files().stream()
                        .map(file -> file.path().substring(file.path().lastIndexOf('.') + 1)))
                .contains("txt", "md", "rst", "html", "pdf", "jsonl");
        AccessSet people = SampleCompany.folders().get("people");
        AccessSet engineering = SampleCompany.folders().get("engineering");
        assertThat(people.allows(Principal.parse("user:ruth,group:people"))).isTrue();
        assertThat(people.allows(Principal.parse("user:priya,group:engineering")))
                .isFalse();
        assertThat(engineering.allows(Principal.parse("user:priya,group:engineering")))
                .isTrue();
        assertThat(engineering.allows(Principal.parse("user:ruth,group:people")))
                .isFalse();
        assertThat(SampleCompany.files().stream()
                        .collect(Collectors.groupingBy(
                                SampleCompany.SampleFile::folder,
                                Collectors.mapping(SampleCompany.SampleFile::access, Collectors.toSet())))
                        .values())
                .as("one access per folder")
                .allSatisfy(grants -> assertThat(grants).hasSize(1));
    }

    @Test
    void whatChangesLaterChangesFilesThatAreThere() throws IOException {
        SampleCompany.copyTo(root);
        assertThat(Files.readString(root.resolve("sales/price-list.md"))).contains("A Heron 2 costs £189.00");
        for (var later : SampleCompany.later()) {
            SampleCompany.apply(later, root);
        }
        assertThat(Files.readString(root.resolve("sales/price-list.md"))).contains("A Heron 2 costs £204.00");
        assertThat(root.resolve("sales/archive/price-list-2025.md")).doesNotExist();
        assertThat(root.resolve("handbook/working-from-home.txt")).exists();
    }

    @Test
    void everyCaseNamesADocumentOfTheCompanyAndNoCaseIsAskedTwice() {
        List<SampleCase> suite = SampleCompany.suite();
        assertThat(suite).hasSizeGreaterThanOrEqualTo(40);
        var questions = new HashSet<String>();
        Set<String> files = SampleCompany.files().stream()
                .map(SampleCompany.SampleFile::path)
                .collect(Collectors.toSet());
        for (SampleCase sample : suite) {
            assertThat(questions.add(sample.asker() + sample.question())).isTrue();
            Principal.parse(sample.asker());
            if (sample.kind() == SampleCase.Kind.UNANSWERABLE) {
                assertThat(sample.answers()).isEmpty();
            } else {
                assertThat(files).contains(sample.document().replaceFirst("#.*", ""));
                assertThat(sample.quote()).isNotBlank();
                assertThat(sample.answers()).isNotEmpty();
            }
        }
    }

    @Test
    void whatIsRestrictedIsClosedToTheAskerAndOpenToTheInsider() {
        for (SampleCase sample : SampleCompany.suite()) {
            if (sample.kind() == SampleCase.Kind.RESTRICTED
                    && !sample.document().contains("#")) {
                AccessSet access = SampleCompany.folders()
                        .get(sample.document().substring(0, sample.document().indexOf('/')));
                assertThat(access.allows(Principal.parse(sample.asker())))
                        .as(sample.question())
                        .isFalse();
                assertThat(access.allows(Principal.parse(sample.insider())))
                        .as(sample.question())
                        .isTrue();
            }
        }
    }
}
