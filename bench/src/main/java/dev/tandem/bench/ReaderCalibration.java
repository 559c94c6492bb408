package dev.tandem.bench;

import dev.tandem.assistant.Assistant;
import dev.tandem.assistant.AssistantSettings;
import dev.tandem.domain.Answer;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Query;
import dev.tandem.domain.Searcher;
import dev.tandem.evidence.AnswerSuite;
import dev.tandem.measure.AnswerText;
import dev.tandem.measure.Bootstrap;
import dev.tandem.measure.Interval;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Below which support the built-in reader should abstain: chosen on the training articles of squad-v2.0-dev, reported on
 * the test articles. Three kinds of questions are asked over the whole corpus: answerable ones; SQuAD's unanswerable ones,
 * written to look answerable; and answerable ones whose article is hidden, which is how a missing answer mostly looks in
 * practice. The measure is the F1 of abstention over the first and the third kind. Its top is flat, and on it an answer that
 * is kept back costs the asker more than one that has to be read twice: the threshold is the lowest whose F1 is within half
 * a point of the best, on training articles.
 */
final class ReaderCalibration {

    private enum Kind {
        ANSWERABLE,
        UNANSWERABLE,
        HIDDEN
    }

    /**
     * What the reader made of a question, were it never to abstain.
     *
     * @param support 0 where it found nothing to say
     */
    private record Outcome(Kind kind, double support, double exactMatch, double f1) {}

    private ReaderCalibration() {}

    public static void main(String[] args) throws IOException {
        try (SquadHome home = SquadHome.open()) {
            List<Outcome> train = outcomes(home, "train");
            double threshold = best(train);
            System.out.printf(
                    Locale.ROOT,
                    "threshold chosen on training articles: %.2f; built in: %.2f%n",
                    threshold,
                    AssistantSettings.DEFAULT.abstainBelow());
            for (double at = 0; at < 0.95; at += 0.05) {
                print("train", train, at);
            }
            print("TRAIN", train, threshold);
            print("TEST", outcomes(home, "test"), threshold);
        }
    }

    private static List<Outcome> outcomes(SquadHome home, String part) {
        AssistantSettings settings = AssistantSettings.DEFAULT.withAbstainBelow(0);
        Searcher searcher = home.searcher(home.embedder());
        var all = Assistant.reading(searcher, home.catalog(), home.embedder(), settings);
        var outcomes = new ArrayList<Outcome>();
        for (AnswerSuite.Case each :
                SquadHome.questions(SquadHome.HALF_ANSWERED, part).cases()) {
            Query query = SquadHome.query(each.question(), SquadHome.HALF_ANSWERED, 10);
            outcomes.add(outcome(each.answerable() ? Kind.ANSWERABLE : Kind.UNANSWERABLE, each, all.answer(query)));
            if (each.answerable()) {
                Assistant blind = Assistant.reading(
                        asked -> without(each, searcher, asked), home.catalog(), home.embedder(), settings);
                outcomes.add(outcome(Kind.HIDDEN, each, blind.answer(query)));
            }
        }
        return outcomes;
    }

    /** What is found outside the article that answers. */
    private static List<Hit> without(AnswerSuite.Case each, Searcher searcher, Query query) {
        List<Hit> hits =
                searcher.search(new Query(query.text(), query.asker(), query.collection(), query.filter(), 60));
        Set<String> articles =
                each.documents().stream().map(id -> id.replaceAll("-\\d+$", "")).collect(Collectors.toSet());
        var left = new ArrayList<Hit>();
        for (Hit hit : hits) {
            String article = SquadHome.CORPUS_ID.apply(hit.document()).replaceAll("-\\d+$", "");
            if (!articles.contains(article) && left.size() < query.limit()) {
                left.add(
                        new Hit(hit.document(), hit.chunk(), left.size() + 1, hit.score(), hit.lexical(), hit.dense()));
            }
        }
        return left;
    }

    private static Outcome outcome(Kind kind, AnswerSuite.Case each, Answer answer) {
        return switch (answer) {
            case Answer.Grounded grounded -> {
                String said = grounded.key() == null ? grounded.text() : grounded.key();
                boolean answerable = kind == Kind.ANSWERABLE;
                yield new Outcome(
                        kind,
                        grounded.support(),
                        answerable ? AnswerText.exactMatch(said, each.answers()) : 0,
                        answerable ? AnswerText.f1(said, each.answers()) : 0);
            }
            case Answer.Labelled _, Answer.Unbacked _, Answer.Abstained _, Answer.Refused _ ->
                new Outcome(kind, 0, 0, 0);
        };
    }

    private static double best(List<Outcome> outcomes) {
        List<Outcome> practice = practice(outcomes);
        double[] f1 = IntStream.range(0, 100)
                .mapToDouble(hundredths ->
                        Abstention.of(practice, hundredths / 100.0).f1())
                .toArray();
        double enough = Arrays.stream(f1).max().orElseThrow() - 0.005;
        return IntStream.range(0, 100)
                        .filter(hundredths -> f1[hundredths] >= enough)
                        .findFirst()
                        .orElseThrow()
                / 100.0;
    }

    private static List<Outcome> practice(List<Outcome> outcomes) {
        return outcomes.stream()
                .filter(outcome -> outcome.kind() != Kind.UNANSWERABLE)
                .toList();
    }

    private static void print(String name, List<Outcome> outcomes, double threshold) {
        List<Outcome> squad = outcomes.stream()
                .filter(outcome -> outcome.kind() != Kind.HIDDEN)
                .toList();
        List<Outcome> practice = practice(outcomes);
        List<Outcome> answerable =
                squad.stream().filter(o -> o.kind() == Kind.ANSWERABLE).toList();
        System.out.printf(
                Locale.ROOT,
                "%-5s at %.2f | SQuAD 2.0: abstention %s | hidden articles: abstention %s | answerable: answered %.3f,"
                        + " EM %s, F1 %s; of those answered EM %.3f, F1 %.3f%n",
                name,
                threshold,
                Abstention.of(squad, threshold),
                Abstention.of(practice, threshold),
                mean(answerable, threshold, o -> 1),
                text(answerable.stream()
                        .mapToDouble(o -> o.support() >= threshold ? o.exactMatch() : 0)
                        .toArray()),
                text(answerable.stream()
                        .mapToDouble(o -> o.support() >= threshold ? o.f1() : 0)
                        .toArray()),
                mean(answerable, threshold, Outcome::exactMatch) / mean(answerable, threshold, o -> 1),
                mean(answerable, threshold, Outcome::f1) / mean(answerable, threshold, o -> 1));
    }

    private static double mean(
            List<Outcome> outcomes, double threshold, java.util.function.ToDoubleFunction<Outcome> value) {
        return outcomes.stream()
                .mapToDouble(o -> o.support() >= threshold ? value.applyAsDouble(o) : 0)
                .average()
                .orElse(0);
    }

    /** How well not answering finds the questions that have no answer. */
    private record Abstention(double precision, double recall) {

        static Abstention of(List<Outcome> outcomes, double threshold) {
            double abstained = 0;
            double rightly = 0;
            double unanswerable = 0;
            for (Outcome outcome : outcomes) {
                boolean answerable = outcome.kind() == Kind.ANSWERABLE;
                unanswerable += answerable ? 0 : 1;
                if (outcome.support() < threshold) {
                    abstained++;
                    rightly += answerable ? 0 : 1;
                }
            }
            return new Abstention(
                    abstained == 0 ? 0 : rightly / abstained, unanswerable == 0 ? 0 : rightly / unanswerable);
        }

        double f1() {
            return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "P %.3f R %.3f F1 %.3f", precision, recall, f1());
        }
    }

    private static String text(double[] values) {
        Interval mean = Bootstrap.mean(values);
        return String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", mean.value(), mean.low(), mean.high());
    }
}
