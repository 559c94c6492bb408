package dev.tandem.knowledge.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Failure;
import dev.tandem.knowledge.extract.ExportMapping;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports of ticket systems, whose records are documents by a mapping file. */
class ExportTest {

    @TempDir
    private Path folder;

    private House house;

    @BeforeEach
    void open() {
        house = new House(folder);
    }

    private Summary ingest(Path export, String mapping) {
        Path file = house.write("../" + export.getFileName() + ".map", mapping);
        return house.ingest(
                Request.of(House.ANA, "default", List.of(export.toString())).exported(ExportMapping.read(file)));
    }

    private String text(String name) {
        var entry = house.entry(House.ANA, name);
        return house.text(House.ANA, entry.id(), entry.version()).orElseThrow();
    }

    private static final String JIRA = """
            # Jira
            records = issues
            id = key
            title = {key}: {fields.summary}
            text = {fields.description}
            each = fields.comment.comments | {author.displayName}: {body}
            text = Resolved as {fields.resolution.name}
            meta.status = fields.status.name
            access = group:ops
            modified = fields.updated
            """;

    private static final String ISSUES = """
            {"total": 2, "names": [1], "issues": [
             {"key": "OPS-1", "fields": {"summary": "Printer", "description": "It smokes.", "updated": "2026-02-03T10:00:00Z",
               "status": {"name": "Open"}, "resolution": null,
               "comment": {"comments": [{"author": {"displayName": "Kim"}, "body": "Unplug it."}]}}},
             {"key": "OPS-2", "fields": {"summary": "Door", "description": "It squeaks.",
               "status": {"name": "Done"}, "resolution": {"name": "Oiled"}, "comment": {"comments": []}}}
            ]}
            """;

    @Test
    void issuesWithCommentsAreDocumentsWithTheirOwnReaders() {
        Path export = house.write("issues.json", ISSUES);

        assertThat(ingest(export, JIRA).added()).isEqualTo(2);

        assertThat(text("issues.json#OPS-1"))
                .contains("It smokes.", "Kim: Unplug it.")
                .doesNotContain("Resolved");
        assertThat(text("issues.json#OPS-2")).contains("Resolved as Oiled");
        assertThat(house.entry(House.ANA, "issues.json#OPS-1").metadata()).containsEntry("status", "Open");
        assertThat(house.entry(House.ANA, "issues.json#OPS-1").title()).isEqualTo("OPS-1: Printer");
        assertThat(house.entry(House.ANA, "issues.json#OPS-1").access())
                .isEqualTo(AccessSet.parse("group:ops,user:ana"));
        assertThat(ingest(export, JIRA).unchanged()).isEqualTo(2);
    }

    @Test
    void aTicketThatIsGoneFromTheExportIsRemoved() {
        Path export = house.write("tickets.csv", """
                Ticket ID,Subject,"Body text",Team
                7,Login,"Cannot log in,
                since Monday",web
                8,Billing,Charged twice,money
                """);
        String mapping = """
                id = Ticket ID
                title = Subject
                text = {Body text}
                meta.team = Team
                """;
        assertThat(ingest(export, mapping).added()).isEqualTo(2);
        assertThat(text("tickets.csv#7")).contains("since Monday");

        house.write("tickets.csv", """
                Ticket ID,Subject,"Body text",Team
                8,Billing,Charged three times,money
                """);
        Summary second = ingest(export, mapping);
        assertThat(second.changed()).isEqualTo(1);
        assertThat(second.deleted()).isEqualTo(1);
    }

    @Test
    void aBrokenExportLosesNothingAndABrokenMappingSaysWhere() {
        Path export = house.write("issues.json", ISSUES);
        ingest(export, JIRA);
        house.write("issues.json", ISSUES.substring(0, ISSUES.length() / 2));

        assertThat(ingest(export, JIRA).deleted()).isZero();

        assertThatThrownBy(() -> ingest(export, "id = key\ncolour = red\n"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("Line 2");
    }
}
