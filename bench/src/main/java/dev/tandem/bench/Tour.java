package dev.tandem.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Writes the transcript in {@code docs/tour.md}: {@code ./tandem} run on real documents that nobody here wrote, with
 * questions that nobody here chose, and every answer kept as it came. What stands in the file above the mark was written
 * by a person who read the transcript, and is left alone.
 *
 * <pre>bench/run Tour FOLDER</pre>
 *
 * <p>FOLDER takes some 100 MB: the documents, the home, and the transcript of the ingest. Where it has them already, the
 * questions are asked again and nothing else is repeated: reading 3,000 pages takes a while on two cores.
 */
public final class Tour {

    private static final String MARK = "<!-- the transcript, written by bench/run Tour -->";

    private static final int PAGES = 3_000;
    /** Every fifth of the hundred questions: chosen by nobody's taste. */
    private static final int STRIDE = 5;

    /** Asked of the contracts, and what lawyers found in them by the labels of the set. */
    private static final List<String[]> OF_CONTRACTS = List.of(
            new String[] {"Which country's law governs the supply agreement of Ultragenyx?", "Germany"},
            new String[] {
                "How much notice is needed so that iCoreConnect's strategic alliance agreement is not renewed?",
                "90 days"
            },
            new String[] {"When does the maintenance agreement of Her Imports end?", "13 October 2021"},
            new String[] {"Which state's law governs the drkoop.com sponsorship agreement?", "Delaware"},
            new String[] {"Until when does the CurAegis corporate sponsorship agreement run?", "31 October 2010"});

    private final ObjectMapper json = new ObjectMapper();
    private final Path root;
    private final Path data;
    private final Path folder;

    private Tour(Path root, Path data, Path folder) {
        this.root = root;
        this.data = data;
        this.folder = folder;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        var tour = new Tour(
                Path.of(System.getProperty("tandem.root")).toAbsolutePath(),
                Path.of(System.getProperty("tandem.data")).toAbsolutePath(),
                Path.of(args[0]).toAbsolutePath());
        tour.write();
    }

    private void write() throws IOException, InterruptedException {
        Path read = folder.resolve("ingest.md");
        if (!Files.exists(read)) {
            Files.writeString(read, ingest());
        }
        String transcript = Files.readString(read) + questions();
        Path page = root.resolve("docs/tour.md");
        String written = Files.exists(page) ? Files.readString(page) : "# A tour on real documents\n\n" + MARK;
        Files.writeString(
                page, written.substring(0, written.indexOf(MARK)) + MARK + "\n\n" + transcript.strip() + "\n");
    }

    private String ingest() throws IOException, InterruptedException {
        AwsPages.unpack(data.resolve("aws-docs-qa"), PAGES, folder.resolve("aws-docs"));
        Path contracts = Files.createDirectories(folder.resolve("contracts"));
        try (Stream<Path> files = Files.list(data.resolve("cuad/pdfs"))) {
            for (Path file : files.toList()) {
                Files.copy(file, contracts.resolve(file.getFileName().toString()));
            }
        }
        return "## Reading 3,000 pages and 28 contracts\n\n"
                + run("ingest", "aws-docs", "--collection", "aws")
                + run("ingest", "contracts", "--collection", "contracts")
                + run("status");
    }

    private String questions() throws IOException, InterruptedException {
        Path aws = data.resolve("aws-docs-qa");
        Map<String, JsonNode> gold = new HashMap<>();
        for (String line : Files.readAllLines(aws.resolve("answers.jsonl"))) {
            JsonNode node = json.readTree(line);
            gold.put(node.get("_id").asText(), node);
        }
        var out = new StringBuilder("## Twenty questions to the AWS documentation\n\n");
        List<String> lines = Files.readAllLines(aws.resolve("queries.jsonl"));
        for (int i = 0; i < lines.size(); i += STRIDE) {
            JsonNode question = json.readTree(lines.get(i));
            out.append(run("ask", question.get("text").asText(), "--collection", "aws"))
                    .append(expected(
                            Objects.requireNonNull(gold.get(question.get("_id").asText()))));
        }
        out.append("## Five questions to the contracts\n\n");
        for (String[] question : OF_CONTRACTS) {
            out.append(run("ask", question[0], "--collection", "contracts"))
                    .append("*Expected:* ")
                    .append(question[1])
                    .append("\n\n");
        }
        return out.toString();
    }

    /** What the set's own answer is, and the page that it was taken from. */
    private static String expected(JsonNode known) {
        var answers = new ArrayList<String>();
        String yesNo = known.path("yes_no").asText("");
        if (yesNo.equals("Yes") || yesNo.equals("No")) {
            answers.add(yesNo + ".");
        }
        known.path("answers").forEach(answer -> answers.add(answer.asText().replaceAll("\\s+", " ")));
        return "*Expected:* " + String.join(" ", answers) + " (`"
                + known.path("context_id").asText() + "`)\n\n";
    }

    /** Runs {@code ./tandem} as a person would type it in the folder, and keeps what it said on both streams. */
    private String run(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(root.resolve("tandem").toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("TANDEM_HOME", folder.resolve("home").toString());
        System.err.println("tandem " + String.join(" ", arguments));
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exitCode = process.waitFor();
        var out = new StringBuilder("```console\n$ tandem");
        for (String argument : arguments) {
            out.append(' ').append(argument.contains(" ") ? "\"" + argument + "\"" : argument);
        }
        out.append('\n').append(said.stripTrailing()).append('\n');
        if (exitCode != 0) {
            out.append("(exit code ").append(exitCode).append(")\n");
        }
        return out.append("```\n\n").toString();
    }
}
