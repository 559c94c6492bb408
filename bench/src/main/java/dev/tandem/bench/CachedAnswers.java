package dev.tandem.bench;

import dev.tandem.app.Wiring;
import dev.tandem.app.sample.SampleCase;
import dev.tandem.app.sample.SampleCompany;
import dev.tandem.assistant.Assistant;
import dev.tandem.domain.Answer;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.ingest.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whether remembering the built-in reader's answers pays: milliseconds for a question of the sample company's suite that is
 * answered anew, answered and kept, and given again, in one process, questions with citations alone.
 */
final class CachedAnswers {

    private static final String COLLECTION = "default";

    private CachedAnswers() {}

    public static void main(String[] args) throws IOException {
        try (var scratch = Scratch.of("cached");
                var wiring = Wiring.of(scratch.resolve("home"), Map.of())) {
            Path company = scratch.resolve("tarnbeck");
            SampleCompany.copyTo(company);
            Principal owner = Principal.ofUser("tarnbeck");
            try (Ingestor ingestor = wiring.ingestor()) {
                ingestor.ingest(Request.of(owner, COLLECTION, List.of(company.toString())), _ -> {});
            }
            Assistant assistant = wiring.assistant(owner);
            List<Query> questions = SampleCompany.suite().stream()
                    .map(SampleCase::question)
                    .map(question -> new Query(question, owner, COLLECTION, Filter.everything(), 3))
                    .filter(query -> assistant.answer(query) instanceof Answer.Grounded)
                    .toList();
            time("answered anew", questions, assistant::reply);
            Assistant.Replies remembering = wiring.remembering(owner, assistant);
            time("answered and kept", questions, remembering);
            time("given again", questions, remembering);
        }
    }

    private static void time(String what, List<Query> questions, Assistant.Replies replies) {
        double[] millis = questions.stream()
                .mapToDouble(query -> {
                    long before = System.nanoTime();
                    replies.reply(query, _ -> {}, Duration.ofMinutes(1));
                    return (System.nanoTime() - before) / 1e6;
                })
                .toArray();
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "%-18s p50 %6.1f ms, p95 %6.1f ms (%d questions)%n",
                what,
                millis[millis.length / 2],
                millis[millis.length * 95 / 100],
                millis.length);
    }
}
