package dev.tandem.bench;

import dev.tandem.app.Wiring;
import dev.tandem.app.sample.SampleCompany;
import dev.tandem.assistant.Assistant;
import dev.tandem.assistant.Chat;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.ingest.Request;
import dev.tandem.measure.Bootstrap;
import dev.tandem.measure.Interval;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * What making follow-ups stand alone does for retrieval: how often the right document is first, and among the first five,
 * for second and third questions of written dialogues about the sample company, asked as they stand and as {@code tandem
 * chat} asks them without a language model. The dialogues are the project's own, in {@code dialogues.tsv}; rules are chosen
 * on the part {@code dev}. With {@code -v} every question is shown.
 */
final class FollowUps {

    private static final String COLLECTION = "default";

    private FollowUps() {}

    private record Asked(String dialogue, String part, String question, List<String> documents) {}

    private record Ranks(String part, int asIs, int standing, boolean changed) {}

    public static void main(String[] args) throws IOException {
        boolean verbose = List.of(args).contains("-v");
        try (var scratch = Scratch.of("follow-ups");
                var wiring = Wiring.of(scratch.resolve("home"), Map.of())) {
            Path company = scratch.resolve("tarnbeck");
            SampleCompany.copyTo(company);
            Principal owner = Principal.ofUser("tarnbeck");
            try (Ingestor ingestor = wiring.ingestor()) {
                ingestor.ingest(Request.of(owner, COLLECTION, List.of(company.toString())), _ -> {});
            }
            Assistant assistant = wiring.assistant(owner);
            Chat.Table table = wiring.table(owner, assistant, assistant::reply);
            var ranks = new ArrayList<Ranks>();
            dialogues().forEach((_, turns) -> {
                Chat chat = table.begin(COLLECTION);
                for (int i = 0; i < turns.size(); i++) {
                    Asked asked = turns.get(i);
                    Chat.Said said = chat.say(asked.question(), Filter.everything(), _ -> {});
                    if (i == 0) {
                        continue;
                    }
                    int asIs = rank(wiring, owner, asked, asked.question());
                    int standing = rank(wiring, owner, asked, said.asked());
                    ranks.add(new Ranks(
                            asked.part(), asIs, standing, !said.asked().equals(asked.question())));
                    if (verbose && !asked.part().equals("report")) {
                        System.out.printf(
                                Locale.ROOT,
                                "%s %2d → %2d  %s%n                → %s%n",
                                asked.dialogue(),
                                asIs,
                                standing,
                                asked.question(),
                                said.asked());
                    }
                }
            });
            for (String part : List.of("dev", "report")) {
                List<Ranks> of =
                        ranks.stream().filter(each -> each.part().equals(part)).toList();
                System.out.printf(
                        Locale.ROOT,
                        "%s: %d follow-ups, %d of them changed%n",
                        part,
                        of.size(),
                        of.stream().filter(Ranks::changed).count());
                for (int most : List.of(1, 5)) {
                    print(of, most);
                }
            }
        }
    }

    private static void print(List<Ranks> ranks, int most) {
        double[] asIs = found(ranks, Ranks::asIs, most);
        double[] standing = found(ranks, Ranks::standing, most);
        System.out.printf(
                Locale.ROOT,
                "  among the first %d: as asked %s, standing alone %s, difference %s%n",
                most,
                text(Bootstrap.mean(asIs)),
                text(Bootstrap.mean(standing)),
                text(Bootstrap.difference(standing, asIs)));
    }

    private static double[] found(List<Ranks> ranks, ToDoubleFunction<Ranks> rank, int most) {
        return ranks.stream()
                .mapToDouble(rank)
                .map(each -> each > 0 && each <= most ? 1 : 0)
                .toArray();
    }

    /** Of the first right one among the documents found, from 1; 0 where it is not among 20 chunks. */
    private static int rank(Wiring wiring, Principal asker, Asked asked, String question) {
        List<String> paths =
                wiring.searcher(asker).search(new Query(question, asker, COLLECTION, Filter.everything(), 20)).stream()
                        .map(Hit::document)
                        .map(document -> document.path())
                        .distinct()
                        .toList();
        for (int i = 0; i < paths.size(); i++) {
            String path = paths.get(i);
            if (asked.documents().stream().anyMatch(path::endsWith)) {
                return i + 1;
            }
        }
        return 0;
    }

    private static Map<String, List<Asked>> dialogues() throws IOException {
        var dialogues = new LinkedHashMap<String, List<Asked>>();
        try (InputStream in = Objects.requireNonNull(FollowUps.class.getResourceAsStream("dialogues.tsv"));
                var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line :
                    lines.lines().filter(each -> !each.startsWith("#")).toList()) {
                List<String> cells = List.of(line.split("\t", -1));
                var asked = new Asked(
                        cells.get(0),
                        cells.get(1),
                        cells.get(2),
                        List.of(cells.get(3).split("\\|", -1)));
                dialogues
                        .computeIfAbsent(asked.dialogue(), _ -> new ArrayList<>())
                        .add(asked);
            }
        }
        return dialogues;
    }

    private static String text(Interval figure) {
        return String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", figure.value(), figure.low(), figure.high());
    }
}
