package dev.tandem.catalog;

import dev.tandem.domain.Example;
import dev.tandem.domain.Part;
import dev.tandem.domain.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The datasets of a tenant, read. A principal reads a dataset whose access set allows them and only as long as they may
 * read every document that it was made from; both are asked of the catalog at that moment. A dataset that is hidden looks
 * like one that is not there.
 */
public final class Datasets {

    /** The sets that the asker may read are the value ?1, a JSON array; a source that is gone keeps its last access set. */
    static final String READABLE = " s.access_set IN (SELECT value FROM json_each(?1)) AND NOT EXISTS ("
            + "SELECT 1 FROM dataset_source x JOIN document d ON d.key = x.document"
            + " WHERE x.dataset = s.key AND d.access_set NOT IN (SELECT value FROM json_each(?1)))";

    private final Reading reading;

    Datasets(Reading reading) {
        this.reading = reading;
    }

    /** Runs a statement on the catalog, with the access sets that a principal may read at this moment. */
    @FunctionalInterface
    interface Reading {
        <T> T as(Principal asker, BiFunction<Sql, Set<Long>, T> work);
    }

    /** The current version of every dataset that the asker may read, one's own first, then by name and owner. */
    public List<DatasetVersion> list(Principal asker) {
        return read(
                asker,
                List.of(),
                (sql, sets) -> sql.all(
                        DatasetRows.VERSION + " WHERE v.version = s.latest AND" + READABLE
                                + " ORDER BY s.owner <> ?2, s.name, s.owner",
                        DatasetRows::version,
                        sets,
                        asker.user()));
    }

    /**
     * The dataset of that name: one's own, else the first of another's that may be read.
     *
     * @param reference {@code intents} for the current version, {@code intents@3} for another, {@code ana/intents} for that
     *     user's
     */
    public Optional<DatasetVersion> find(Principal asker, String reference) {
        Reference wanted = Reference.parse(reference);
        Optional<DatasetVersion> current = read(
                asker,
                Optional.empty(),
                (sql, sets) -> sql.first(
                        DatasetRows.VERSION
                                + " WHERE s.name = ?2 AND (?3 = '' OR s.owner = ?3) AND v.version = s.latest AND"
                                + READABLE
                                + " ORDER BY s.owner <> ?4, s.owner LIMIT 1",
                        DatasetRows::version,
                        sets,
                        wanted.name(),
                        wanted.owner(),
                        asker.user()));
        return wanted.version().isEmpty()
                ? current
                : current.flatMap(dataset -> versions(asker, dataset).stream()
                        .filter(each -> wanted.version().equals(Integer.toString(each.version())))
                        .findFirst());
    }

    /** All versions of the same dataset, oldest first; none where the asker may not read it. */
    public List<DatasetVersion> versions(Principal asker, DatasetVersion dataset) {
        return read(
                asker,
                List.of(),
                (sql, sets) -> sql.all(
                        DatasetRows.VERSION + " WHERE s.key = ?2 AND" + READABLE + " ORDER BY v.version",
                        DatasetRows::version,
                        sets,
                        dataset.key()));
    }

    /**
     * Its examples, in an order that depends on what they say alone and shows nothing of their outputs; none where the asker
     * may not read it any more.
     */
    public List<Example> examples(Principal asker, DatasetVersion dataset) {
        return read(asker, List.of(), (sql, sets) -> {
            var examples = new ArrayList<Example>(dataset.total());
            sql.forEach(
                    "SELECT e.input, e.output, e.family, e.part, e.line, e.beside FROM dataset s"
                            + " JOIN example e ON e.dataset = s.key"
                            + " WHERE s.key = ?2 AND e.version = ?3 AND" + READABLE + " ORDER BY e.ordinal",
                    row -> examples.add(new Example(
                            row.getString(1),
                            row.getString(2),
                            DatasetRows.beside(row.getString(6)),
                            row.getString(3),
                            Part.of(row.getString(4)).orElseThrow(),
                            row.getInt(5))),
                    sets,
                    dataset.key(),
                    dataset.version());
            return examples;
        });
    }

    /** The documents that it was made from, by id; the asker may read all that are not deleted, or there are none. */
    public List<String> sources(Principal asker, DatasetVersion dataset) {
        return read(
                asker,
                List.of(),
                (sql, sets) -> sql.all(
                        "SELECT y.id FROM dataset s JOIN dataset_source z ON z.dataset = s.key"
                                + " JOIN document y ON y.key = z.document"
                                + " WHERE s.key = ?2 AND y.state <> 'deleted' AND" + READABLE + " ORDER BY y.id",
                        row -> row.getString(1),
                        sets,
                        dataset.key()));
    }

    /** Hands on the sets that the asker may read, as {@link #READABLE} takes them. */
    <T> T read(Principal asker, T nothing, BiFunction<Sql, String, T> work) {
        Function<Set<Long>, String> json = sets ->
                "[" + String.join(",", sets.stream().map(String::valueOf).toList()) + "]";
        return reading.as(asker, (sql, sets) -> sets.isEmpty() ? nothing : work.apply(sql, json.apply(sets)));
    }

    /** Names of users and datasets hold no slash, names of datasets no {@code @}. An empty version is the current one. */
    private record Reference(String owner, String name, String version) {

        static Reference parse(String text) {
            int slash = text.lastIndexOf('/');
            String owner = text.substring(0, Math.max(0, slash));
            String rest = text.substring(slash + 1);
            int at = rest.indexOf('@');
            return at < 0
                    ? new Reference(owner, rest, "")
                    : new Reference(owner, rest.substring(0, at), rest.substring(at + 1));
        }
    }
}
