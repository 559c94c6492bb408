package dev.tandem.evidence.advice;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** The words of a closed list, as a person types them; one that is not in it is answered with the nearest. */
final class Words {

    private static final int NEAR = 3;

    private Words() {}

    /** {@code LOCAL_ONLY} is typed {@code local-only}. */
    static String of(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static <E extends Enum<E>> E parse(Class<E> type, String what, String typed) {
        E[] all = type.getEnumConstants();
        return Arrays.stream(all)
                .filter(each -> of(each).equals(typed.strip()))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        Failure.Kind.INVALID,
                        "There is no " + what + " '" + Printable.of(typed) + "'.",
                        suggestion(typed, Arrays.stream(all).map(Words::of).toList())));
    }

    /** The nearest word where one is near, then all of them. */
    static String suggestion(String typed, Collection<String> words) {
        return near(typed, words) + "Choose from " + String.join(", ", words) + ".";
    }

    /** {@code "Did you mean daily? "}, or nothing where no word is near. */
    static String near(String typed, Collection<String> words) {
        String wanted = typed.strip().toLowerCase(Locale.ROOT);
        return words.stream()
                .min(Comparator.comparingInt(word -> distance(word, wanted)))
                .filter(word -> distance(word, wanted) <= Math.min(NEAR, word.length() - 1))
                .map(word -> "Did you mean " + word + "? ")
                .orElse("");
    }

    /** Levenshtein's edit distance. */
    private static int distance(String a, String b) {
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
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
