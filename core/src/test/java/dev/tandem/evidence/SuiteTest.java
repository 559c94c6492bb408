package dev.tandem.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteTest {

    @TempDir
    private Path folder;

    @Test
    void aSuiteIsReadWhetherPackedOrNotAndQueriesThatNothingAnswersAreLeftOut() throws IOException {
        gzip("corpus.jsonl.gz", "{\"_id\":\"a\",\"title\":\"A\",\"text\":\"x\"}\n{\"_id\":\"b\",\"text\":\"y\"}\n");
        write(
                "queries.jsonl",
                "{\"_id\":\"1\",\"text\":\"one?\"}\n\n{\"_id\":\"2\",\"text\":\"two?\"}\n{\"_id\":\"3\",\"text\":\"three?\"}\n");
        write("qrels/test.tsv", "query-id\tcorpus-id\tscore\n1\ta\t1\n1\tb\t2\n2\ta\t0\n");
        BeirSuite suite = BeirSuite.read(folder);
        assertThat(suite.documents()).isEqualTo(2);
        assertThat(suite.cases())
                .containsExactly(new BeirSuite.Case("1", "one?", new TreeMap<>(Map.of("a", 1, "b", 2))));
        assertThat(BeirSuite.corpus(folder)).isEqualTo(folder.resolve("corpus.jsonl.gz"));
    }

    @Test
    void judgementsInTheFourColumnsOfTrecEvalAreReadToo() throws IOException {
        write("queries.jsonl", "{\"_id\":\"1\",\"text\":\"one?\"}\n");
        write("qrels/train.tsv", "1\t0\ta\t1\n");
        assertThat(BeirSuite.read(folder, "train").cases().getFirst().grades()).containsExactly(Map.entry("a", 1));
    }

    @Test
    void whatIsMissingOrMalformedIsSaidWithTheFile() throws IOException {
        assertThatThrownBy(() -> BeirSuite.read(folder))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.MISSING))
                .hasMessageContaining("qrels/test.tsv");
        write("qrels/test.tsv", "1\ta\tmany\n");
        write("queries.jsonl", "not json\n");
        assertThatThrownBy(() -> BeirSuite.read(folder)).hasMessageContaining("test.tsv");
        write("qrels/test.tsv", "1\ta\t1\n");
        assertThatThrownBy(() -> BeirSuite.read(folder))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID))
                .hasMessageContaining("queries.jsonl");
    }

    @Test
    void devIsTheQueriesWhoseDigestIsAnEvenNumber() {
        // SHA-256("1") = 6b86…875b4b ends in b, odd; SHA-256("3") = 4e07…94ce ends in e, even
        assertThat(Part.isDev("1")).isFalse();
        assertThat(Part.isDev("3")).isTrue();
    }

    @Test
    void devAndReportShareNothingLeaveNothingOutAndAreAboutEqual() {
        BeirSuite all = suiteOf(1_000);
        BeirSuite dev = all.only(Part.of("dev"));
        BeirSuite report = all.only(Part.of("report"));
        assertThat(dev.cases()).doesNotContainAnyElementsOf(report.cases());
        assertThat(dev.cases().size() + report.cases().size()).isEqualTo(1_000);
        assertThat(dev.cases().size()).isBetween(450, 550);
        assertThat(all.only(Part.of("all")).cases()).isEqualTo(all.cases());
    }

    @Test
    void aFileOfIdsChoosesQueriesWhetherBareOrAsRecords() throws IOException {
        write("ids.txt", "q7\nq9\n");
        write("ids.jsonl", "{\"_id\":\"q8\",\"text\":\"eight?\"}\n");
        BeirSuite all = suiteOf(20);
        assertThat(all.only(Part.of(folder.resolve("ids.txt").toString())).cases())
                .extracting(BeirSuite.Case::id)
                .containsExactly("q7", "q9");
        assertThat(all.only(Part.of(folder.resolve("ids.jsonl").toString())).cases())
                .extracting(BeirSuite.Case::id)
                .containsExactly("q8");
        write("other.txt", "unknown\n");
        var unknown = Part.of(folder.resolve("other.txt").toString());
        assertThatThrownBy(() -> all.only(unknown)).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> Part.of("dve")).isInstanceOf(Failure.class).hasMessageContaining("dve");
    }

    @Test
    void aSampleIsAlwaysTheSameAndKeepsTheOrder() {
        BeirSuite all = suiteOf(200);
        var drawn = all.sample(50).cases();
        assertThat(drawn).hasSize(50).isEqualTo(all.sample(50).cases());
        assertThat(all.cases()).containsSubsequence(drawn);
        assertThat(all.sample(500)).isEqualTo(all);
    }

    @Test
    void answersAreReadWithTheirDocumentsAndTheUnanswerableHaveNone() throws IOException {
        write("answers.jsonl", """
                {"_id":"1","question":"who?","answers":["Ann","A."],"context_id":"Apollo_program-3"}
                {"_id":"2","question":"when?","answers":["1969"],"gold":["h1","h2"]}
                {"_id":"3","question":"why?","answers":["plausible"],"context_id":"Other-0","is_impossible":true}
                """);
        AnswerSuite suite = AnswerSuite.read(folder);
        assertThat(suite.cases())
                .containsExactly(
                        new AnswerSuite.Case("1", "who?", List.of("Ann", "A."), Set.of("Apollo_program-3")),
                        new AnswerSuite.Case("2", "when?", List.of("1969"), Set.of("h1", "h2")),
                        new AnswerSuite.Case("3", "why?", List.of(), Set.of("Other-0")));
        write("split.tsv", "title\tin v2.0\tpart\nApollo program\tyes\ttest\nOther\tyes\ttrain\n");
        assertThat(suite.ofArticles(AnswerSuite.articles(folder.resolve("split.tsv"), "test"))
                        .cases())
                .extracting(AnswerSuite.Case::id)
                .containsExactly("1");
    }

    @Test
    void aFoundDocumentIsCalledAsTheJudgementsCallIt() {
        assertThat(CorpusIds.ofRecords().apply(document("/tmp/x/corpus.jsonl.gz#a#b")))
                .isEqualTo("a#b");
        assertThat(CorpusIds.ofRecords().apply(document("corpus.jsonl#h5"))).isEqualTo("h5");
        Path root = folder.resolve("pages");
        assertThat(CorpusIds.below(root)
                        .apply(document(root.resolve("guide/a.md").toString())))
                .isEqualTo("guide/a.md");
    }

    private static DocumentRef document(String path) {
        return new DocumentRef("0", 1, "default", "t", path, "file", Instant.EPOCH, Collections.emptySortedMap());
    }

    private static BeirSuite suiteOf(int queries) {
        return new BeirSuite(
                "made",
                1,
                IntStream.range(0, queries)
                        .mapToObj(i -> new BeirSuite.Case("q" + i, "query " + i, new TreeMap<>(Map.of("d", 1))))
                        .toList());
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void gzip(String name, String text) throws IOException {
        try (var out = new GZIPOutputStream(Files.newOutputStream(folder.resolve(name)))) {
            out.write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
    }
}
