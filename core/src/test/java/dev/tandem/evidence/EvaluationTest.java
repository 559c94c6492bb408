package dev.tandem.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.domain.Answer;
import dev.tandem.domain.Chunk;
import dev.tandem.domain.Citation;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Searcher;
import dev.tandem.domain.Span;
import dev.tandem.domain.TextSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EvaluationTest {

    private static final Principal ANA = Principal.ofUser("ana");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void aDocumentRanksWhereItsBestChunkDoesAndTheLastModeIsPairedWithTheOthers() throws Exception {
        var suite = new BeirSuite(
                "made",
                3,
                List.of(
                        new BeirSuite.Case("1", "first", new TreeMap<>(Map.of("b", 1))),
                        new BeirSuite.Case("2", "second", new TreeMap<>(Map.of("a", 1)))));
        var modes = new LinkedHashMap<String, Searcher>();
        // Document b stands second once a's two chunks are one document; the second query finds nothing relevant.
        modes.put("lexical", query -> query.text().equals("first") ? hits("a", "a", "b") : hits("c"));
        modes.put("hybrid", query -> query.text().equals("first") ? hits("b", "a") : hits("a"));
        RetrievalReport report = new RetrievalEvaluation(ANA, "default", DocumentRef::path).run(suite, modes);

        double second = 1 / (Math.log(3) / Math.log(2));
        assertThat(report.modes().get("lexical").ndcgAt10().value()).isCloseTo(second / 2, within(1e-9));
        assertThat(report.modes().get("lexical").mrrAt10().value()).isEqualTo(0.25);
        assertThat(report.modes().get("lexical").precisionAt5().value()).isEqualTo(0.1);
        assertThat(report.modes().get("hybrid").ndcgAt10().value()).isEqualTo(1);
        assertThat(report.paired().get("hybrid-lexical").value()).isCloseTo(1 - second / 2, within(1e-9));

        JsonNode json = JSON.readTree(
                report.with(new RetrievalReport.Ingest(1.234, 4567.8)).toJson());
        assertThat(names(json)).containsExactly("suite", "documents", "queries", "modes", "paired", "ingest");
        assertThat(names(json.at("/modes/hybrid")))
                .contains("ndcg@10", "precision@5", "recall@5", "recall@10", "recall@100", "mrr@10", "latency_ms");
        assertThat(names(json.at("/modes/hybrid/ndcg@10"))).containsExactly("value", "low", "high");
        assertThat(names(json.at("/modes/hybrid/latency_ms"))).containsExactly("p50", "p95", "p99");
        assertThat(json.at("/ingest/tokens_per_second").asInt()).isEqualTo(4568);
        assertThat(report.toJson()).doesNotContain("\n");
    }

    @Test
    void aSearcherIsAskedForAHundredChunksOfItsCollectionByTheAsker() {
        var asked = new ArrayList<dev.tandem.domain.Query>();
        var modes = new LinkedHashMap<String, Searcher>();
        modes.put("hybrid", query -> {
            asked.add(query);
            return List.of();
        });
        var suite = new BeirSuite("made", 1, List.of(new BeirSuite.Case("1", "q", new TreeMap<>(Map.of("a", 1)))));
        RetrievalReport report = new RetrievalEvaluation(ANA, "wiki", DocumentRef::path).run(suite, modes);
        assertThat(report.modes().get("hybrid").recallAt100().value()).isZero();
        assertThat(asked).allSatisfy(query -> {
            assertThat(query.limit()).isEqualTo(100);
            assertThat(query.collection()).isEqualTo("wiki");
            assertThat(query.asker()).isEqualTo(ANA);
        });
    }

    @Test
    void answersAreMeasuredWithAbstentionAndCitationsCheckedAgain() throws Exception {
        // A character outside the basic plane shifts UTF-16 offsets, not code points.
        String text = "\uD83C\uDF55 Ann flew in 1969. Bob stayed.";
        TextSource texts = (asker, id, version) ->
                asker.equals(ANA) && id.equals("d") && version == 1 ? Optional.of(text) : Optional.empty();
        Map<String, Answer> answers = Map.of(
                "when?",
                grounded("1969", new Span(2, 19), "Ann flew in 1969."),
                "who stayed?",
                grounded("Ann", new Span(2, 19), "Ann flew in 1968."),
                "why?",
                new Answer.Abstained("nothing says so", 0.1, List.of()),
                "where?",
                grounded(null, new Span(20, 31), "Bob stayed."),
                "how?",
                new Answer.Refused("a rule"));
        var suite = new AnswerSuite(
                "made",
                List.of(
                        answerable("1", "when?", "in 1969"),
                        answerable("2", "who stayed?", "bob"),
                        new AnswerSuite.Case("3", "why?", List.of(), Set.of("p")),
                        new AnswerSuite.Case("4", "where?", List.of(), Set.of("p")),
                        answerable("5", "how?", "slowly")));
        AnswerReport report = new AnswerEvaluation(ANA, "default", DocumentRef::path, texts)
                .run(suite, query -> answers.get(query.text()));

        // Only the abstention from the third is an exact match; F1 of "1969" against "in 1969" is 2/3.
        assertThat(report.exactMatch().value()).isEqualTo(0.2);
        assertThat(report.tokenF1().value()).isCloseTo((2.0 / 3 + 1) / 5, within(1e-12));
        assertThat(report.answered()).isEqualTo(3);
        assertThat(report.abstention()).isEqualTo(new AnswerReport.Abstention(1, 0.5));
        assertThat(report.citations().verbatim()).as("the misquote fails").isCloseTo(2.0 / 3, within(1e-12));
        assertThat(report.citations().overlapsGold())
                .as("the first touches 1969, the second's span does not touch Bob")
                .isEqualTo(0.5);

        JsonNode json = JSON.readTree(report.toJson());
        assertThat(names(json))
                .containsExactly("cases", "exact_match", "token_f1", "answered", "abstention", "citations");
        assertThat(json.at("/abstention/f1").asDouble()).isEqualTo(0.6667);
        assertThat(json.at("/citations/verbatim").asDouble()).isEqualTo(0.6667);
        assertThat(names(json.at("/citations/supported"))).containsExactly("aligned", "numbers", "negation");
    }

    @Test
    void aStatementIsHeldAgainstTheQuotesThatItsMarksNameAndNoOthers() {
        TextSource texts = (asker, id, version) -> Optional.empty();
        List<Citation> cited = List.of(
                new Citation(1, document("p"), 0, new Span(0, 30), "Parcels weigh at most 20 kg."),
                new Citation(2, document("p"), 0, new Span(0, 30), "Letters are not insured."));
        var answer = new Answer.Grounded(
                "Parcels weigh at most 30 kg [1]. Letters are insured [2]. Both are parcels or letters [1][2].",
                null,
                cited,
                1,
                "a model",
                List.of());
        var report = new AnswerEvaluation(ANA, "default", DocumentRef::path, texts)
                .run(new AnswerSuite("made", List.of(answerable("1", "q", "x"))), query -> answer);
        AnswerReport.Supported supported = report.citations().supported();
        // 3 of 4, 2 of 2, 2 of 3 words; 30 is not 20; the second denies nothing where its quote does.
        assertThat(supported.aligned()).isCloseTo((3 / 4.0 + 1 + 2 / 3.0) / 3, within(1e-12));
        assertThat(supported.numbers()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(supported.negation()).isCloseTo(2 / 3.0, within(1e-12));
    }

    @Test
    void aCitationThatReachesPastTheTextOrThatTheAskerMayNotReadIsNotVerbatim() {
        TextSource texts = (asker, id, version) -> version == 1 ? Optional.of("short") : Optional.empty();
        var suite = new AnswerSuite("made", List.of(answerable("1", "q", "short")));
        var evaluation = new AnswerEvaluation(ANA, "default", DocumentRef::path, texts);
        var beyond = evaluation.run(suite, query -> grounded("short", new Span(0, 90), "short"));
        assertThat(beyond.citations().verbatim()).isZero();
        assertThat(beyond.abstention()).isNull();
        assertThat(beyond.toJson()).contains("\"abstention\":null");
    }

    @Test
    void theRightWordsInAnotherDocumentDoNotOverlapGold() {
        TextSource texts = (asker, id, version) -> Optional.of("Bob stayed.");
        var question = new AnswerSuite.Case("1", "who?", List.of("Bob"), Set.of("another"));
        var report = new AnswerEvaluation(ANA, "default", DocumentRef::path, texts)
                .run(new AnswerSuite("made", List.of(question)), query -> grounded("Bob", new Span(0, 3), "Bob"));
        assertThat(report.citations().verbatim()).isOne();
        assertThat(report.citations().overlapsGold()).isZero();
    }

    @Test
    void withoutAKeySpanTheTextCountsWithoutItsMarks() {
        var suite = new AnswerSuite("made", List.of(answerable("1", "q", "Bob stayed")));
        var report = new AnswerEvaluation(ANA, "default", DocumentRef::path, (a, i, v) -> Optional.empty())
                .run(suite, query -> grounded(null, new Span(0, 1), "Bob stayed."));
        assertThat(report.exactMatch().value()).isEqualTo(1);
    }

    private static AnswerSuite.Case answerable(String id, String question, String answer) {
        return new AnswerSuite.Case(id, question, List.of(answer), Set.of("p"));
    }

    private static Answer grounded(String key, Span span, String quote) {
        return new Answer.Grounded(
                quote + " [1]", key, List.of(new Citation(1, document("p"), 0, span, quote)), 0.9, "reader", List.of());
    }

    private static List<Hit> hits(String... paths) {
        var hits = new ArrayList<Hit>();
        for (String path : paths) {
            var chunk = new Chunk("d", 1, hits.size(), new Span(0, 1), new Span(0, 1), "", 0, "x");
            hits.add(new Hit(document(path), chunk, hits.size() + 1, 0.5, Hit.Channel.NONE, Hit.Channel.NONE));
        }
        return hits;
    }

    private static DocumentRef document(String path) {
        return new DocumentRef("d", 1, "default", "t", path, "file", Instant.EPOCH, Collections.emptySortedMap());
    }

    private static List<String> names(JsonNode node) {
        var names = new ArrayList<String>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
