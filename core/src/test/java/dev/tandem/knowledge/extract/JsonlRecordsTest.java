package dev.tandem.knowledge.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Failure;
import dev.tandem.knowledge.extract.JsonlRecords.Entry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class JsonlRecordsTest {

    private static List<Entry> read(byte[] bytes, Mapping mapping, ExtractLimits limits) throws IOException {
        var entries = new ArrayList<Entry>();
        try (var records = JsonlRecords.open(new ByteArrayInputStream(bytes), mapping, limits)) {
            records.forEachRemaining(entries::add);
        }
        return entries;
    }

    private static List<Entry> read(String lines) throws IOException {
        return read(lines.getBytes(StandardCharsets.UTF_8), Mapping.standard(), ExtractLimits.standard());
    }

    private static Entry.Document document(Entry entry) {
        return (Entry.Document) entry;
    }

    private static String reason(Entry entry) {
        return ((Entry.Rejected) entry).reason();
    }

    @Test
    void aRecordIsADocumentWithItsTitleMetadataAndAccess() throws IOException {
        var document = document(read("""
                {"_id":"a1","title":"Leave","text":"First.\\n\\nSecond.","author":"Ana","tags":["x"],"access":["group:hr"],\
                "metadata":{"Year":2024,"deep":{"x":1}},"modified":"2024-05-01"}
                """).getFirst());
        assertThat(document.id()).isEqualTo("a1");
        assertThat(document.extracted().title()).isEqualTo("Leave");
        assertThat(document.extracted().text()).isEqualTo("First.\n\nSecond.");
        assertThat(document.extracted().blocks()).hasSize(2);
        assertThat(document.extracted().metadata())
                .containsExactlyInAnyOrderEntriesOf(Map.of("author", "Ana", "year", "2024", "modified", "2024-05-01"));
        assertThat(document.extracted().modified()).isEqualTo(Instant.parse("2024-05-01T00:00:00Z"));
        assertThat(document.access()).isEqualTo(AccessSet.parse("group:hr"));
    }

    @Test
    void aBadLineIsToldWithItsNumberAndTheRestGoesOn() throws IOException {
        var entries = read("""
                {"id":"1","text":"one"}

                {"id":"2","text":
                [1,2]
                {"id":"3","title":"no text"}
                {"id":"1","text":"again"}
                {"id":"5","text":"five","access":"hr"}
                {"id":"6","text":"six","access":{"group":"hr"}}
                {"id":"7","text":"seven"}
                """);
        assertThat(entries).extracting(Entry::line).containsExactly(1L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(entries.subList(1, 7)).allMatch(Entry.Rejected.class::isInstance);
        assertThat(reason(entries.get(1))).startsWith("It is not JSON: ");
        assertThat(reason(entries.get(2))).isEqualTo("It is not a JSON object.");
        assertThat(reason(entries.get(3))).isEqualTo("It has no text; looked for text, body, content.");
        assertThat(reason(entries.get(4))).isEqualTo("Its id '1' was given to an earlier line.");
        assertThat(reason(entries.get(5))).isEqualTo("'hr' is not a grantee.");
        assertThat(reason(entries.get(6))).isEqualTo("Its access is neither a text nor a list of grantees.");
        assertThat(document(entries.getLast()).id()).isEqualTo("7");
    }

    @Test
    void aRecordWithoutIdIsCalledByItsHash() throws IOException {
        var once = document(read("{\"text\":\"one\"}").getFirst());
        var later = document(read("{\"text\":\"zero\"}\n{\"text\":\"one\"}").getLast());
        assertThat(once.id()).matches("[0-9a-f]{16}").isEqualTo(later.id());
        assertThat(once.access()).isNull();
    }

    @Test
    void otherFieldsCanBeMapped() throws IOException {
        var bytes = "{\"key\":7,\"headline\":\"H\",\"abstract\":[\"a\",\"b\"]}".getBytes(StandardCharsets.UTF_8);
        var mapping = Mapping.parse("id=key, title=headline, text=summary|abstract");
        var document = document(read(bytes, mapping, ExtractLimits.standard()).getFirst());
        assertThat(document.id()).isEqualTo("7");
        assertThat(document.extracted().title()).isEqualTo("H");
        assertThat(document.extracted().text()).isEqualTo("a\n\nb");
        assertThatThrownBy(() -> Mapping.parse("body=x"))
                .isInstanceOf(Failure.class)
                .hasMessage("'body=x' does not map a field.");
    }

    @Test
    void gzipIsReadAndABrokenArchiveIsToldAfterWhatCouldBeRead() throws IOException {
        var lines = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            lines.append("{\"id\":")
                    .append(i)
                    .append(",\"text\":\"number ")
                    .append(i * 7919L)
                    .append("\"}\n");
        }
        var zipped = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(zipped)) {
            out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
        }
        assertThat(read(zipped.toByteArray(), Mapping.standard(), ExtractLimits.standard()))
                .hasSize(20_000);
        byte[] half = Arrays.copyOf(zipped.toByteArray(), zipped.size() / 2);
        var entries = read(half, Mapping.standard(), ExtractLimits.standard());
        assertThat(entries).hasSizeBetween(5_000, 15_000);
        assertThat(reason(entries.getLast())).startsWith("The file breaks off here");
    }

    @Test
    void anEndlessLineIsPassedOver() throws IOException {
        var limits = new ExtractLimits(100, 10_000_000, Duration.ofSeconds(1));
        String lines = "{\"text\":\"" + "x".repeat(1_000) + "\"}\n{\"text\":\"short\"}";
        var entries = read(lines.getBytes(StandardCharsets.UTF_8), Mapping.standard(), limits);
        assertThat(reason(entries.getFirst())).isEqualTo("The record is longer than 100 bytes.");
        assertThat(document(entries.getLast()).extracted().text()).isEqualTo("short");
    }

    @Test
    void deepNestingAndBrokenUtf8AreBadLines() throws IOException {
        assertThat(reason(read("[".repeat(100_000)).getFirst())).startsWith("It is not JSON");
        var entries = read(
                new byte[] {'{', '"', 't', 'e', 'x', 't', '"', ':', '"', (byte) 0xC3, '"', '}'},
                Mapping.standard(),
                ExtractLimits.standard());
        assertThat(reason(entries.getFirst())).startsWith("It is not JSON");
    }

    @Test
    void halfASurrogatePairIsReplaced() throws IOException {
        assertThat(document(read("{\"text\":\"a\\ud83d b\"}").getFirst())
                        .extracted()
                        .text())
                .isEqualTo("a\uFFFD b");
    }
}
