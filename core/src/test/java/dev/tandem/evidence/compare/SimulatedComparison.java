package dev.tandem.evidence.compare;

import dev.tandem.domain.Answer;
import dev.tandem.domain.Answerer;
import dev.tandem.domain.Authority;
import dev.tandem.domain.Chunk;
import dev.tandem.domain.Citation;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Span;
import dev.tandem.measure.Seeds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Arms that are right as often as they were told to be, with neighbours and citations to show. */
public final class SimulatedComparison {

    static final Principal ANA = Principal.ofUser("ana");

    private static final List<String> WORDS = List.of(
            "card",
            "payment",
            "transfer",
            "top up",
            "exchange rate",
            "PIN",
            "refund",
            "statement",
            "limit",
            "fee",
            "beneficiary",
            "cash withdrawal");
    private static final List<String> LABELS =
            List.of("pending", "failed", "not_recognised", "charged_twice", "lost", "wrong_amount", "not_working");

    private SimulatedComparison() {}

    /** Labels of banking questions, so many of each class; every fourth case has a tag or two. */
    public static Suite labels(int classes, int perClass) {
        var cases = new ArrayList<Case>();
        for (int i = 0; i < classes * perClass; i++) {
            String label = label(i % classes);
            cases.add(new Case(
                    "c" + i,
                    "What do I do when my " + label.replace('_', ' ') + "? It happened " + (i + 2) + " days ago.",
                    List.of(label),
                    i % 4 == 0 ? List.of("short") : i % 4 == 1 ? List.of("long", "typo") : List.of()));
        }
        return Suite.of("simulated", Task.CLASSIFY, cases);
    }

    private static String label(int number) {
        String word = WORDS.get(number % WORDS.size()).replace(' ', '_').toLowerCase(Locale.ROOT);
        return word + "_" + LABELS.get(number / WORDS.size() % LABELS.size());
    }

    public static Suite questions(int cases) {
        var all = new ArrayList<Case>();
        for (int i = 0; i < cases; i++) {
            all.add(new Case(
                    "q" + i,
                    "In which year was bridge number " + i + " built?",
                    i % 9 == 0 ? List.of() : List.of(Integer.toString(1800 + i)),
                    List.of(i % 2 == 0 ? "even" : "odd")));
        }
        return Suite.of("bridges", Task.ANSWER, all);
    }

    /** Says the right label so often; the same arm says the same of the same case, whenever it is asked. */
    public static Answerer labeller(Suite suite, String arm, double accuracy) {
        Map<String, Case> cases = byInput(suite);
        List<String> classes = suite.cases().stream()
                .map(each -> each.answers().getFirst())
                .distinct()
                .toList();
        return query -> {
            Case each = cases.get(query.text());
            SplittableRandom shared = Seeds.stream(1, each.id());
            SplittableRandom own = Seeds.stream(2, arm + each.id());
            double draw = own.nextDouble() < 0.7 ? shared.nextDouble() : own.nextDouble();
            String label = draw < accuracy ? each.answers().getFirst() : classes.get(own.nextInt(classes.size()));
            if (own.nextDouble() < 0.01) {
                return new Answer.Abstained("too near to call", 0.2, List.of());
            }
            double probability = Math.clamp(accuracy + 0.2 * own.nextGaussian(), 0.05, 0.999);
            var neighbours = new ArrayList<Answer.Neighbour>();
            for (int n = 0; n < 5; n++) {
                neighbours.add(new Answer.Neighbour(
                        "How do I see that my " + label.replace('_', ' ') + " (" + n + ")?",
                        n < 3 ? label : classes.get(own.nextInt(classes.size())),
                        0.95 - 0.07 * n));
            }
            return new Answer.Labelled(
                    label, probability, List.of(new Answer.LabelScore(label, probability)), neighbours, arm);
        };
    }

    public static Answerer reader(Suite suite, String arm, double accuracy) {
        Map<String, Case> cases = byInput(suite);
        return query -> {
            Case each = cases.get(query.text());
            SplittableRandom own = Seeds.stream(3, arm + each.id());
            String right = each.answers().isEmpty() ? "" : each.answers().getFirst();
            boolean hit = own.nextDouble() < accuracy;
            if (right.isEmpty() == hit) {
                return new Answer.Abstained("nothing says so", 0.1, List.of(hit(each)));
            }
            String said = hit ? right : "about " + right + own.nextInt(10);
            return new Answer.Grounded(
                    said + " [1]",
                    said,
                    List.of(new Citation(
                            1, document(each), 0, new Span(0, 1), "The bridge was built in " + said + ".")),
                    0.9,
                    arm,
                    List.of());
        };
    }

    private static Hit hit(Case each) {
        var chunk = new Chunk("d" + each.id(), 1, 0, new Span(0, 1), new Span(0, 1), "", 0, "Bridges need care.");
        return new Hit(document(each), chunk, 1, 0.5, Hit.Channel.NONE, Hit.Channel.NONE);
    }

    private static DocumentRef document(Case each) {
        return new DocumentRef(
                "d" + each.id(),
                1,
                "default",
                "Bridge " + each.id(),
                "bridges/" + each.id() + ".md",
                "file",
                Instant.EPOCH,
                Collections.emptySortedMap());
    }

    private static Map<String, Case> byInput(Suite suite) {
        var cases = new HashMap<String, Case>();
        suite.cases().forEach(each -> cases.put(each.input(), each));
        return cases;
    }

    /** Four arms, the last of which cannot run here. */
    public static List<Contender> contenders(Suite suite) {
        boolean labels = suite.task() == Task.CLASSIFY;
        var all = new ArrayList<Contender>();
        double[] accuracies = {0.71, 0.86, 0.925};
        List<String> arms = List.of("baseline", "rag", "tuned");
        for (int i = 0; i < arms.size(); i++) {
            Answerer answerer =
                    labels ? labeller(suite, arms.get(i), accuracies[i]) : reader(suite, arms.get(i), accuracies[i]);
            all.add(Contender.Runs.free(arms.get(i), answerer, Map.of("model", "m" + i)));
        }
        all.add(new Contender.NotRun(
                "hybrid", "no head was trained on retrieved neighbours", "tandem train --hybrid tickets"));
        return all;
    }

    public static Authority everything() {
        return without(Set.of());
    }

    /** Everybody may read everything but these documents. */
    static Authority without(Set<String> hidden) {
        return new Authority() {
            @Override
            public boolean isLocalOnly(String collection) {
                return false;
            }

            @Override
            public Set<Long> readableAccessSets(Principal asker) {
                return Set.of();
            }

            @Override
            public boolean readsAll(Principal asker, String collection) {
                return true;
            }

            @Override
            public Map<String, DocumentRef> readable(Principal asker, Collection<String> documentIds) {
                var readable = new HashMap<String, DocumentRef>();
                documentIds.stream()
                        .filter(id -> !hidden.contains(id))
                        .forEach(id -> readable.put(id, document(new Case(id.substring(1), "", List.of(), List.of()))));
                return readable;
            }
        };
    }
}
