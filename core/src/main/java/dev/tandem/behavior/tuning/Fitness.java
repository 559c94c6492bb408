package dev.tandem.behavior.tuning;

import dev.tandem.behavior.dataset.Labels;
import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Part;
import dev.tandem.domain.Printable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Whether a classifier can be trained on these examples, and measured on the others; says what is in the way, and where. */
public final class Fitness {

    private static final int LEAST_TEXTS = 20;
    private static final int LEAST_PER_LABEL = 3;

    private Fitness() {}

    /**
     * Looks at what there is to learn from and to measure on.
     *
     * @throws Failure INVALID where there are too few different texts, only one label, labels that differ by case or blanks
     *     alone, a label with too few examples, a label that is measured and not learned, or nothing to measure on
     */
    public static void require(List<Example> examples) {
        List<Example> learned =
                examples.stream().filter(each -> each.part() != Part.TEST).toList();
        List<Example> measured =
                examples.stream().filter(each -> each.part() == Part.TEST).toList();
        requireDistinctLabels(examples);
        requireEnough(learned, examples.size());
        if (measured.isEmpty()) {
            throw invalid(
                    "There are no test examples, so nothing could be said about the classifier",
                    "Import with --test FILE, or without --no-split, which keeps a fifth of the examples for it");
        }
        var labels = new HashSet<String>();
        learned.forEach(each -> labels.add(each.output()));
        for (Example example : measured) {
            if (!labels.contains(example.output())) {
                throw invalid(
                        "The label '" + Printable.of(example.output()) + "' stands among the test examples (line "
                                + example.line() + ") and not among the training examples",
                        "Add training examples of it, or take its test examples out");
            }
        }
    }

    /**
     * The same of what there is to learn from alone.
     *
     * @throws Failure INVALID as {@link #require}
     */
    public static void requireLearnable(List<Example> learned) {
        requireDistinctLabels(learned);
        requireEnough(learned, learned.size());
    }

    private static void requireEnough(List<Example> learned, int rows) {
        var texts = new HashMap<String, Example>();
        learned.forEach(each -> texts.putIfAbsent(each.input().strip().toLowerCase(Locale.ROOT), each));
        Map<String, Integer> counts = new TreeMap<>();
        texts.values().forEach(each -> counts.merge(each.output(), 1, Integer::sum));
        if (texts.size() < LEAST_TEXTS) {
            int measured = rows - learned.size();
            throw invalid(
                    (learned.size() == 1 ? "There is 1 example" : "There are " + learned.size() + " examples")
                            + " to learn from"
                            + (measured > 0 ? ", beside " + measured + " to measure on" : "")
                            + (texts.size() < learned.size()
                                    ? ", with " + texts.size() + " different text" + (texts.size() == 1 ? "" : "s")
                                    : "")
                            + "; at least " + LEAST_TEXTS + " different texts are needed",
                    "Add examples; a few dozen of each label are a good start");
        }
        if (counts.size() < 2) {
            throw invalid(
                    "Every training example has the label '"
                            + Printable.of(counts.keySet().iterator().next()) + "', so there is nothing to tell apart",
                    "Add examples of at least one other label");
        }
        counts.forEach((label, count) -> {
            if (count < LEAST_PER_LABEL) {
                throw invalid(
                        "The label '" + Printable.of(label) + "' has " + count + " different training example"
                                + (count == 1 ? "" : "s") + ", and at least " + LEAST_PER_LABEL + " are needed",
                        "Add examples of it, or take it out");
            }
        });
    }

    private static void requireDistinctLabels(List<Example> examples) {
        var seen = new TreeMap<String, Example>();
        for (Example example : examples) {
            String form = Labels.form(example.output());
            Example other = seen.putIfAbsent(form, example);
            if (other != null && !other.output().equals(example.output())) {
                throw invalid(
                        "The labels '" + Printable.of(other.output()) + "' (line " + other.line() + ") and '"
                                + Printable.of(example.output()) + "' (line " + example.line()
                                + ") differ by case or blanks alone",
                        "Write them alike and import again");
            }
        }
    }

    private static Failure invalid(String what, String next) {
        return new Failure(Failure.Kind.INVALID, what + ".", next + ".");
    }
}
