package dev.tandem.knowledge.extract;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** An export read record by record, whatever its size, and handed on as JSON Lines. */
final class ExportRecords extends InputStream {

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(100).build())
            .build());

    private final InputStream in;
    private final Iterator<JsonNode> records;
    private final Function<JsonNode, ObjectNode> mapping;
    private byte[] line = {};
    private int at;

    /** @param within where in a JSON export the list of records is; empty where it is the export */
    ExportRecords(InputStream file, String path, String within, Function<JsonNode, ObjectNode> mapping)
            throws IOException {
        var buffered = new BufferedInputStream(file, 1 << 16);
        buffered.mark(2);
        boolean zipped = buffered.read() == 0x1F && buffered.read() == 0x8B;
        buffered.reset();
        this.in = zipped ? new BufferedInputStream(new GZIPInputStream(buffered, 1 << 16), 1 << 16) : buffered;
        this.mapping = mapping;
        String name = path.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
        this.records = name.endsWith(".csv")
                ? rows(CSVFormat.RFC4180)
                : name.endsWith(".tsv") ? rows(CSVFormat.TDF) : json(within);
    }

    private Iterator<JsonNode> rows(CSVFormat format) throws IOException {
        in.mark(3);
        byte[] start = in.readNBytes(3);
        if (!Arrays.equals(start, new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF})) {
            in.reset();
        }
        CSVParser rows = CSVParser.parse(
                new InputStreamReader(in, StandardCharsets.UTF_8),
                format.builder().setHeader().setSkipHeaderRecord(true).get());
        Iterator<CSVRecord> each = rows.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return each.hasNext();
            }

            @Override
            public JsonNode next() {
                ObjectNode record = JsonNodeFactory.instance.objectNode();
                each.next().toMap().forEach(record::put);
                return record;
            }
        };
    }

    /** Objects one after another, or those of a list: the first one, or the one that the names lead to. */
    private Iterator<JsonNode> json(String within) throws IOException {
        JsonParser parser = JSON.createParser(in);
        JsonToken first = parser.nextToken();
        if (first == JsonToken.START_OBJECT && !within.isEmpty()) {
            for (String name : within.split("\\.", -1)) {
                if (!into(parser, name)) {
                    throw new IOException("it has no list " + within);
                }
            }
            first = parser.currentToken();
        }
        boolean list = first == JsonToken.START_ARRAY;
        if (list) {
            parser.nextToken();
        }
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return parser.currentToken() != null && parser.currentToken() != JsonToken.END_ARRAY;
            }

            @Override
            public JsonNode next() {
                try {
                    JsonNode record = JSON.readTree(parser);
                    parser.nextToken();
                    return record;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    /** From the start of an object to the value of its field. */
    private static boolean into(JsonParser parser, String name) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean wanted = parser.currentName().equals(name);
            parser.nextToken();
            if (wanted) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }

    @Override
    public int read() throws IOException {
        return fill() ? line[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
        if (!fill()) {
            return -1;
        }
        int count = Math.min(most, line.length - at);
        System.arraycopy(line, at, into, from, count);
        at += count;
        return count;
    }

    private boolean fill() throws IOException {
        if (at < line.length) {
            return true;
        }
        byte[] next = next();
        if (next == null) {
            return false;
        }
        line = next;
        at = 0;
        return true;
    }

    private byte @Nullable [] next() throws IOException {
        try {
            if (!records.hasNext()) {
                return null;
            }
            byte[] object = JSON.writeValueAsBytes(mapping.apply(records.next()));
            byte[] ended = Arrays.copyOf(object, object.length + 1);
            ended[object.length] = '\n';
            return ended;
        } catch (UncheckedIOException e) {
            throw new IOException("the next record cannot be read", e);
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
