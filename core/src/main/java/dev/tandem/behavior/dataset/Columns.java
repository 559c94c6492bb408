package dev.tandem.behavior.dataset;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a table, or fields of a record, are what.
 *
 * @param text the input's; null for the first of {@link #INPUTS} that is there
 * @param label the output's; null for the first of {@link #OUTPUTS} that is there
 */
public record Columns(@Nullable String text, @Nullable String label) {

    /** Nothing said: the usual names. */
    public static final Columns USUAL = new Columns(null, null);

    static final List<String> INPUTS = List.of("text", "input", "question", "prompt", "query", "anchor");
    static final List<String> OUTPUTS = List.of("label", "output", "answer", "completion", "positive", "passage");
    static final List<String> NEGATIVES = List.of("negative");
    static final List<String> CONTEXTS = List.of("context");
    static final List<String> FAMILIES = List.of("family", "group");
    static final List<String> PARTS = List.of("split", "part");

    /** Columns of one file, by the names that they have there. */
    record Found(
            String input,
            String output,
            Optional<String> negative,
            Optional<String> context,
            Optional<String> family,
            Optional<String> part) {}

    /**
     * Finds them among the names that a file has.
     *
     * @throws Failure INVALID where the input or output is not there, with the name that was perhaps meant
     */
    Found among(String file, Collection<String> names) {
        return new Found(
                one(file, names, text, INPUTS, "--text"),
                one(file, names, label, OUTPUTS, "--label"),
                first(names, NEGATIVES),
                first(names, CONTEXTS),
                first(names, FAMILIES),
                first(names, PARTS));
    }

    /** Whether both would be found. */
    boolean are(Collection<String> names) {
        return (text == null ? first(names, INPUTS) : exact(names, text)).isPresent()
                && (label == null ? first(names, OUTPUTS) : exact(names, label)).isPresent();
    }

    private static String one(
            String file, Collection<String> names, @Nullable String given, List<String> usual, String option) {
        Optional<String> found = given == null ? first(names, usual) : exact(names, given);
        return found.orElseThrow(() -> {
            String wanted = given == null ? usual.getFirst() : given;
            String what = given == null
                    ? "has none of the columns " + String.join(", ", usual)
                    : "has no column '" + Printable.of(given) + "'";
            String there = Printable.of(String.join(", ", names));
            String near = near(names, wanted)
                    .map(name -> "Did you mean " + option + " '" + Printable.of(name) + "'? ")
                    .orElse("");
            return new Failure(
                    Failure.Kind.INVALID,
                    Printable.of(file) + " " + what + ".",
                    near + "Say which one it is with " + option + " COLUMN; it has: " + there + ".");
        });
    }

    private static Optional<String> exact(Collection<String> names, String wanted) {
        return names.contains(wanted)
                ? Optional.of(wanted)
                : names.stream()
                        .filter(name -> name.strip().equalsIgnoreCase(wanted.strip()))
                        .findFirst();
    }

    private static Optional<String> first(Collection<String> names, List<String> usual) {
        return usual.stream().flatMap(wanted -> exact(names, wanted).stream()).findFirst();
    }

    /** The name that looks most like it, if any does. */
    private static Optional<String> near(Collection<String> names, String wanted) {
        return names.stream()
                .filter(name -> distance(name, wanted) <= Math.max(2, wanted.length() / 3)
                        || lower(name).contains(lower(wanted))
                        || (!name.isBlank() && lower(wanted).contains(lower(name))))
                .min(Comparator.comparingInt(name -> distance(name, wanted)));
    }

    private static String lower(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }

    /** Characters to insert, delete or replace (Levenshtein). */
    private static int distance(String one, String other) {
        String a = lower(one);
        String b = lower(other);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
