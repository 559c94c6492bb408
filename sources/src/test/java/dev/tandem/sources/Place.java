package dev.tandem.sources;

import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.DocumentEntry;
import dev.tandem.catalog.Home;
import dev.tandem.catalog.SourceEntry;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Principal;
import dev.tandem.knowledge.ingest.Event;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.ingest.Source;
import dev.tandem.knowledge.ingest.Summary;
import dev.tandem.knowledge.ingest.Visits;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A home that sources are visited for; everything in it is real but the encoder. */
final class Place {

    static final Principal ANA = Principal.parse("user:ana,group:hr");
    static final Principal BEN = Principal.parse("user:ben,group:ops");

    final Home home;
    final List<Event> events = new ArrayList<>();

    Place(Path folder) {
        home = Home.at(folder.resolve("home"));
    }

    static SourceEntry web(String url, Duration every) {
        return web(url, every, null);
    }

    static SourceEntry web(String url, Duration every, @Nullable AccessSet access) {
        return SourceEntry.of(
                "default",
                "ana",
                WebSource.name(url),
                SourceEntry.WEB,
                new TreeMap<>(),
                access,
                new TreeMap<>(),
                every);
    }

    static SourceEntry rows(JdbcSource.Definition definition) {
        return SourceEntry.of(
                "default",
                "ana",
                definition.name(),
                SourceEntry.JDBC,
                new TreeMap<>(Map.of("query", definition.query())),
                null,
                new TreeMap<>(),
                Duration.ZERO);
    }

    Summary visit(SourceEntry entry, Source source) {
        events.clear();
        try (Ingestor ingestor = Ingestor.open(home, new StandInEncoder())) {
            return ingestor.visit(ANA, entry, source, events::add);
        }
    }

    Summary visitDue(Principal owner, Function<SourceEntry, Source> opener) {
        events.clear();
        try (Ingestor ingestor = Ingestor.open(home, new StandInEncoder())) {
            return ingestor.visitDue(owner, opener, events::add);
        }
    }

    Visits visits(Principal owner, Function<SourceEntry, Source> opener) {
        return new Visits(owner, () -> sources(owner), () -> Ingestor.open(home, new StandInEncoder()), opener);
    }

    /** As if the time between two visits had passed. */
    void makeDue() {
        try (var catalog = DriverManager.getConnection(
                        "jdbc:sqlite:" + home.path().resolve("tenants/default/catalog.db"));
                var statement = catalog.createStatement()) {
            statement.executeUpdate("UPDATE source SET due = 1");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    <E extends Event> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    List<DocumentEntry> documents(Principal asker) {
        try (Catalog catalog = Catalog.read(home, asker.tenant())) {
            return catalog.documents(asker, null);
        }
    }

    List<String> paths(Principal asker) {
        return documents(asker).stream().map(DocumentEntry::path).toList();
    }

    String text(String path) {
        try (Catalog catalog = Catalog.read(home, ANA.tenant())) {
            DocumentEntry entry = catalog.document(ANA, "default", path).orElseThrow();
            return catalog.text(ANA, entry.id(), entry.version()).orElseThrow();
        }
    }

    List<SourceEntry> sources(Principal asker) {
        try (Catalog catalog = Catalog.read(home, asker.tenant())) {
            return catalog.sources(asker);
        }
    }
}
