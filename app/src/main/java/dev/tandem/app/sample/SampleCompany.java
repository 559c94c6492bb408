package dev.tandem.app.sample;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.domain.AccessSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The files of Tarnbeck Instruments, the questions that they answer, and the tickets to its support. */
public final class SampleCompany {

    /**
     * One file of the company.
     *
     * @param path inside the company, with {@code /}
     * @param access who may read it; records of a JSONL file may say otherwise for themselves
     */
    public record SampleFile(String path, AccessSet access) {

        /** The outermost folder: what one ingest takes, as all files in it have the same access. */
        public String folder() {
            return path.substring(0, path.indexOf('/'));
        }
    }

    private SampleCompany() {}

    /** As the manifest lists them, sorted by path. */
    public static List<SampleFile> files() {
        return rows("manifest.tsv").stream()
                .map(row -> new SampleFile(row[0], AccessSet.parse(row[2])))
                .toList();
    }

    /** The access of each outermost folder, in the manifest's order. */
    public static Map<String, AccessSet> folders() {
        var folders = new LinkedHashMap<String, AccessSet>();
        files().forEach(file -> folders.putIfAbsent(file.folder(), file.access()));
        return folders;
    }

    /** Writes the company's files under {@code root}, as they stood in October. */
    public static void copyTo(Path root) throws IOException {
        for (SampleFile file : files()) {
            copy("company/" + file.path(), root.resolve(file.path()));
        }
    }

    /** What happened to one file by November: {@code change}, {@code remove} or {@code rename}, and the new path. */
    public record Later(String what, String path, String to) {}

    public static List<Later> later() {
        return rows("later.tsv").stream()
                .map(row -> new Later(row[0], row[1], row.length > 2 ? row[2] : ""))
                .toList();
    }

    /** Brings one file under {@code root} to its later state. */
    public static void apply(Later later, Path root) throws IOException {
        Path file = root.resolve(later.path());
        switch (later.what()) {
            case "change" -> copy("later/" + later.path(), file);
            case "remove" -> Files.delete(file);
            case "rename" -> Files.move(file, root.resolve(later.to()));
            default -> throw new IllegalStateException("later.tsv says '" + later.what() + "'");
        }
    }

    /** Questions with known answers, some of them none. */
    public static List<SampleCase> suite() {
        var json = new ObjectMapper();
        var cases = new ArrayList<SampleCase>();
        for (String line : text("suite.jsonl").lines().toList()) {
            try {
                JsonNode node = json.readTree(line);
                var answers = new ArrayList<String>();
                node.path("answers").forEach(answer -> answers.add(answer.asText()));
                cases.add(new SampleCase(
                        node.path("id").asText(),
                        SampleCase.Kind.valueOf(node.path("kind").asText().toUpperCase(Locale.ROOT)),
                        node.path("question").asText(),
                        node.path("as").asText(),
                        node.path("insider").asText(),
                        node.path("document").asText(),
                        node.path("quote").asText(),
                        answers));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return List.copyOf(cases);
    }

    /**
     * What a customer or a colleague wrote to support.
     *
     * @param queue which takes it, by the routing policy of its time
     * @param date as in 2026-03-14
     * @param split "train" or "test"
     */
    public record Ticket(String id, String text, String queue, String date, String split) {}

    /** The tickets from January to October 2026, by the policy of October. */
    public static List<Ticket> tickets() {
        return tickets("tickets.jsonl");
    }

    /**
     * What there is to learn from the rule of November: the training tickets of {@link #tickets()} which it moves, under
     * the same ids with the new queue, and new ones of the same kind.
     */
    public static List<Ticket> reclassified() {
        return tickets("reclassified.jsonl");
    }

    /** Tickets of the kind that the rule of November moves, held out: who knows October alone gets them wrong. */
    public static List<Ticket> moved() {
        return tickets("moved.jsonl");
    }

    /** The queues of support, each with a line on what it takes. */
    public static Map<String, String> queues() {
        var queues = new LinkedHashMap<String, String>();
        rows("queues.tsv").forEach(row -> queues.put(row[0], row[1]));
        return Collections.unmodifiableMap(queues);
    }

    private static List<Ticket> tickets(String resource) {
        var json = new ObjectMapper();
        var tickets = new ArrayList<Ticket>();
        for (String line : text(resource).lines().toList()) {
            try {
                JsonNode node = json.readTree(line);
                tickets.add(new Ticket(
                        node.path("id").asText(),
                        node.path("text").asText(),
                        node.path("label").asText(),
                        node.path("date").asText(),
                        node.path("split").asText()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return List.copyOf(tickets);
    }

    private static void copy(String resource, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (InputStream in = open(resource)) {
            Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static List<String[]> rows(String resource) {
        return text(resource).lines().skip(1).map(line -> line.split("\t", -1)).toList();
    }

    /** What the file holds. */
    static byte[] bytes(SampleFile file) {
        return bytes("company/" + file.path());
    }

    private static String text(String resource) {
        return new String(bytes(resource), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String resource) {
        try (InputStream in = open(resource)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String resource) {
        InputStream in = SampleCompany.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException("the sample company has no " + resource);
        }
        return in;
    }
}
