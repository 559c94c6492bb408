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
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Below which support the built-in reader should abstain: chosen on the training articles of squad-v2.0-dev, reported on
 * the test articles. Three kinds of questions are asked over the whole corpus: answerable ones; SQuAD's unanswerable ones,
 * written to look answerable; and answerable ones whose article is hidden, which is how a missing answer mostly looks in
 * practice. The threshold is the one with the highest Youden index on the training articles: the share of right readings
 * that are given, less the share of wrong ones that are, where a reading is right when the key shares a word with a right
 * answer.
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
    private record Outcome(Kind kind, double support, double exactMatch, double f1) {
        boolean right() {
            return kind == Kind.ANSWERABLE && f1 > 0;
        }
    }

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
            case Answer.Abstained _, Answer.Refused _ -> new Outcome(kind, 0, 0, 0);
        };
    }

    private static double best(List<Outcome> outcomes) {
        double best = 0;
        double most = -1;
        for (double at = 0.01; at < 1; at += 0.01) {
            double threshold = at;
            double given = share(outcomes, true, threshold) - share(outcomes, false, threshold);
            if (given > most) {
                most = given;
                best = threshold;
            }
        }
        return best;
    }

    private static double share(List<Outcome> outcomes, boolean right, double threshold) {
        return outcomes.stream()
                .filter(outcome -> outcome.right() == right)
                .mapToDouble(outcome -> outcome.support() >= threshold ? 1 : 0)
                .average()
                .orElse(0);
    }

    private static void print(String name, List<Outcome> outcomes, double threshold) {
        List<Outcome> squad = outcomes.stream()
                .filter(outcome -> outcome.kind() != Kind.HIDDEN)
                .toList();
        List<Outcome> practice = outcomes.stream()
                .filter(outcome -> outcome.kind() != Kind.UNANSWERABLE)
                .toList();
        List<Outcome> answerable =
                squad.stream().filter(o -> o.kind() == Kind.ANSWERABLE).toList();
        System.out.printf(
                Locale.ROOT,
                "%-5s at %.2f | SQuAD 2.0: abstention %s | hidden articles: abstention %s | answerable: answered %.3f,"
                        + " EM %s, F1 %s; of those answered EM %.3f, F1 %.3f%n",
                name,
                threshold,
                abstention(squad, threshold),
                abstention(practice, threshold),
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

    private static String abstention(List<Outcome> outcomes, double threshold) {
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
        double precision = abstained == 0 ? 0 : rightly / abstained;
        double recall = unanswerable == 0 ? 0 : rightly / unanswerable;
        double f1 = precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
        return String.format(Locale.ROOT, "P %.3f R %.3f F1 %.3f", precision, recall, f1);
    }

    private static String text(double[] values) {
        Interval mean = Bootstrap.mean(values);
        return String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", mean.value(), mean.low(), mean.high());
    }
}
