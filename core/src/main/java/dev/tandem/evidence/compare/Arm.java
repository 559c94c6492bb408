package dev.tandem.evidence.compare;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Ways to answer, from the plainest to the one with the most parts. */
public enum Arm {
    BASELINE,
    RAG,
    TUNED,
    HYBRID;

    /** Reads {@code baseline}. */
    public static Arm of(String name) {
        String wanted = name.strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(arm -> arm.toString().equals(wanted))
                .findFirst()
                .orElseThrow(() -> unknown(wanted));
    }

    /** Reads {@code rag,tuned}, in the order of this enum; {@code all} is every one. */
    public static List<Arm> list(String names) {
        if (names.strip().equals("all")) {
            return List.of(values());
        }
        return Arrays.stream(names.split(",", -1))
                .map(Arm::of)
                .collect(Collectors.toCollection(LinkedHashSet::new))
                .stream()
                .sorted()
                .toList();
    }

    private static Failure unknown(String name) {
        String all = Arrays.stream(values()).map(Arm::toString).collect(Collectors.joining(", "));
        Arm near = Arrays.stream(values())
                .min(Comparator.comparingInt(arm -> distance(arm.toString(), name)))
                .orElseThrow();
        return new Failure(
                Failure.Kind.INVALID,
                "There is no arm '" + Printable.of(name) + "'.",
                (distance(near.toString(), name) <= 3 ? "Did you mean " + near + "? " : "") + "The arms are " + all
                        + ".");
    }

    /** Levenshtein's edit distance. */
    private static int distance(String a, String b) {
        int[] above = new int[b.length() + 1];
        Arrays.setAll(above, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int swap = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(swap, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[b.length()];
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
