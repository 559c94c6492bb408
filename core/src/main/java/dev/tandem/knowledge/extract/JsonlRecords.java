package dev.tandem.knowledge.extract;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The documents of a JSON Lines file, plain or gzipped, one at a time, so that a file of any size can be read. A line that
 * is no document is told with its number, and the rest goes on.
 */
public final class JsonlRecords implements Iterator<JsonlRecords.Entry>, AutoCloseable {

    /** What became of one line; blank lines count but are not told. */
    public sealed interface Entry {

        /** From 1. */
        long line();

        /**
         * A document.
         *
         * @param id unique in the file
         * @param access who may read it; null where the record does not say
         */
        record Document(
                long line,
                String id,
                Extracted extracted,
                @Nullable AccessSet access) implements Entry {}

        /** No document, and why. */
        record Rejected(long line, String reason) implements Entry {}
    }

    private static final int LONGEST_VALUE = 1_000;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(100)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build());

    private final InputStream in;
    private final Mapping mapping;
    private final ExtractLimits limits;
    private final Set<String> ids = new HashSet<>();
    private long line;
    private boolean ended;
    private @Nullable Entry next;

    private JsonlRecords(InputStream in, Mapping mapping, ExtractLimits limits) {
        this.in = in;
        this.mapping = mapping;
        this.limits = limits;
    }

    /** Whether a file of that name is read record by record: {@code .jsonl} or {@code .ndjson}, and with {@code .gz}. */
    public static boolean handles(String path) {
        String name = path.toLowerCase(Locale.ROOT);
        String bare = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        return bare.endsWith(".jsonl") || bare.endsWith(".ndjson");
    }

    /** Reads from a stream that is closed with this; gzip is recognised by its first bytes. */
    public static JsonlRecords open(InputStream in, Mapping mapping, ExtractLimits limits) throws IOException {
        var buffered = new BufferedInputStream(in, 1 << 16);
        buffered.mark(2);
        boolean zipped = buffered.read() == 0x1F && buffered.read() == 0x8B;
        buffered.reset();
        return new JsonlRecords(
                zipped ? new BufferedInputStream(new GZIPInputStream(buffered, 1 << 16), 1 << 16) : buffered,
                mapping,
                limits);
    }

    @Override
    public boolean hasNext() {
        while (next == null && !ended) {
            next = advance();
        }
        return next != null;
    }

    @Override
    public Entry next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        Entry entry = next;
        next = null;
        return entry;
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** The entry of the next line; null where it is blank or there is none. */
    private @Nullable Entry advance() {
        byte[] bytes;
        try {
            bytes = nextLine();
        } catch (IOException broken) {
            ended = true;
            return new Entry.Rejected(
                    line, "The file breaks off here: " + Printable.of(String.valueOf(broken.getMessage())));
        }
        if (bytes == null) {
            return ended
                    ? null
                    : new Entry.Rejected(line, "The record is longer than " + limits.maxBytes() + " bytes.");
        }
        if (isBlank(bytes)) {
            return null;
        }
        try {
            return document(bytes);
        } catch (Failure reason) {
            return new Entry.Rejected(line, String.valueOf(reason.getMessage()));
        } catch (JsonProcessingException malformed) {
            return new Entry.Rejected(line, "It is not JSON: " + Printable.of(malformed.getOriginalMessage()) + ".");
        } catch (IOException unreadable) {
            return new Entry.Rejected(line, "It is not JSON in UTF-8.");
        }
    }

    private Entry document(byte[] bytes) throws IOException {
        if (!(JSON.readTree(bytes) instanceof ObjectNode record)) {
            throw Unreadable.because("It is not a JSON object.");
        }
        String text = text(first(record, mapping.text()));
        if (text.isBlank()) {
            throw Unreadable.because("It has no text; looked for " + String.join(", ", mapping.text()) + ".");
        }
        JsonNode named = first(record, mapping.id());
        String id = named != null && named.isValueNode() ? Tidy.title(named.asText()) : "";
        id = id.isEmpty() ? hash(bytes) : id;
        JsonNode title = first(record, mapping.title());
        AccessSet access = access(first(record, mapping.access()));
        var out = new BlockWriter();
        PlainText.write(text, false, out);
        JsonNode modified = first(record, mapping.modified());
        Extracted extracted = out.finish(
                title != null && title.isValueNode() ? title.asText() : id,
                id,
                metadata(record),
                modified == null ? null : Dates.parse(modified.asText()));
        if (!ids.add(id)) {
            throw Unreadable.because("Its id '" + Printable.of(id) + "' was given to an earlier line.");
        }
        return new Entry.Document(line, id, extracted, access);
    }

    /** Plain fields that mean nothing else, and the plain entries of the metadata objects. */
    private SortedMap<String, String> metadata(ObjectNode record) {
        var found = new TreeMap<String, String>();
        for (var field : record.properties()) {
            boolean taken = mapping.id().contains(field.getKey())
                    || mapping.title().contains(field.getKey())
                    || mapping.text().contains(field.getKey())
                    || mapping.access().contains(field.getKey());
            if (!taken) {
                put(found, field.getKey(), field.getValue());
            }
        }
        for (String name : mapping.metadata()) {
            if (record.get(name) instanceof ObjectNode object) {
                object.properties().forEach(entry -> put(found, entry.getKey(), entry.getValue()));
            }
        }
        return found;
    }

    private static void put(Map<String, String> found, String key, JsonNode value) {
        if (value.isValueNode() && !value.isNull() && value.asText().length() <= LONGEST_VALUE) {
            found.put(Tidy.title(key).toLowerCase(Locale.ROOT), value.asText());
        }
    }

    /** A record that names readers in a way that cannot be understood is refused, never opened to the default. */
    private static @Nullable AccessSet access(@Nullable JsonNode node) {
        if (node == null) {
            return null;
        }
        if (node.isTextual()) {
            return AccessSet.parse(node.asText());
        }
        if (!node.isArray() || node.valueStream().anyMatch(entry -> !entry.isTextual())) {
            throw Unreadable.because("Its access is neither a text nor a list of grantees.");
        }
        return AccessSet.of(node.valueStream().map(JsonNode::asText).toList());
    }

    private static String text(@Nullable JsonNode node) {
        if (node == null) {
            return "";
        }
        if (node.isArray()) {
            return String.join(
                    "\n\n",
                    node.valueStream()
                            .filter(JsonNode::isTextual)
                            .map(JsonNode::asText)
                            .toList());
        }
        return node.isValueNode() ? node.asText() : "";
    }

    private static @Nullable JsonNode first(ObjectNode record, List<String> names) {
        for (String name : names) {
            JsonNode value = record.get(name);
            if (value != null && !value.isNull()) {
                return value;
            }
        }
        return null;
    }

    /** The bytes up to the next line end; null at the end of the file (then {@code ended}) and for too long a line. */
    private byte @Nullable [] nextLine() throws IOException {
        var bytes = new ByteArrayOutputStream(512);
        int b = in.read();
        if (b < 0) {
            ended = true;
            return null;
        }
        line++;
        boolean fits = true;
        while (b >= 0 && b != '\n') {
            fits = fits && bytes.size() < limits.maxBytes();
            if (fits) {
                bytes.write(b);
            }
            b = in.read();
        }
        return fits ? bytes.toByteArray() : null;
    }

    private boolean isBlank(byte[] bytes) {
        int start = line == 1 && bytes.length >= 3 && (bytes[0] & 0xFF) == 0xEF ? 3 : 0;
        for (int i = start; i < bytes.length; i++) {
            if (bytes[i] > ' ' || bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    private static String hash(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
