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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The files of Tarnbeck Instruments, and the questions that they answer. */
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

    private static void copy(String resource, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (InputStream in = open(resource)) {
            Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static List<String[]> rows(String resource) {
        return text(resource).lines().skip(1).map(line -> line.split("\t", -1)).toList();
    }

    private static String text(String resource) {
        try (InputStream in = open(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
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
