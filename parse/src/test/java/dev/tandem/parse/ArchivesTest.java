package dev.tandem.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.DocumentEntry;
import dev.tandem.catalog.Home;
import dev.tandem.catalog.State;
import dev.tandem.domain.Principal;
import dev.tandem.knowledge.ingest.IngestSettings;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.ingest.Request;
import dev.tandem.knowledge.ingest.Summary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files in archives are documents like others, by the name that they have there. */
class ArchivesTest {

    private static final Principal ANA = Principal.parse("user:ana");

    @TempDir
    private Path folder;

    private ParseLimits limits = ParseLimits.standard().withChildren(1);

    private Summary ingest() throws IOException {
        try (ParserPool pool = ParserPool.within(limits);
                Ingestor ingestor = Ingestor.open(home(), new PoisonIngest.Flat(), IngestSettings.standard(), pool)) {
            return ingestor.ingest(Request.of(ANA, "default", List.of(docs().toString())), _ -> {});
        }
    }

    private Home home() {
        return Home.at(folder.resolve("home"));
    }

    private Path docs() throws IOException {
        return Files.createDirectories(folder.resolve("docs"));
    }

    private List<DocumentEntry> documents() {
        try (Catalog catalog = Catalog.read(home(), ANA.tenant())) {
            return catalog.documents(ANA, null);
        }
    }

    private List<String> paths(State state) throws IOException {
        String base = docs() + "/";
        return documents().stream()
                .filter(each -> each.state() == state)
                .map(each -> each.path().replace(base, ""))
                .sorted()
                .toList();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] zip(Map<String, byte[]> files) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var each : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(each.getKey()));
                zip.write(each.getValue());
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] tar(Map<String, byte[]> files) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (OutputStream packed = new GZIPOutputStream(bytes);
                var tar = new TarArchiveOutputStream(packed)) {
            for (var each : files.entrySet()) {
                var entry = new TarArchiveEntry(each.getKey());
                entry.setSize(each.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(each.getValue());
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private Map<String, byte[]> files() throws IOException {
        var files = new LinkedHashMap<String, byte[]>();
        files.put("birds/heron.md", text("# Heron\n\nHerons wade.\n\n## Nest\n\nIn trees.\n"));
        files.put("./curlew.txt", text("Curlews wade."));
        files.put("various.docx", Documents.require().bytes("testWORD_various.docx"));
        files.put(".DS_Store", new byte[] {0, 0, 0, 1});
        files.put("__MACOSX/birds/._heron.md", new byte[] {0, 5, 22, 7});
        return files;
    }

    @Test
    void eachFileIsReadAsItsNameSaysAndHiddenOnesArePassedOver() throws IOException {
        Files.write(docs().resolve("two.zip"), zip(files()));
        Files.write(docs().resolve("two.tar.gz"), tar(files()));

        assertThat(ingest().added()).isEqualTo(6);

        assertThat(paths(State.READY))
                .containsExactly(
                        "two.tar.gz#birds/heron.md",
                        "two.tar.gz#curlew.txt",
                        "two.tar.gz#various.docx",
                        "two.zip#birds/heron.md",
                        "two.zip#curlew.txt",
                        "two.zip#various.docx");
        assertThat(paths(State.FAILED)).isEmpty();
        DocumentEntry heron = documents().stream()
                .filter(each -> each.path().endsWith("two.zip#birds/heron.md"))
                .findFirst()
                .orElseThrow();
        assertThat(heron.title()).isEqualTo("Heron");
        assertThat(ingest().unchanged()).isEqualTo(6);
    }

    @Test
    void onlyWhatChangedInAnArchiveIsReadAgainAndWhatIsGoneIsGone() throws IOException {
        Map<String, byte[]> files = files();
        Files.write(docs().resolve("two.zip"), zip(files));
        ingest();
        files.put("birds/heron.md", text("# Heron\n\nHerons fly.\n"));
        files.remove("./curlew.txt");
        files.put("wren.txt", text("Wrens hop."));
        Files.write(docs().resolve("two.zip"), zip(files));

        Summary summary = ingest();

        assertThat(List.of(summary.changed(), summary.added(), summary.deleted(), summary.unchanged()))
                .containsExactly(1L, 1L, 1L, 1L);
        Files.delete(docs().resolve("two.zip"));
        assertThat(ingest().deleted()).isEqualTo(3);
    }

    @Test
    void anArchiveInAnArchiveIsOneDocument() throws IOException {
        Files.write(
                docs().resolve("outer.zip"),
                zip(Map.of("inner.zip", zip(Map.of("a.txt", text("Herons wade."), "b.txt", text("Curlews wade."))))));
        ingest();
        assertThat(paths(State.READY)).containsExactly("outer.zip#inner.zip");
    }

    @Test
    void anArchiveBeyondALimitSaysSoAndWhatCameBeforeIsKept() throws IOException {
        limits = limits.withParts(3);
        var many = new LinkedHashMap<String, byte[]>();
        for (int i = 0; i < 5; i++) {
            many.put("file-" + i + ".txt", text("Herons wade, number " + i + "."));
        }
        Files.write(docs().resolve("many.zip"), zip(many));
        Files.writeString(docs().resolve("broken.zip"), "PK\3\4 and nothing more");

        ingest();

        assertThat(paths(State.READY)).hasSize(3).allMatch(path -> path.startsWith("many.zip#file-"));
        assertThat(paths(State.FAILED)).containsExactly("broken.zip", "many.zip");
        assertThat(documents())
                .filteredOn(each -> each.path().endsWith("many.zip"))
                .first()
                .satisfies(each -> assertThat(each.reason()).isEqualTo("It holds more than 3 files."));
        try (Stream<Path> left = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            assertThat(left.map(each -> each.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("tandem-unpack-"));
        }
    }
}
