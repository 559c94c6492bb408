package dev.tandem.bench;

import dev.tandem.assistant.Assistant;
import dev.tandem.assistant.AssistantSettings;
import dev.tandem.evidence.AnswerEvaluation;
import dev.tandem.evidence.AnswerReport;
import dev.tandem.evidence.AnswerSuite;
import dev.tandem.measure.Interval;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How many passages the built-in reader should read: exact match, token F1 and cited answers over the whole corpus of
 * squad-v1.1-dev with 1, 2, 4, 5, 8 and 16 of them, never abstaining, and the time of a question with nothing remembered.
 * The default is taken from the training articles; the test articles are printed below them.
 */
final class PassageCount {

    private static final List<Integer> COUNTS = List.of(1, 2, 4, 5, 8, 16);
    private static final int EVERY = 8;
    private static final int TIMED = 60;

    private PassageCount() {}

    public static void main(String[] args) throws IOException {
        try (SquadHome home = SquadHome.open()) {
            for (String part : List.of("train", "test")) {
                AnswerSuite suite = some(SquadHome.questions(SquadHome.ANSWERED, part));
                for (int count : COUNTS) {
                    print(
                            home,
                            part,
                            suite,
                            AssistantSettings.DEFAULT.withPassages(count).withAbstainBelow(0));
                }
            }
        }
    }

    private static AnswerSuite some(AnswerSuite suite) {
        return new AnswerSuite(
                suite.name(),
                IntStream.range(0, suite.cases().size())
                        .filter(i -> i % EVERY == 0)
                        .mapToObj(suite.cases()::get)
                        .toList());
    }

    private static void print(SquadHome home, String part, AnswerSuite suite, AssistantSettings settings) {
        Assistant assistant =
                Assistant.reading(home.searcher(home.embedder()), home.catalog(), home.embedder(), settings);
        AnswerReport report = new AnswerEvaluation(
                        SquadHome.ASKER, SquadHome.collection(suite.name()), SquadHome.CORPUS_ID, home.catalog())
                .run(suite, assistant);
        System.out.printf(
                Locale.ROOT,
                "%-5s %2d passages: EM %s, F1 %s, citation overlaps gold %.3f, verbatim %.3f, median %.0f ms a question"
                        + " (%,d questions)%n",
                part,
                settings.passages(),
                text(report.exactMatch()),
                text(report.tokenF1()),
                report.citations().overlapsGold(),
                report.citations().verbatim(),
                medianMillis(home, suite, settings),
                report.cases());
    }

    private static double medianMillis(SquadHome home, AnswerSuite suite, AssistantSettings settings) {
        Assistant assistant =
                Assistant.reading(home.searcher(home.encoder()), home.catalog(), home.encoder(), settings);
        double[] millis = suite.cases().stream()
                .limit(TIMED)
                .mapToDouble(each -> {
                    long before = System.nanoTime();
                    assistant.answer(SquadHome.query(each.question(), suite.name(), 10));
                    return (System.nanoTime() - before) / 1e6;
                })
                .sorted()
                .toArray();
        return Arrays.stream(millis).skip(millis.length / 2).findFirst().orElse(0);
    }

    private static String text(Interval figure) {
        return String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", figure.value(), figure.low(), figure.high());
    }
}
