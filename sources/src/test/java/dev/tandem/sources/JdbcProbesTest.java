package dev.tandem.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.SourceEntry;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import dev.tandem.domain.Searcher;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.index.Indexes;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.retrieve.Retriever;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows of one table that are documents of three sources, each for other readers, and that change, move from one to another and
 * go: shown to who may read them and to nobody else. Who that is, is kept apart from Tandem.
 */
class JdbcProbesTest {

    private static final long SEED = Long.getLong("tandem.seed", 20_261_127L);
    private static final String COLLECTION = "desk";
    private static final List<String> AUDIENCES = List.of("open", "closed", "ops");

    @TempDir
    private Path folder;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final StandInEncoder embedder = new StandInEncoder();
    private final Map<String, Desk> desks = new TreeMap<>();
    private final Map<Integer, Row> rows = new TreeMap<>();
    private final Set<String> former = new HashSet<>();
    private final List<String> leaks = new ArrayList<>();
    private int words;
    private int shown;
    private Place place;

    /** A source: whose it is, and who may read what comes from it besides; null leaves readers as they are. */
    private static final class Desk {
        final String name;
        final Principal owner;

        @Nullable
        AccessSet access;

        Desk(String name, Principal owner, @Nullable AccessSet access) {
            this.name = name;
            this.owner = owner;
            this.access = access;
        }

        AccessSet readers() {
            return (access == null ? AccessSet.ownerOnly(owner) : access).withOwner(owner);
        }
    }

    /** What the test knows of a row. */
    private static final class Row {
        final int id;
        String word;
        Desk desk;
        AccessSet readers;

        Row(int id, String word, Desk desk) {
            this.id = id;
            this.word = word;
            this.desk = desk;
            this.readers = desk.readers();
        }

        String path() {
            return "jdbc:" + desk.name + "#" + id;
        }
    }

    @BeforeEach
    void build() throws SQLException {
        place = new Place(folder);
        Principal ana = Principal.parse("user:ana");
        desks.put("open", new Desk("open", ana, AccessSet.parse("group:g1,user:u2")));
        desks.put("closed", new Desk("closed", ana, null));
        desks.put("ops", new Desk("ops", Principal.parse("user:ben"), AccessSet.parse("group:g2")));
        execute("CREATE TABLE notice (id INTEGER PRIMARY KEY, word TEXT, audience TEXT, said TEXT)");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String url() {
        return "jdbc:sqlite:" + folder.resolve("desk.db");
    }

    private String word() {
        return "zq" + Integer.toString(1_000 + words++, 36) + "qz";
    }

    private static String said(String word) {
        return "The notice period of " + word + " is 30 days. Ask " + word + " about the rest.";
    }

    private void change() throws SQLException {
        Row row = rows.isEmpty() ? null : List.copyOf(rows.values()).get(random.nextInt(rows.size()));
        int what = row == null ? 0 : random.nextInt(7);
        if (row == null || what < 2) {
            Desk desk = desks.get(AUDIENCES.get(random.nextInt(3)));
            row = new Row(words + 1, word(), desk);
            rows.put(row.id, row);
            execute("INSERT INTO notice VALUES (" + row.id + ", '" + row.word + "', '" + desk.name + "', '"
                    + said(row.word) + "')");
        } else if (what == 2) {
            former.add(row.word);
            row.word = word();
            execute("UPDATE notice SET word = '" + row.word + "', said = '" + said(row.word) + "' WHERE id = "
                    + row.id);
        } else if (what == 3) {
            former.add(row.word);
            rows.remove(row.id);
            execute("DELETE FROM notice WHERE id = " + row.id);
        } else if (what == 4) {
            row.desk = desks.get(AUDIENCES.get(random.nextInt(3)));
            row.readers = row.desk.readers();
            execute("UPDATE notice SET audience = '" + row.desk.name + "' WHERE id = " + row.id);
        } else if (what == 5) {
            desks.get("open").access = AccessSet.parse("group:g" + random.nextInt(4));
        } else {
            giveAccess(row);
        }
    }

    /** To one row; a source that says who may read says it again at its next visit. */
    private void giveAccess(Row row) {
        AccessSet readers = AccessSet.parse("user:u" + random.nextInt(4) + ",group:g3");
        try (Ingestor ingestor = Ingestor.open(place.home, embedder)) {
            ingestor.setAccess(row.desk.owner, COLLECTION, row.path(), readers);
        } catch (Failure notVisitedYet) {
            return;
        }
        row.readers = readers.withOwner(row.desk.owner);
    }

    private void visit(@Nullable AccessSet planted) {
        for (Desk desk : desks.values()) {
            var definition = new JdbcSource.Definition(
                    desk.name,
                    url(),
                    "SELECT id, word, said FROM notice WHERE audience = '" + desk.name + "'",
                    "id",
                    "word",
                    "");
            SourceEntry entry = SourceEntry.of(
                    COLLECTION,
                    desk.owner.user(),
                    desk.name,
                    SourceEntry.JDBC,
                    new TreeMap<>(Map.of("query", definition.query())),
                    planted == null ? desk.access : planted,
                    new TreeMap<>(),
                    Duration.ZERO);
            try (Ingestor ingestor = Ingestor.open(place.home, embedder)) {
                ingestor.visit(desk.owner, entry, new JdbcSource(definition, "", ""), _ -> {});
            }
            if (desk.access != null) {
                rows.values().stream().filter(row -> row.desk == desk).forEach(row -> row.readers = desk.readers());
            }
        }
    }

    private Principal somebody() {
        String user = random.nextInt(3) == 0 ? List.of("ana", "ben").get(random.nextInt(2)) : "u" + random.nextInt(4);
        var groups = new TreeSet<String>();
        for (int i = random.nextInt(3); i > 0; i--) {
            groups.add("g" + random.nextInt(4));
        }
        return new Principal(random.nextInt(8) == 0 ? "globex" : "default", user, groups);
    }

    private void probe(Catalog catalog, Catalog elsewhere, Indexes indexes) {
        Principal asker = somebody();
        boolean here = asker.tenant().equals("default");
        Catalog own = here ? catalog : elsewhere;
        Row about = List.copyOf(rows.values()).get(random.nextInt(rows.size()));
        String question = random.nextBoolean() ? about.word : "notice period ask about the rest";
        var query = new Query(question, asker, COLLECTION, Filter.everything(), 20);
        for (Searcher searcher : List.of(
                Retriever.lexical(indexes, own),
                Retriever.dense(indexes, embedder, own),
                Retriever.fused(indexes, embedder, own))) {
            check("search", asker, told(() -> searcher.search(query)));
        }
        check("documents", asker, told(() -> own.documents(asker, COLLECTION)));
        if (!sees(about, asker)) {
            alike(about.path(), "jdbc:" + about.desk.name + "#none", it -> own.document(asker, COLLECTION, it));
        }
        String sources = told(() -> own.sources(asker));
        for (Desk desk : desks.values()) {
            if (!(here && desk.owner.user().equals(asker.user())) && sources.contains("name=" + desk.name)) {
                leaks.add("sources tells " + asker.fingerprint() + " of " + desk.name);
            }
        }
    }

    private static boolean sees(Row row, Principal asker) {
        return asker.tenant().equals("default") && row.readers.allows(asker);
    }

    private void check(String what, Principal asker, String told) {
        for (Row row : rows.values()) {
            boolean shows = told.contains("Ask " + row.word + " about") || told.contains(row.path() + ",");
            if (shows && !sees(row, asker)) {
                leaks.add(what + " shows " + row.word + " to " + asker.fingerprint());
            }
            shown += shows ? 1 : 0;
        }
        for (String word : former) {
            if (told.contains("Ask " + word + " about")) {
                leaks.add(what + " shows " + word + ", which is gone, to " + asker.fingerprint());
            }
        }
    }

    private void alike(String hidden, String none, Function<String, Object> ask) {
        if (!told(() -> ask.apply(hidden)).replace(hidden, none).equals(told(() -> ask.apply(none)))) {
            leaks.add("document tells that " + hidden + " is there");
        }
    }

    private static String told(Supplier<?> sight) {
        try {
            return String.valueOf(sight.get());
        } catch (Failure e) {
            return e.kind() + " " + e.getMessage() + " " + e.nextStep();
        }
    }

    private void run(int rounds, @Nullable AccessSet planted) throws SQLException {
        System.out.println("JdbcProbesTest: replay with -Dtandem.seed=" + SEED);
        for (int i = 0; i < 10; i++) {
            change();
        }
        visit(planted);
        try (Catalog catalog = Catalog.read(place.home, "default");
                Catalog elsewhere = Catalog.read(place.home, "globex");
                CollectionIndex index =
                        CollectionIndex.read(place.home.index("default", COLLECTION), embedder.encoder())) {
            Indexes indexes = (asker, _) -> asker.tenant().equals("default") ? Optional.of(index) : Optional.empty();
            for (int round = 0; round < rounds; round++) {
                for (int i = random.nextInt(1, 5); i > 0; i--) {
                    change();
                }
                visit(planted);
                for (int i = 0; i < 20; i++) {
                    probe(catalog, elsewhere, indexes);
                }
            }
            everythingIsFound(catalog, indexes);
        }
    }

    private void everythingIsFound(Catalog catalog, Indexes indexes) {
        for (Row row : rows.values()) {
            var query = new Query(row.word, row.desk.owner, COLLECTION, Filter.everything(), 20);
            assertThat(Retriever.lexical(indexes, catalog).search(query))
                    .extracting(hit -> hit.document().path())
                    .contains(row.path());
        }
    }

    @Test
    void rowsAreShownToWhoMayReadThemAlone() throws SQLException {
        run(Integer.getInteger("tandem.rows", 25), null);
        assertThat(leaks).isEmpty();
        assertThat(shown).as("rows shown").isGreaterThan(500);
    }

    @Test
    void probesCatchASourceWhoseReadersAreNotItsOwn() throws SQLException {
        run(3, AccessSet.parse("everyone"));
        assertThat(leaks).anyMatch(leak -> leak.startsWith("search"));
    }
}
