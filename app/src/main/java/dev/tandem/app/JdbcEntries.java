package dev.tandem.app;

import dev.tandem.catalog.SourceEntry;
import dev.tandem.sources.JdbcSource;
import java.util.SortedMap;
import java.util.TreeMap;

/** A database as a source's entry keeps it: of user and password only where they are found. */
public final class JdbcEntries {

    private JdbcEntries() {}

    /**
     * As an entry keeps it.
     *
     * @param user {@code env:NAME} or {@code file:PATH}; empty for none
     * @param password likewise
     */
    public static SortedMap<String, String> write(JdbcSource.Definition definition, String user, String password) {
        var fields = new TreeMap<String, String>();
        fields.put("url", definition.url());
        fields.put("query", definition.query());
        fields.put("key", definition.key());
        fields.put("title", definition.title());
        fields.put("watermark", definition.watermark());
        fields.put("user", user);
        fields.put("password", password);
        fields.values().removeIf(String::isEmpty);
        return fields;
    }

    static JdbcSource.Definition definition(SourceEntry entry) {
        SortedMap<String, String> fields = entry.definition();
        return new JdbcSource.Definition(
                entry.name(),
                fields.getOrDefault("url", ""),
                fields.getOrDefault("query", ""),
                fields.getOrDefault("key", ""),
                fields.getOrDefault("title", ""),
                fields.getOrDefault("watermark", ""));
    }
}
