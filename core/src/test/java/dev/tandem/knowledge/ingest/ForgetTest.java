package dev.tandem.knowledge.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tandem.behavior.registry.AdapterHouse;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.DatasetVersion;
import dev.tandem.catalog.Forgetting;
import dev.tandem.catalog.Sha256;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.retrieve.HashingEmbedder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A forgotten document, looked for byte by byte in every file of the home. */
class ForgetTest {

    private static final String NOW = "Zqxjvkwpt";
    private static final String FORMERLY = "Wvbnmqxzy";
    private static final Principal CARL = Principal.parse("user:carl");

    @TempDir
    private Path folder;

    private House house;
    private Path secret;

    @BeforeEach
    void aHouseThatHasASecret() {
        house = new House(folder);
        for (int i = 0; i < 40; i++) {
            house.write("file-" + i + ".txt", "Herons wade, number " + i + ", at dawn.");
        }
        secret = house.write("letter-of-" + FORMERLY + ".txt", "What " + FORMERLY + " said about the herons.");
        house.ingest();
        house.write(secret.getFileName().toString(), letter());
        house.ingest();
        try (Ingestor ingestor = Ingestor.open(house.home, new HashingEmbedder("b"))) {
            ingestor.reembed(House.ANA, "default", _ -> {});
        }
        try (Ingestor ingestor = Ingestor.open(house.home, house.embedder)) {
            ingestor.reembed(House.ANA, "default", _ -> {});
            ingestor.setAccess(House.ANA, "default", secret.toString(), AccessSet.parse("user:ben"));
        }
    }

    /** Long enough that the index, which compresses in small blocks, holds its words in one piece. */
    private static String letter() {
        var letter = new StringBuilder("What " + NOW + " says about the herons and the curlews.");
        for (int i = 0; i < 200; i++) {
            letter.append(" Line ").append(i * 7919 % 1009).append(" of ").append(Integer.toString(i * 104_729, 36));
        }
        return letter.append('.').toString();
    }

    @Test
    void noByteOfItIsLeftInAnyFile() throws Exception {
        Map<String, byte[]> traces = traces();
        assertThat(traces).containsKeys("vector 0", "vector 1");
        Map<String, Set<String>> before = filesWith(traces);
        // What is looked for can be found by looking for it.
        assertThat(before.get(NOW)).contains("catalog.db").anyMatch(file -> file.startsWith("index/default/lexical"));
        assertThat(before.get(FORMERLY + ".txt")).isNotEmpty();
        assertThat(before.get("vector 0")).as("%s", before).anyMatch(file -> file.startsWith("index/default/vectors-"));
        assertThat(before.get("vector 1")).as("%s", before).anyMatch(file -> file.startsWith("index/default/vectors-"));

        forget(House.ANA, secret.toString());

        assertThat(filesWith(traces))
                .allSatisfy((trace, files) -> assertThat(files).as(trace).isEmpty());
        assertThat(house.search(House.ANA, NOW + " curlews")).doesNotContain(secret.toString());
        assertThat(house.documents(House.ANA)).hasSize(40);
        assertThat(house.search(House.ANA, "number 7")).first().isEqualTo("file-7.txt");
        verify();
        assertThat(house.ingest(request("file-1.txt")).embedded())
                .as("nothing else was lost")
                .isZero();
    }

    @Test
    void whatWasKeptOfStandardInputGoesToo() throws Exception {
        try (Ingestor ingestor = Ingestor.open(house.home, house.embedder)) {
            byte[] text = ("Nobody but " + NOW + NOW + " knew.").getBytes(StandardCharsets.UTF_8);
            ingestor.ingest(
                    Request.of(House.ANA, "default", List.of("-")).reading(new ByteArrayInputStream(text)), _ -> {});
            Map<String, byte[]> trace = Map.of("it", (NOW + NOW).getBytes(StandardCharsets.UTF_8));
            assertThat(filesWith(trace).get("it")).anyMatch(file -> file.startsWith("blobs/"));

            ingestor.forget(House.ANA, "default", "-");

            assertThat(filesWith(trace).get("it")).isEmpty();
        }
    }

    @Test
    void datasetsLoseTheirRowsAndAdaptersAreBlockedWhoeverOwnsThem() throws Exception {
        String id = house.entry(House.ANA, secret.getFileName().toString()).id();
        try (var adapters = new AdapterHouse(house.home.path())) {
            DatasetVersion anas = dataset(adapters, House.ANA, "anas", List.of(id));
            DatasetVersion bens = dataset(adapters, House.BEN, "bens", List.of(id));
            DatasetVersion others =
                    adapters.dataset(House.ANA, "others", null, List.of(), AdapterHouse.examples("plain"));
            AdapterEntry blocked = adapters.train(House.ANA, "queues", anas);
            AdapterEntry bensOwn = adapters.train(House.BEN, "sorter", bens);
            AdapterEntry free = adapters.train(House.ANA, "free", others);
            adapters.registry.promote(House.ANA, "queues", "production", adapters.embedder.encoder());
            quoteInAComparison(adapters, id);
            Map<String, byte[]> traces = Map.of(NOW, NOW.getBytes(StandardCharsets.UTF_8));
            assertThat(filesWith(traces).get(NOW)).anyMatch(file -> file.startsWith("adapters/"));

            Forgetting.Forgotten gone = forget(House.ANA, secret.toString());

            assertThat(gone.datasets()).containsExactly("anas");
            assertThat(gone.adapters()).containsExactly("queues");
            assertThat(filesWith(traces).get(NOW)).isEmpty();
            for (var each : Map.of(House.ANA, blocked, House.BEN, bensOwn).entrySet()) {
                String name = each.getValue().name();
                assertThat(adapters.registry.list(each.getKey()))
                        .filteredOn(entry -> entry.name().equals(name))
                        .singleElement()
                        .satisfies(entry -> {
                            assertThat(entry.failed()).isTrue();
                            assertThat(entry.reason())
                                    .startsWith("blocked: a document that it learned from was forgotten");
                        });
                for (String reference : List.of(name, name + "@production", name + "@candidate")) {
                    Failure failure =
                            catchThrowableOfType(Failure.class, () -> adapters.registry.find(each.getKey(), reference));
                    assertThat(failure.kind()).isEqualTo(Failure.Kind.CONFLICT);
                    assertThat(failure).hasMessageContaining("blocked: ");
                }
                assertThat(adapters.registry.mayUse(each.getKey(), each.getValue()))
                        .isFalse();
                assertThatThrownBy(() -> adapters.registry.read(each.getKey(), each.getValue()))
                        .isInstanceOf(Failure.class);
                assertThatThrownBy(() -> adapters.registry.rollback(each.getKey(), name, "production"))
                        .isInstanceOf(Failure.class);
                // Who could not read it before learns nothing now.
                assertThatThrownBy(() -> adapters.registry.find(CARL, name))
                        .isInstanceOfSatisfying(
                                Failure.class, e -> assertThat(e.kind()).isEqualTo(Failure.Kind.MISSING));
            }
            assertThat(adapters.catalog.datasets().list(House.ANA))
                    .extracting(DatasetVersion::name)
                    .containsExactly("others");
            assertThat(adapters.registry.read(House.ANA, free)).isNotEmpty();
            assertThat(adapters.catalog.comparisons().all(House.ANA))
                    .extracting(each -> each.id())
                    .containsExactly("kept");
            // The name can be used again, for what has nothing to do with it.
            DatasetVersion again = adapters.dataset(House.ANA, "anas", null, List.of(), AdapterHouse.examples("plain"));
            assertThat(again.version()).isEqualTo(2);
            forget(House.ANA, secret.toString());
            assertThat(adapters.catalog.datasets().examples(House.ANA, again)).isNotEmpty();
            assertThat(adapters.train(House.ANA, "queues", again).failed()).isFalse();
        }
    }

    @Test
    void whatWasMadeFromItUnderAFormerNameGoesToo() throws Exception {
        String id = house.entry(House.ANA, secret.getFileName().toString()).id();
        try (var adapters = new AdapterHouse(house.home.path())) {
            DatasetVersion dataset = dataset(adapters, House.ANA, "letters", List.of(id));
            adapters.train(House.ANA, "queues", dataset);
            Files.move(secret, house.docs.resolve("renamed.txt"));
            house.ingest();
            Files.move(house.docs.resolve("renamed.txt"), house.docs.resolve("again.txt"));
            house.ingest();
            Map<String, byte[]> traces = Map.of(
                    NOW,
                    NOW.getBytes(StandardCharsets.UTF_8),
                    FORMERLY,
                    FORMERLY.getBytes(StandardCharsets.UTF_8),
                    "renamed",
                    "renamed.txt".getBytes(StandardCharsets.UTF_8));
            assertThat(filesWith(traces))
                    .allSatisfy((trace, files) -> assertThat(files).as(trace).isNotEmpty());

            Forgetting.Forgotten gone =
                    forget(House.ANA, house.docs.resolve("again.txt").toString());

            assertThat(gone.datasets()).containsExactly("letters");
            assertThat(gone.adapters()).containsExactly("queues");
            assertThat(gone.documents()).contains(id).hasSize(3);
            assertThat(filesWith(traces))
                    .allSatisfy((trace, files) -> assertThat(files).as(trace).isEmpty());
        }
    }

    /** Two files that began as the same template, one of them removed since: what was made from it is nobody else's matter. */
    @Test
    void whatHadOnceTheSameContentAndNeverWasTheSameDocumentStays() throws Exception {
        Path one = house.write("case-a.txt", "New case, to be filled in.");
        Path other = house.write("case-b.txt", "New case, to be filled in.");
        house.ingest();
        house.write("case-a.txt", "The case of the herons.");
        house.write("case-b.txt", "The case of the bridges.");
        house.ingest();
        try (var adapters = new AdapterHouse(house.home.path())) {
            String id = house.entry(House.ANA, "case-b.txt").id();
            adapters.train(House.ANA, "queues", dataset(adapters, House.ANA, "bridges", List.of(id)));
            Files.delete(other);
            house.ingest();

            Forgetting.Forgotten gone = forget(House.ANA, one.toString());

            assertThat(gone.documents()).hasSize(1);
            assertThat(gone.datasets()).isEmpty();
            assertThat(gone.adapters()).isEmpty();
        }
    }

    /** The examples were read, the training runs, and the document is forgotten meanwhile. */
    @Test
    void whatWasLearnedWhileItWasForgottenIsNotRegistered() throws Exception {
        String id = house.entry(House.ANA, secret.getFileName().toString()).id();
        try (var adapters = new AdapterHouse(house.home.path())) {
            var request = adapters.request(House.ANA, "queues", dataset(adapters, House.ANA, "letters", List.of(id)));
            forget(House.ANA, secret.toString());
            assertThatThrownBy(() -> adapters.train(request, adapters.embedder))
                    .isInstanceOfSatisfying(
                            Failure.class, e -> assertThat(e.kind()).isEqualTo(Failure.Kind.CONFLICT));
            assertThat(filesWith(Map.of(NOW, NOW.getBytes(StandardCharsets.UTF_8)))
                            .get(NOW))
                    .isEmpty();
        }
    }

    private static DatasetVersion dataset(AdapterHouse adapters, Principal owner, String name, List<String> sources) {
        return adapters.dataset(owner, name, null, sources, AdapterHouse.examples(NOW));
    }

    private static void quoteInAComparison(AdapterHouse adapters, String id) {
        adapters.writing(writer -> {
            writer.comparisons().open("ana", "quoting", "{}", Set.of());
            writer.comparisons()
                    .append(
                            "ana",
                            "quoting",
                            "rag",
                            new TreeMap<>(Map.of(
                                    0,
                                    "{\"said\": \"" + NOW + "\", \"evidence\": [{\"document\": \"" + id
                                            + "\", \"quote\": \"" + NOW + "\"}]}")));
            writer.comparisons().open("ana", "saying", "{}", Set.of());
            writer.comparisons()
                    .append(
                            "ana",
                            "saying",
                            "rag",
                            new TreeMap<>(Map.of(
                                    0, "{\"said\": \"What " + NOW + " says about the herons\", \"evidence\": []}")));
            writer.comparisons().open("ana", "kept", "{}", Set.of());
            writer.comparisons().append("ana", "kept", "rag", new TreeMap<>(Map.of(0, "{\"said\": \"other\"}")));
            return true;
        });
    }

    @Test
    void onlyItsOwnerMayForgetIt() {
        assertThatThrownBy(() -> forget(House.BEN, secret.toString())).isInstanceOfSatisfying(Failure.class, e -> {
            assertThat(e.kind()).isEqualTo(Failure.Kind.DENIED);
            assertThat(e).hasMessageContaining("can be forgotten by its owner only");
        });
        for (Principal stranger : List.of(CARL, Principal.parse("tenant:acme,user:ana,group:hr"))) {
            assertThatThrownBy(() -> forget(stranger, secret.toString()))
                    .isInstanceOfSatisfying(
                            Failure.class, e -> assertThat(e.kind()).isEqualTo(Failure.Kind.MISSING));
        }
        assertThat(house.search(House.ANA, NOW))
                .first()
                .isEqualTo(secret.getFileName().toString());
    }

    @Test
    void whatWasRemovedBeforeCanBeForgottenAndWhatIsThereComesBackWithItsFile() throws Exception {
        Map<String, byte[]> traces = traces();
        try (Ingestor ingestor = Ingestor.open(house.home, house.embedder)) {
            ingestor.remove(House.ANA, "default", secret.toString());
        }
        assertThat(filesWith(traces).values().stream().anyMatch(files -> !files.isEmpty()))
                .isTrue();

        assertThatThrownBy(() -> forget(House.BEN, secret.toString())).isInstanceOf(Failure.class);
        forget(House.ANA, secret.toString());
        forget(House.ANA, secret.toString());

        assertThat(filesWith(traces))
                .allSatisfy((trace, files) -> assertThat(files).as(trace).isEmpty());
        assertThat(house.ingest().added()).isEqualTo(1);
        assertThat(house.search(House.ANA, NOW))
                .first()
                .isEqualTo(secret.getFileName().toString());
        assertThat(house.documents(House.BEN)).as("who it was given to before").isEmpty();
    }

    private Forgetting.Forgotten forget(Principal asker, String document) {
        try (Ingestor ingestor = Ingestor.open(house.home, house.embedder)) {
            return ingestor.forget(asker, "default", document);
        }
    }

    private Request request(String name) {
        return Request.of(House.ANA, "default", List.of(house.docs.resolve(name).toString()));
    }

    private void verify() {
        try (CollectionIndex index =
                        CollectionIndex.read(house.home.index("default", "default"), house.embedder.encoder());
                Catalog catalog = house.catalog();
                var snapshot = index.snapshot()) {
            index.verify();
            long chunks = catalog.status(House.ANA).getFirst().chunks();
            assertThat(snapshot.chunks()).isEqualTo((int) chunks);
            assertThat(snapshot.vectors()).isEqualTo((int) chunks);
        }
    }

    /** Everything by which the document could be told: words, as they are and as they are indexed, hashes, vectors. */
    private Map<String, byte[]> traces() throws Exception {
        var traces = new LinkedHashMap<String, byte[]>();
        for (String word : List.of(
                NOW, FORMERLY, FORMERLY + ".txt", NOW.toLowerCase(Locale.ROOT), FORMERLY.toLowerCase(Locale.ROOT))) {
            traces.put(word, word.getBytes(StandardCharsets.UTF_8));
            traces.put(word + " in UTF-16", word.getBytes(StandardCharsets.UTF_16LE));
        }
        byte[] content = Files.readAllBytes(secret);
        traces.put("hash", Sha256.of(content));
        traces.put("hash in hex", Sha256.hex(content).getBytes(StandardCharsets.UTF_8));
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + house.home.catalog("default"));
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT v.vector, v.text_hash FROM vector v JOIN chunk c USING (text_hash)"
                                + " JOIN document d ON d.key = c.document WHERE d.path LIKE '%letter-of%'")) {
            for (int i = 0; rows.next(); i++) {
                traces.put("vector " + i, rows.getBytes(1));
                traces.put("hash of its text", rows.getBytes(2));
            }
        }
        return traces;
    }

    /** By trace, the files of the tenant that hold it. */
    private Map<String, Set<String>> filesWith(Map<String, byte[]> traces) throws IOException {
        var found = new TreeMap<String, Set<String>>();
        traces.keySet().forEach(trace -> found.put(trace, new TreeSet<>()));
        Path tenant = house.home.tenant("default");
        var all = new ArrayList<Path>();
        try (Stream<Path> files = Files.walk(house.home.path())) {
            files.filter(Files::isRegularFile).forEach(all::add);
        }
        for (Path file : all) {
            String bytes = latin(Files.readAllBytes(file));
            traces.forEach((trace, wanted) -> {
                if (bytes.contains(latin(wanted))
                        || file.toString().contains(HexFormat.of().formatHex(wanted))) {
                    found.get(trace).add(tenant.relativize(file).toString());
                }
            });
        }
        return found;
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
