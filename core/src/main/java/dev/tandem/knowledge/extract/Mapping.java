package dev.tandem.knowledge.extract;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Which fields of a JSON record mean what. Of several names the first that the record has counts.
 *
 * @param id what the record is called; where there is none, a hash of the record stands in
 * @param title falls back to the id
 * @param text what is read: a string or a list of strings
 * @param metadata objects whose plain entries become metadata; other plain fields of the record do so by themselves
 * @param access who may read: {@code "group:hr,user:ana"} or a list of grantees
 * @param modified when it was last changed, ISO 8601
 */
public record Mapping(
        List<String> id,
        List<String> title,
        List<String> text,
        List<String> metadata,
        List<String> access,
        List<String> modified) {

    public Mapping {
        id = List.copyOf(id);
        title = List.copyOf(title);
        text = List.copyOf(text);
        metadata = List.copyOf(metadata);
        access = List.copyOf(access);
        modified = List.copyOf(modified);
    }

    public static Mapping standard() {
        return new Mapping(
                List.of("_id", "id"),
                List.of("title", "name"),
                List.of("text", "body", "content"),
                List.of("metadata"),
                List.of("access", "allow"),
                List.of("modified", "updated", "date"));
    }

    /** Reads {@code text=summary|abstract,title=headline}; what is not named stays as in {@link #standard()}. */
    public static Mapping parse(String written) {
        var fields = new TreeMap<String, List<String>>();
        for (String part : written.split(",", -1)) {
            String[] sides = part.split("=", 2);
            String meaning = sides[0].strip();
            if (sides.length < 2
                    || sides[1].isBlank()
                    || !List.of("id", "title", "text", "metadata", "access", "modified")
                            .contains(meaning)) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "'" + Printable.of(part) + "' does not map a field.",
                        "Map id, title, text, metadata, access or modified, for example text=summary,title=headline.");
            }
            fields.put(
                    meaning,
                    Arrays.stream(sides[1].split("\\|", -1)).map(String::strip).toList());
        }
        Mapping standard = standard();
        return new Mapping(
                fields.getOrDefault("id", standard.id),
                fields.getOrDefault("title", standard.title),
                fields.getOrDefault("text", standard.text),
                fields.getOrDefault("metadata", standard.metadata),
                fields.getOrDefault("access", standard.access),
                fields.getOrDefault("modified", standard.modified));
    }
}
