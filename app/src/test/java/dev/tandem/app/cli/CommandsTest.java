package dev.tandem.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.app.cli.CommandLineTester.Outcome;
import dev.tandem.onnx.OnnxEmbedder;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands print, and to whom. */
class CommandsTest {

    @TempDir
    Path folder;

    private Path documents;
    private CommandLineTester tandem;

    @BeforeEach
    void aFolderOfDocuments() throws Exception {
        documents = Files.createDirectories(folder.resolve("documents"));
        tandem = new CommandLineTester(folder.resolve("home"));
        Files.writeString(
                documents.resolve("shop.md"),
                "# Opening hours\n\nThe shop opens at ten and closes at six.\n\nOn Sundays it stays closed.");
        Files.writeString(documents.resolve("rooms.rst"), "Rooms\n=====\n\nThe green room seats fourteen people.\n");
    }

    @Test
    void whatAPipeGetsIsPlainAndFitsIntoAHundredColumns() throws Exception {
        tandem.run("ingest", documents.toString());
        for (String[] command : List.of(
                new String[] {"ask", "When does the shop open?"},
                new String[] {"ask", "Who painted the Mona Lisa?"},
                new String[] {"search", "--explain", "opening hours"},
                new String[] {"status"},
                new String[] {"documents"},
                new String[] {"config", "list"})) {
            Outcome outcome = tandem.run(command);
            assertThat(outcome.exitCode()).as(outcome.err()).isZero();
            assertThat(outcome.err()).isEmpty();
            assertThat(outcome.out()).doesNotContain("\u001b");
            assertThat(outcome.out().lines()).allMatch(line -> line.codePointCount(0, line.length()) <= 100);
        }
    }

    @Test
    void theReaderThatComesTrainedAnswersWithItsQuoteAndAbstainsToo() {
        tandem.run("ingest", documents.toString());
        assertThat(tandem.run("config", "set", "reader", "trained").err()).contains("plain or tuned");
        assertThat(tandem.run("config", "set", "reader", "tuned").exitCode()).isZero();
        Outcome answered = tandem.run("ask", "How many people does the green room seat?", "--json");
        assertThat(answered.exitCode()).as(answered.err()).isZero();
        assertThat(answered.out()).contains("The green room seats fourteen people.", "\"fourteen");
        assertThat(tandem.run("ask", "Who painted the Mona Lisa?").out()).doesNotContain("[1]");
        tandem.run("config", "unset", "reader");
    }

    @Test
    void aGermanDocumentIsFoundByTheRulesOfGermanAndExplained() throws Exception {
        Files.writeString(
                documents.resolve("werkstatt.md"),
                "# Werkstatt\n\nDie Werkstatt hat im Keller drei Räume, und die Fahrräder stehen in der Regel im hinteren.");
        Path sign = Files.writeString(documents.resolve("schild.txt"), "Bitte Ruhe.");
        tandem.run("ingest", documents.toString());
        assertThat(tandem.run("documents").out()).containsPattern("werkstatt.md.*  de\\R");
        assertThat(tandem.run("status").out()).contains("1 chunk in languages that the encoder does not know");

        Outcome found = tandem.run("search", "--explain", "In welchem Raum steht mein Fahrrad?", "--limit", "1");
        assertThat(found.out())
                .contains("werkstatt.md", "found by its words (rank 1)", "German words alone")
                .contains("meaning –");

        tandem.run("ingest", sign.toString(), "--language", "de-AT");
        assertThat(tandem.run("documents", sign.toString(), "--json").out()).contains("\"language\":\"de\"");
        assertThat(tandem.run("ingest", sign.toString(), "--language", "klingon")
                        .err())
                .contains("'klingon' is no language", "de, el, en");
    }

    @Test
    void aCollectionIsTunedByItsOwnQuestionsOnlyWhereThatIsBetterAndSaysWhatItTried() throws Exception {
        var queries = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            Files.writeString(
                    documents.resolve("page-" + i + ".md"),
                    "# Page " + i + "\n\nThe depot number " + (100 + i) + " opens at seven. It closes late.\n");
            queries.append("{\"query\": \"When does depot number " + (100 + i) + " open?\", \"quote\": \"depot number "
                    + (100 + i) + " opens at seven\"}\n");
        }
        Path file = Files.writeString(folder.resolve("questions.txt"), queries);
        tandem.run("ingest", documents.toString());

        Outcome tuned = tandem.run("tune-retrieval", "--queries", file.toString(), "--ways", "sentence:110,fixed:110");
        assertThat(tuned.exitCode()).as(tuned.err()).isZero();
        assertThat(tuned.out()).contains("structure:220", "sentence:110", "fixed:110", "in use", "best");
        Outcome figures = tandem.run(
                "tune-retrieval", "--queries", file.toString(), "--ways", "fixed:110", "--dry-run", "--json");
        assertThat(figures.out().lines().toList().getLast())
                .contains("\"difference\"", "\"better\"", "\"embedding_seconds\"");

        assertThat(tandem.run("tune-retrieval", "--reset").out()).contains("as usual");
        assertThat(tandem.run("tune-retrieval", "--queries", file.toString(), "--reranker", folder.toString())
                        .err())
                .contains("has no file model.onnx");
        assertThat(tandem.run("tune-retrieval").err()).contains("--queries");
        assertThat(tandem.run("tune-retrieval", "--queries", file.toString(), "--ways", "pages:9")
                        .err())
                .contains("structure, sentence, paragraph, fixed, semantic");
        assertThat(tandem.run("tune-retrieval", "--queries", file.toString(), "--as", "user:stranger")
                        .exitCode())
                .isEqualTo(4);
    }

    @Test
    void hiddenTextIsReportedWhereItStood() throws Exception {
        Path page = Files.writeString(
                documents.resolve("pier.html"), "<title>Pier</title><p>Open at\u200B nine.</p><p hidden>zebrafish</p>");
        Outcome ingested = tandem.run("ingest", documents.toString());
        assertThat(ingested.exitCode()).as(ingested.err()).isZero();
        assertThat(ingested.err())
                .contains("hidden    ", "pier.html  10 characters")
                .contains("1 document held hidden text: removed 10 characters.");

        assertThat(tandem.run("documents", "--hidden").out())
                .contains("pier.html", "removed 10 hidden characters: 1 zero-width, 9 html")
                .doesNotContain("shop.md");
        assertThat(tandem.run("documents", page.toString(), "--json").out())
                .contains("\"hidden\":{\"zero-width\":1,\"html\":9}")
                .hasLineCount(1);
        assertThat(tandem.run("documents", documents.resolve("shop.md").toString(), "--hidden")
                        .err())
                .contains("None held hidden text.");
        assertThat(tandem.run("documents", "nowhere.md").err()).contains("no document 'nowhere.md'");
        assertThat(tandem.run("search", "zebrafish", "--json").out()).doesNotContain("zebrafish");
    }

    @Test
    void accessIsGivenAndTakenFromTheNextQuestionOn() throws Exception {
        String ana = "user:ana,group:staff";
        tandem.run("ingest", documents.toString());
        assertThat(tandem.run("ask", "When does the shop open?", "--as", ana).exitCode())
                .isEqualTo(4);
        String shop = documents.resolve("shop.md").toString();
        assertThat(tandem.run("access", shop, "--allow", "group:staff").out()).contains("group:staff");
        assertThat(tandem.run("ask", "When does the shop open?", "--as", ana).out())
                .contains("ten");
        assertThat(tandem.run("access", shop, "--as", ana).exitCode()).isEqualTo(3);
        assertThat(tandem.run("remove", shop, "--as", ana).exitCode()).isEqualTo(3);
        tandem.run("access", shop, "--owner-only");
        assertThat(tandem.run("ask", "When does the shop open?", "--as", ana).exitCode())
                .isEqualTo(4);
        assertThat(tandem.run("search", "--json", "shop", "--as", "tenant:other,user:root")
                        .exitCode())
                .isEqualTo(4);
    }

    @Test
    void anotherEncoderIsNothingToAQuestionUntilTheCollectionIsReembeddedAndTheOneBeforeIsAMomentAway()
            throws Exception {
        tandem.run("ingest", documents.toString());
        tandem.run("config", "set", "encoder", anotherEncoder().toString());

        assertThat(tandem.run("ask", "When does the shop open?").out()).contains("opens at ten");
        assertThat(tandem.run("status").out()).contains("vectors by bge-small").doesNotContain("also kept");
        Outcome reembedded = tandem.run("reembed");
        assertThat(reembedded.exitCode()).as(reembedded.err()).isZero();
        assertThat(reembedded.out()).contains("2 embedded").contains("another from now on");
        assertThat(tandem.run("ask", "When does the shop open?").out()).contains("opens at ten");
        assertThat(tandem.run("reembed").out()).contains("nothing to do");
        assertThat(tandem.run("status").out()).contains("also kept: bge-small").contains("vectors by another");

        Files.writeString(documents.resolve("new.md"), "# Kiosk\n\nThe kiosk opens at noon.\n");
        tandem.run("ingest", documents.toString());
        Outcome back = tandem.run("reembed", "--rollback");
        assertThat(back.out())
                .contains("bge-small")
                .contains("1 text came since")
                .contains("--fill");
        assertThat(tandem.run("ask", "When does the kiosk open?").out()).contains("noon");
        assertThat(tandem.run("reembed", "--fill").out()).contains("1 embedded");
        assertThat(tandem.run("reembed", "--rollback", "--json").out()).contains("\"lacking\":0");
        assertThat(tandem.run("reembed", "--drop-old").out()).contains("free again");
        assertThat(tandem.run("reembed", "--rollback").exitCode()).isEqualTo(6);
        assertThat(tandem.run("reembed", "--rollback", "--fill").exitCode()).isEqualTo(2);
        for (String each : List.of("--rollback", "--fill", "--drop-old")) {
            assertThat(tandem.run("reembed", each, "--as", "user:ana").exitCode())
                    .isEqualTo(4);
        }

        tandem.run("config", "unset", "encoder");
        assertThat(tandem.run("ask", "When does the shop open?").out()).contains("opens at ten");
        assertThat(tandem.run("reembed", "--as", "user:ana").exitCode()).isEqualTo(4);
    }

    /** The bundled weights, which make other vectors when they are told to pool otherwise. */
    private Path anotherEncoder() throws Exception {
        Path encoder = Files.createDirectories(folder.resolve("encoder"));
        for (String[] file : new String[][] {
            {"/bge-small-en-v1.5-q.onnx", "model.onnx"}, {"/bge-small-en-v1.5-q-tokenizer.json", "tokenizer.json"}
        }) {
            try (InputStream in = OnnxEmbedder.class.getResourceAsStream(file[0])) {
                Files.copy(in, encoder.resolve(file[1]));
            }
        }
        Files.writeString(encoder.resolve("tandem-encoder.json"), "{\"name\": \"another\", \"pooling\": \"mean\"}");
        return encoder;
    }
}
