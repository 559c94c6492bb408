package dev.tandem.behavior.passages;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.behavior.worth.Loss;
import dev.tandem.behavior.worth.Worth;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.measure.Interval;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What came of tuning on passages.
 *
 * @param measured each figure by name, {@code ndcg_at_10} for one; the first is the one that counts
 * @param losses in what it was held against besides
 * @param exceeded why it may not be promoted; empty where nothing is in the way
 * @param worse test questions that it does worse on than what it began from, the worst first
 * @param questions to learn from and to stop by
 * @param cases test questions
 * @param epoch of the best
 * @param parity how far what is served was from what was trained
 */
public record PassageResult(
        AdapterEntry adapter,
        SortedMap<String, Figure> measured,
        List<Loss> losses,
        List<String> exceeded,
        List<Worse> worse,
        int questions,
        int cases,
        int epoch,
        int steps,
        double tokensPerSecond,
        double parity,
        Duration took) {

    /**
     * One figure over the test questions.
     *
     * @param before of what it began from
     * @param after of what was tuned
     * @param over the second less the first, question by question
     */
    public record Figure(Interval before, Interval after, Interval over) {}

    /** A test question and its figure before and after. */
    public record Worse(String question, double before, double after) {}

    public PassageResult {
        measured = Collections.unmodifiableSortedMap(new TreeMap<>(measured));
        losses = List.copyOf(losses);
        exceeded = List.copyOf(exceeded);
        worse = List.copyOf(worse);
    }

    /** Of each figure the part that is asked for, by name. */
    static ObjectNode json(SortedMap<String, Figure> measured, Function<Figure, Interval> part) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        measured.forEach((name, figure) -> json.set(name, Worth.json(part.apply(figure))));
        return json;
    }
}
