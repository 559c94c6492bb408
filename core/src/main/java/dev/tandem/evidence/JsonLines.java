package dev.tandem.evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.domain.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Files of a suite, plain or with {@code .gz} behind their name. */
public final class JsonLines {

    private static final ObjectMapper JSON = new ObjectMapper();

    @FunctionalInterface
    private interface NumberedLine {
        void of(int number, String line);
    }

    private JsonLines() {}

    /** The file as it stands in the folder: {@code name}, else {@code name.gz}. */
    static Optional<Path> find(Path folder, String name) {
        Path plain = folder.resolve(name);
        Path packed = folder.resolve(name + ".gz");
        return Files.isRegularFile(plain)
                ? Optional.of(plain)
                : Files.isRegularFile(packed) ? Optional.of(packed) : Optional.empty();
    }

    static Path require(Path folder, String name) {
        return find(folder, name)
                .orElseThrow(() -> new Failure(
                        Failure.Kind.MISSING,
                        "The suite " + folder + " has neither " + name + " nor " + name + ".gz.",
                        "Point at a folder in BEIR layout: corpus.jsonl, queries.jsonl and qrels/test.tsv."));
    }

    /** Takes a row and the number of its line, from 1. */
    @FunctionalInterface
    public interface Row {
        void of(int line, JsonNode row);
    }

    /** Each line that is not blank, in order. */
    public static void lines(Path file, Consumer<String> each) {
        numberedLines(file, (_, line) -> each.accept(line));
    }

    private static void numberedLines(Path file, NumberedLine each) {
        try (InputStream bytes = Files.newInputStream(file);
                InputStream text = file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
                var reader = new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8))) {
            int number = 1;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank()) {
                    each.of(number, line);
                }
                number++;
            }
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The suite's file " + file + " cannot be read: " + e.getMessage() + ".",
                    "Check that it is whole and readable.",
                    e);
        }
    }

    /** Each line as a JSON object, in order, with its number. */
    public static void numbered(Path file, Row each) {
        numberedLines(file, (number, line) -> {
            JsonNode node = parse(line);
            if (node == null || !node.isObject()) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "Line " + number + " of " + file + " is not a JSON object.",
                        "Write one JSON object a line.");
            }
            each.of(number, node);
        });
    }

    /** Each line as a JSON object, in order. */
    static void objects(Path file, Consumer<JsonNode> each) {
        lines(file, line -> {
            JsonNode node = parse(line);
            if (node == null || !node.isObject()) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "The suite's file " + file + " has a line that is not a JSON object.",
                        "Write one JSON object a line.");
            }
            each.accept(node);
        });
    }

    /** A field that must be there. */
    static String text(Path file, JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The suite's file " + file + " has a record without \"" + field + "\".",
                    "Give every record its \"" + field + "\".");
        }
        return value.asText();
    }

    private static @Nullable JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException _) {
            return null;
        }
    }
}
