package dev.tandem.evidence;

import dev.tandem.domain.Answer;
import dev.tandem.domain.Answerer;
import dev.tandem.domain.Citation;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import dev.tandem.domain.Span;
import dev.tandem.domain.TextSource;
import dev.tandem.measure.AnswerText;
import dev.tandem.measure.Bootstrap;
import dev.tandem.measure.QuoteSupport;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts the questions of a suite to an answerer, over the whole corpus, and measures what comes back: a grounded answer
 * by its key span (by its text, citation marks removed, where it has none), everything else as the empty answer.
 * Citations are checked here once more, independently of whoever made the answer.
 */
public final class AnswerEvaluation {

    private static final int HITS = 10;
    private static final Pattern CITATION_MARK = Pattern.compile("\\s*\\[\\d+]");
    private static final Pattern CITATION_MARKS = Pattern.compile("(?:\\s*\\[\\d{1,6}])+[.!?]?");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,6}");

    private final Principal asker;
    private final String collection;
    private final Function<DocumentRef, String> corpusId;
    private final TextSource texts;

    /**
     * @param asker who may read the corpus
     * @param collection where it was ingested
     * @param corpusId how the suite calls a document; see {@link CorpusIds}
     * @param texts what citations are checked against
     */
    public AnswerEvaluation(
            Principal asker, String collection, Function<DocumentRef, String> corpusId, TextSource texts) {
        this.asker = asker;
        this.collection = collection;
        this.corpusId = corpusId;
        this.texts = texts;
    }

    public AnswerReport run(AnswerSuite suite, Answerer answerer) {
        int cases = suite.cases().size();
        var exact = new double[cases];
        var f1 = new double[cases];
        var tally = new Tally();
        for (int i = 0; i < cases; i++) {
            AnswerSuite.Case each = suite.cases().get(i);
            Answer answer = answerer.answer(new Query(each.question(), asker, collection, Filter.everything(), HITS));
            String said = said(answer);
            exact[i] = AnswerText.exactMatch(said, each.answers());
            f1[i] = AnswerText.f1(said, each.answers());
            count(tally, each, answer);
        }
        return new AnswerReport(
                cases, Bootstrap.mean(exact), Bootstrap.mean(f1), tally.answered, tally.abstention(), tally.cited());
    }

    /** What is measured of an answer: its key span, else its text without citation marks; nothing where it is none. */
    public static String said(Answer answer) {
        return switch (answer) {
            case Answer.Grounded grounded ->
                grounded.key() != null
                        ? grounded.key()
                        : CITATION_MARK.matcher(grounded.text()).replaceAll("");
            case Answer.Labelled labelled -> labelled.label();
            case Answer.Unbacked unbacked -> unbacked.text();
            case Answer.Abstained _, Answer.Refused _ -> "";
        };
    }

    private void count(Tally tally, AnswerSuite.Case each, Answer answer) {
        tally.unanswerable += each.answerable() ? 0 : 1;
        switch (answer) {
            case Answer.Grounded grounded -> {
                tally.answered++;
                tally.citations += grounded.citations().size();
                tally.verbatim += (int)
                        grounded.citations().stream().filter(this::verbatim).count();
                supported(tally, grounded);
                if (each.answerable()) {
                    tally.answeredAnswerable++;
                    tally.overlapsGold +=
                            grounded.citations().stream().anyMatch(cited -> overlapsGold(cited, each)) ? 1 : 0;
                }
            }
            case Answer.Abstained _ -> {
                tally.abstained++;
                tally.abstainedRightly += each.answerable() ? 0 : 1;
            }
            case Answer.Labelled _, Answer.Unbacked _, Answer.Refused _ -> {}
        }
    }

    /** Each stretch of the text is held against the quotes that its marks name. */
    private static void supported(Tally tally, Answer.Grounded answer) {
        Matcher marks = CITATION_MARKS.matcher(answer.text());
        int from = 0;
        while (marks.find()) {
            String statement = answer.text().substring(from, marks.start());
            List<Integer> named = NUMBER.matcher(marks.group())
                    .results()
                    .map(number -> Integer.valueOf(number.group()))
                    .toList();
            List<String> quotes = answer.citations().stream()
                    .filter(citation -> named.contains(citation.number()))
                    .map(Citation::quote)
                    .toList();
            from = marks.end();
            QuoteSupport support = QuoteSupport.of(statement, quotes);
            tally.statements++;
            tally.aligned += support.aligned();
            tally.numbers += support.numbers() ? 1 : 0;
            tally.negation += support.negation() ? 1 : 0;
        }
    }

    private boolean verbatim(Citation citation) {
        return text(citation)
                .map(text -> citation.span().end() <= text.codePointCount(0, text.length())
                        && citation.span().of(text).equals(citation.quote()))
                .orElse(false);
    }

    private boolean overlapsGold(Citation citation, AnswerSuite.Case each) {
        return each.documents().contains(corpusId.apply(citation.document()))
                && text(citation)
                        .map(text -> each.answers().stream().anyMatch(gold -> standsIn(text, gold, citation.span())))
                        .orElse(false);
    }

    private Optional<String> text(Citation citation) {
        return texts.text(asker, citation.document().id(), citation.document().version());
    }

    /** Whether the words stand, whatever their case, somewhere in the text that the span touches. */
    private static boolean standsIn(String text, String words, Span span) {
        return !words.isBlank()
                && Pattern.compile(Pattern.quote(words.strip()), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                        .matcher(text)
                        .results()
                        .map(found ->
                                new Span(text.codePointCount(0, found.start()), text.codePointCount(0, found.end())))
                        .anyMatch(span::overlaps);
    }

    private static final class Tally {
        private int answered;
        private int answeredAnswerable;
        private int abstained;
        private int abstainedRightly;
        private int unanswerable;
        private int citations;
        private int verbatim;
        private int overlapsGold;
        private int statements;
        private double aligned;
        private int numbers;
        private int negation;

        AnswerReport.@Nullable Abstention abstention() {
            return unanswerable == 0
                    ? null
                    : new AnswerReport.Abstention(
                            share(abstainedRightly, abstained, 0), share(abstainedRightly, unanswerable, 0));
        }

        AnswerReport.Cited cited() {
            return new AnswerReport.Cited(
                    share(verbatim, citations, 1),
                    share(overlapsGold, answeredAnswerable, 0),
                    new AnswerReport.Supported(
                            statements == 0 ? 1 : aligned / statements,
                            share(numbers, statements, 1),
                            share(negation, statements, 1)));
        }

        private static double share(int part, int whole, double ofNothing) {
            return whole == 0 ? ofNothing : (double) part / whole;
        }
    }
}
