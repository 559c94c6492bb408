package dev.tandem.evidence;

import dev.tandem.domain.Failure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which queries of a suite are asked. Half of them, {@code dev}, are there to choose settings by; the other half,
 * {@code report}, to say what was reached. A query is dev when the SHA-256 of its id, read as a number, is even, so the
 * halves are the same on every machine and for every order of the file.
 */
public final class Part {

    private final Predicate<String> ids;
    private final String name;

    private Part(String name, Predicate<String> ids) {
        this.name = name;
        this.ids = ids;
    }

    /**
     * The part of that name.
     *
     * @param text {@code all}, {@code dev}, {@code report} or a file of query ids: one a line, bare or as the
     *     {@code _id} of a JSON object
     */
    public static Part of(String text) {
        return switch (text) {
            case "all" -> new Part(text, id -> true);
            case "dev" -> new Part(text, Part::isDev);
            case "report" -> new Part(text, id -> !isDev(id));
            default -> {
                Path file = Path.of(text);
                if (!Files.isRegularFile(file)) {
                    throw new Failure(
                            Failure.Kind.INVALID,
                            "'" + text + "' is neither a part of the queries nor a file of query ids.",
                            "Choose all, dev, report or a file with one query id a line.");
                }
                Set<String> wanted = read(file);
                yield new Part(text, wanted::contains);
            }
        };
    }

    public boolean has(String queryId) {
        return ids.test(queryId);
    }

    @Override
    public String toString() {
        return name;
    }

    /** The digest is big-endian, so its last bit says whether the number is even. */
    static boolean isDev(String queryId) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(queryId.getBytes(StandardCharsets.UTF_8));
            return (digest[digest.length - 1] & 1) == 0;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Set<String> read(Path file) {
        var ids = new HashSet<String>();
        JsonLines.lines(file, line -> {
            if (!line.startsWith("{")) {
                ids.add(line.strip());
            }
        });
        if (ids.isEmpty()) {
            JsonLines.objects(file, node -> ids.add(JsonLines.text(file, node, "_id")));
        }
        return ids;
    }
}
