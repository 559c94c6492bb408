package dev.tandem.catalog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Metadata as a JSON object of strings. */
final class Metadata {

    /** The streaming half of the library: the binding half costs a cold start a tenth of a second. */
    private static final JsonFactory JSON = new JsonFactory();

    private Metadata() {}

    static String write(Map<String, String> metadata) {
        if (metadata.isEmpty()) {
            return "{}";
        }
        var text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            for (var entry : new TreeMap<>(metadata).entrySet()) {
                out.writeStringField(entry.getKey(), entry.getValue());
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    static SortedMap<String, String> read(String json) {
        if (json.equals("{}")) {
            return Collections.emptySortedMap();
        }
        var metadata = new TreeMap<String, String>();
        try (JsonParser in = JSON.createParser(json)) {
            in.nextToken();
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String key = in.currentName();
                metadata.put(key, in.nextTextValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return metadata;
    }
}
