package dev.tandem.knowledge.extract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How records of an export, as ticket systems make them, become documents: lines of {@code meaning = template}. A template is
 * text with fields in braces, {@code {fields.summary}}, dots leading into objects; one without braces is a field.
 *
 * <pre>
 * records  = issues
 * id       = key
 * title    = {key}: {fields.summary}
 * text     = {fields.description}
 * each     = fields.comment.comments | {author.displayName}: {body}
 * meta.status = fields.status.name
 * access   = group:support
 * modified = fields.updated
 * </pre>
 */
public final class ExportMapping {

    private static final Pattern FIELD = Pattern.compile("\\{([^{}]+)}");
    private static final Set<String> SINGLE = Set.of("records", "id", "title", "access", "modified");

    /** Part of the text: a paragraph, or one for each entry of a list. */
    private record Paragraph(String list, String template) {}

    private final SortedMap<String, String> single = new TreeMap<>();
    private final SortedMap<String, String> metadata = new TreeMap<>();
    private final List<Paragraph> text = new ArrayList<>();

    private ExportMapping() {}

    /**
     * Reads a mapping file.
     *
     * @throws Failure INVALID with the line that cannot be understood
     */
    public static ExportMapping read(Path file) {
        try {
            return parse(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The mapping " + Printable.of(file.toString()) + " cannot be read.",
                    "Check its path, and that it is text in UTF-8.",
                    e);
        }
    }

    static ExportMapping parse(String written, String name) {
        var mapping = new ExportMapping();
        int number = 0;
        for (String line : written.lines().toList()) {
            number++;
            if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
                mapping.add(line, name, number);
            }
        }
        if (mapping.text.isEmpty() || !mapping.single.containsKey("id")) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The mapping " + Printable.of(name) + " says nothing of the "
                            + (mapping.text.isEmpty() ? "text." : "id."),
                    "Add a line such as "
                            + (mapping.text.isEmpty()
                                    ? "text = {description}."
                                    : "id = key: by it records are known."));
        }
        return mapping;
    }

    private void add(String line, String name, int number) {
        String[] sides = line.split("=", 2);
        String meaning = sides[0].strip().toLowerCase(Locale.ROOT);
        String value = sides.length < 2 ? "" : sides[1].strip();
        String[] each = value.split("\\|", 2);
        boolean known = SINGLE.contains(meaning)
                || meaning.equals("text")
                || meaning.matches("meta\\.\\S+")
                || (meaning.equals("each") && each.length == 2);
        if (!known || value.isEmpty() || (SINGLE.contains(meaning) && single.containsKey(meaning))) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "Line " + number + " of " + Printable.of(name) + " is not understood: " + Printable.of(line),
                    "Write records, id, title, text, each, meta.NAME, access or modified, then = and a field or {field}"
                            + " in a text; each = LIST | TEMPLATE.");
        }
        if (meaning.equals("text")) {
            text.add(new Paragraph("", value));
        } else if (meaning.equals("each")) {
            text.add(new Paragraph(each[0].strip(), each[1].strip()));
        } else if (meaning.startsWith("meta.")) {
            metadata.put(meaning.substring(5), value);
        } else {
            single.put(meaning, value);
        }
    }

    /** Whether a file of that name can be read with a mapping: CSV, TSV, JSON or JSON Lines, perhaps gzipped. */
    public static boolean handles(String path) {
        String name = path.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
        return name.matches(".*\\.(csv|tsv|json|jsonl|ndjson)");
    }

    /** The records as JSON Lines that {@link Mapping#standard()} reads; the nth line is the nth record. */
    public InputStream records(InputStream in, String path) throws IOException {
        return new ExportRecords(in, path, single.getOrDefault("records", ""), this::mapped);
    }

    private ObjectNode mapped(JsonNode record) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        put(document, "_id", single.get("id"), record);
        put(document, "title", single.get("title"), record);
        put(document, "modified", single.get("modified"), record);
        String access = single.get("access");
        if (access != null) {
            // Readers that cannot be told are refused later on, and never opened to a default.
            boolean constant =
                    (access.indexOf(':') > 0 && !FIELD.matcher(access).find()) || access.equals("everyone");
            document.put("allow", constant ? access : filled(access, record));
        }
        var paragraphs = new ArrayList<String>();
        for (Paragraph each : text) {
            if (each.list().isEmpty()) {
                paragraphs.add(filled(each.template(), record));
            } else {
                JsonNode list = at(record, each.list());
                if (list != null) {
                    list.forEach(entry -> paragraphs.add(filled(each.template(), entry)));
                }
            }
        }
        paragraphs.removeIf(String::isBlank);
        document.put("text", String.join("\n\n", paragraphs));
        ObjectNode told = document.putObject("metadata");
        metadata.forEach((key, template) -> put(told, key, template, record));
        return document;
    }

    private static void put(ObjectNode into, String key, @Nullable String template, JsonNode record) {
        String value = template == null ? "" : filled(template, record);
        if (!value.isBlank()) {
            into.put(key, value);
        }
    }

    /** Empty where none of its fields has anything to say. */
    private static String filled(String template, JsonNode record) {
        Matcher field = FIELD.matcher(template);
        if (!field.find()) {
            return value(at(record, template));
        }
        var out = new StringBuilder();
        boolean said = false;
        field.reset();
        while (field.find()) {
            String value = value(at(record, field.group(1).strip()));
            said |= !value.isBlank();
            field.appendReplacement(out, Matcher.quoteReplacement(value));
        }
        field.appendTail(out);
        return said ? out.toString() : "";
    }

    /** The field of that very name, else the one that its dots lead to. */
    private static @Nullable JsonNode at(JsonNode record, String path) {
        JsonNode direct = record.get(path);
        if (direct != null) {
            return direct;
        }
        JsonNode at = record;
        for (String name : path.split("\\.", -1)) {
            at = at == null ? null : at.get(name);
        }
        return at;
    }

    private static String value(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return "";
        }
        if (node.isArray()) {
            return String.join(
                    ", ",
                    node.valueStream()
                            .filter(JsonNode::isValueNode)
                            .map(JsonNode::asText)
                            .toList());
        }
        return node.isValueNode() ? node.asText() : "";
    }
}
