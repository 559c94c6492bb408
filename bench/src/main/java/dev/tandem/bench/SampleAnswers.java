package dev.tandem.bench;

import dev.tandem.app.Wiring;
import dev.tandem.app.sample.SampleCase;
import dev.tandem.app.sample.SampleCompany;
import dev.tandem.assistant.Assistant;
import dev.tandem.assistant.AssistantSettings;
import dev.tandem.domain.Answer;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.ingest.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the built-in reader makes of the sample company's own questions, case by case: whether the quote holds the answer,
 * whether the key is one of the answers, and with which support. The questions are the project's own and were looked at
 * while the reader was made, so the sums say how good the demo is and nothing about other people's documents.
 */
final class SampleAnswers {

    private static final String COLLECTION = "default";

    private SampleAnswers() {}

    public static void main(String[] args) throws IOException {
        try (var scratch = Scratch.of("sample");
                var wiring = Wiring.of(scratch.resolve("home"), Map.of())) {
            Path company = scratch.resolve("tarnbeck");
            SampleCompany.copyTo(company);
            Principal owner = Principal.ofUser("tarnbeck");
            try (Ingestor ingestor = wiring.ingestor()) {
                SampleCompany.folders().forEach((folder, access) -> {
                    String path = company.resolve(folder).toString();
                    ingestor.ingest(Request.of(owner, COLLECTION, List.of(path)).allowing(access), event -> {});
                });
            }
            Assistant assistant = Assistant.reading(
                    wiring.searcher(owner),
                    wiring.catalog(owner),
                    wiring.embedder(),
                    AssistantSettings.DEFAULT.withAbstainBelow(0));
            SortedMap<String, Integer> sums = new TreeMap<>();
            for (SampleCase each : SampleCompany.suite()) {
                sums.merge(show(each, assistant), 1, Integer::sum);
            }
            System.out.println(sums);
        }
    }

    private static String show(SampleCase each, Assistant assistant) {
        boolean answerable = switch (each.kind()) {
            case PROSE, TABLE -> true;
            case UNANSWERABLE, RESTRICTED -> false;
        };
        Answer answer = assistant.answer(
                new Query(each.question(), Principal.parse(each.asker()), COLLECTION, Filter.everything(), 10));
        double support = 0;
        String key = "";
        String text = "";
        if (answer instanceof Answer.Grounded grounded) {
            support = grounded.support();
            key = orEmpty(grounded.key());
            text = grounded.text();
        }
        boolean given = support >= AssistantSettings.DEFAULT.abstainBelow();
        String found = text;
        boolean quoted = answerable && each.answers().stream().anyMatch(right -> holds(found, right));
        boolean keyed = each.answers().contains(key);
        String verdict;
        if (!given) {
            verdict = answerable ? (quoted ? "withheld right" : "withheld wrong") : "abstained";
        } else {
            verdict = !answerable ? "made up" : keyed ? "right key" : quoted ? "right quote" : "wrong";
        }
        System.out.printf(
                Locale.ROOT,
                "%-4s %-14s %.2f  %s%n                          [%s] %s%n",
                each.id(),
                verdict,
                support,
                each.question(),
                key,
                text.length() > 220 ? text.substring(0, 220) + "…" : text);
        return verdict;
    }

    private static boolean holds(String text, String right) {
        return text.toLowerCase(Locale.ROOT).contains(right.toLowerCase(Locale.ROOT));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
