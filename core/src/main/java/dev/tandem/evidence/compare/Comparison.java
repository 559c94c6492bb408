package dev.tandem.evidence.compare;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.catalog.Sha256;
import dev.tandem.domain.Answer;
import dev.tandem.domain.Answerer;
import dev.tandem.domain.Authority;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Query;
import dev.tandem.evidence.Figures;
import dev.tandem.measure.Bootstrap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Puts the cases of a suite to every arm, one after the other as one person would ask them, and reports what came back.
 *
 * <p>Outcomes are journaled every {@value #BATCH} cases and at least once a second; a comparison with the same identity
 * takes them from there. Its report is then the same to the last digit, times apart: outcomes are measured once, and seeds
 * are fixed. An arm is asked up to {@value #WARM_UP} cases beforehand, for at most two seconds, and what those took is
 * not counted, so that latencies are those of a running program.
 *
 * <p>A failure of an arm, such as a language model that cannot be reached, ends the comparison rather than being counted
 * as a wrong answer; what was measured stays.
 */
public final class Comparison {

    private static final int HITS = 10;
    private static final int WARM_UP = 10;
    private static final long WARM_UP_NANOS = Duration.ofSeconds(2).toNanos();
    /** Of arms whose answers are worked out ahead of being asked. */
    private static final int MOST_TIMED = 100;

    private static final int BATCH = 64;
    private static final long BATCH_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int ID_DIGITS = 12;

    private final Setup setup;
    private final Suite suite;
    private final List<Contender> contenders;
    private final Journal journal;
    private final Authority authority;

    /**
     * @param contenders in the order of the report; the first is what the others are to beat
     * @param authority who says which documents the asker may still read
     */
    public Comparison(Setup setup, Suite suite, List<Contender> contenders, Journal journal, Authority authority) {
        this.setup = setup;
        this.suite = suite;
        this.contenders = List.copyOf(contenders);
        this.journal = journal;
        this.authority = authority;
        var names = new HashSet<String>();
        for (Contender each : contenders) {
            if (!names.add(each.arm())) {
                throw new IllegalArgumentException("two arms called " + each.arm());
            }
        }
    }

    /** The first digits of the SHA-256 over the identity. */
    public String id() {
        return Sha256.hex(identity()).substring(0, ID_DIGITS);
    }

    /** What makes two comparisons the same: everything that outcomes depend on, and nothing else. */
    String identity() {
        ObjectNode json = Figures.object();
        json.put("format", 1);
        json.put("task", suite.task().toString());
        json.put("suite", suite.hash());
        Setup.Train train = setup.train();
        json.put("train", train == null ? null : train.hash());
        json.put("asker", setup.asker().fingerprint());
        json.put("collection", setup.collection());
        json.put("hits", HITS);
        json.put("seed", Bootstrap.SEED);
        ObjectNode settings = json.putObject("settings");
        setup.settings().forEach(settings::put);
        ObjectNode arms = json.putObject("arms");
        var running = new TreeMap<String, SortedMap<String, String>>();
        for (Contender each : contenders) {
            if (each instanceof Contender.Runs runs) {
                running.put(runs.arm(), runs.made());
            }
        }
        running.forEach((arm, made) -> {
            ObjectNode of = arms.putObject(arm);
            made.forEach(of::put);
        });
        return json.toString();
    }

    /**
     * Measures what was not measured yet.
     *
     * @throws Failure INVALID where cases were trained on and that was not allowed
     */
    public ComparisonReport run(Consumer<Progress> progress) {
        setup.leakage().requireAllowed(suite);
        long start = System.nanoTime();
        String id = id();
        journal.open(id, identity(), setup.datasets());
        SequencedMap<String, SortedMap<Integer, Outcome>> known = new LinkedHashMap<>();
        for (Contender each : contenders) {
            if (each instanceof Contender.Runs) {
                var outcomes = new TreeMap<Integer, Outcome>();
                journal.kept(id, each.arm()).forEach((ordinal, line) -> outcomes.put(ordinal, Outcome.read(line)));
                known.put(each.arm(), outcomes);
            }
        }
        var pace = new Pace(
                progress,
                known.values().stream().mapToInt(Map::size).sum(),
                known.size() * suite.cases().size());
        for (Contender each : contenders) {
            if (each instanceof Contender.Runs runs) {
                measure(id, runs, Objects.requireNonNull(known.get(runs.arm())), pace);
            }
        }
        SequencedMap<String, List<Outcome>> outcomes = readable(known);
        ComparisonReport report =
                ComparisonReport.of(id, suite, setup, contenders, outcomes, (System.nanoTime() - start) / 1e9);
        journal.finish(id, report.toJson());
        return report;
    }

    private void measure(String id, Contender.Runs runs, SortedMap<Integer, Outcome> known, Pace pace) {
        if (known.size() == suite.cases().size()) {
            return;
        }
        warmUp(runs);
        var batch = new Batch(id, runs.arm());
        try {
            for (int i = 0; i < suite.cases().size(); i++) {
                if (!known.containsKey(i)) {
                    Outcome outcome = outcome(runs, i);
                    known.put(i, outcome);
                    batch.add(i, outcome);
                    pace.step(runs.arm());
                }
            }
        } catch (Failure e) {
            batch.write();
            throw e;
        }
        batch.write();
    }

    private void warmUp(Contender.Runs runs) {
        long start = System.nanoTime();
        for (int i = 0; i < Math.min(WARM_UP, suite.cases().size()); i++) {
            if (System.nanoTime() - start < WARM_UP_NANOS) {
                Answerer asked = runs.timed() == null ? runs.answerer() : runs.timed();
                Case warming = suite.cases().get(i);
                // Taken here, so that the first case that counts is not charged for it.
                runs.cost().usd(warming, asked.answer(query(warming)));
            }
        }
    }

    private Outcome outcome(Contender.Runs runs, int ordinal) {
        Case asked = suite.cases().get(ordinal);
        Query query = query(asked);
        Answerer timed = runs.timed();
        double millis = Double.NaN;
        if (timed != null && isTimed(ordinal)) {
            long start = System.nanoTime();
            timed.answer(query);
            millis = (System.nanoTime() - start) / 1e6;
        }
        long start = System.nanoTime();
        Answer answer = runs.answerer().answer(query);
        if (timed == null) {
            millis = (System.nanoTime() - start) / 1e6;
        }
        return Outcome.of(suite.task(), asked, answer, millis, runs.cost().usd(asked, answer));
    }

    /** Every so many cases, so that the cases timed are spread over the suite. */
    private boolean isTimed(int ordinal) {
        return ordinal % Math.max(1, Math.ceilDiv(suite.cases().size(), MOST_TIMED)) == 0;
    }

    private Query query(Case asked) {
        return new Query(asked.input(), setup.asker(), setup.collection(), Filter.everything(), HITS);
    }

    /** What the asker lost the right to read since it was measured is not shown; its figures stay. */
    private SequencedMap<String, List<Outcome>> readable(SequencedMap<String, SortedMap<Integer, Outcome>> known) {
        var documents = new HashSet<String>();
        known.values()
                .forEach(all -> all.values().forEach(each -> each.documents().forEach(documents::add)));
        Set<String> may = documents.isEmpty()
                ? Set.of()
                : authority.readable(setup.asker(), documents).keySet();
        var readable = new LinkedHashMap<String, List<Outcome>>();
        known.forEach((arm, all) -> {
            var outcomes = new ArrayList<Outcome>();
            all.values()
                    .forEach(each -> outcomes.add(each.documents().allMatch(may::contains) ? each : each.withheld()));
            readable.put(arm, outcomes);
        });
        return readable;
    }

    /** Outcomes that are not on disk yet. */
    private final class Batch {
        private final String id;
        private final String arm;
        private final SortedMap<Integer, String> waiting = new TreeMap<>();
        private long written = System.nanoTime();

        Batch(String id, String arm) {
            this.id = id;
            this.arm = arm;
        }

        void add(int ordinal, Outcome outcome) {
            waiting.put(ordinal, outcome.toJson());
            if (waiting.size() >= BATCH || System.nanoTime() - written > BATCH_NANOS) {
                write();
            }
        }

        void write() {
            if (!waiting.isEmpty()) {
                journal.append(id, arm, waiting);
                waiting.clear();
            }
            written = System.nanoTime();
        }
    }

    private static final class Pace {
        private final Consumer<Progress> progress;
        private final int total;
        private final int before;
        private final long start = System.nanoTime();
        private int done;

        Pace(Consumer<Progress> progress, int before, int total) {
            this.progress = progress;
            this.before = before;
            this.done = before;
            this.total = total;
        }

        void step(String arm) {
            done++;
            double each = (double) (System.nanoTime() - start) / (done - before);
            progress.accept(new Progress(arm, done, total, Duration.ofNanos((long) (each * (total - done)))));
        }
    }
}
