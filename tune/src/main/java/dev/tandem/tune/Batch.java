package dev.tandem.tune;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Token ids of some texts, padded to the longest, [texts, length].
 *
 * @param seconds where the second part of each begins, which is of another type; null where texts have one part
 * @param length of the longest text
 * @param padded whether a text is shorter
 */
record Batch(List<int[]> texts, @Nullable List<Integer> seconds, int length, boolean padded) {

    static Batch of(List<int[]> texts) {
        return padded(texts, null);
    }

    /** Those of the texts that have these numbers. */
    static Batch of(List<int[]> all, List<Integer> some) {
        return of(some.stream().map(all::get).toList());
    }

    /** The same for texts of two parts. */
    static Batch of(List<int[]> all, List<Integer> seconds, List<Integer> some) {
        return padded(
                some.stream().map(all::get).toList(),
                some.stream().map(seconds::get).toList());
    }

    private static Batch padded(List<int[]> texts, @Nullable List<Integer> seconds) {
        int longest = texts.stream().mapToInt(text -> text.length).max().orElseThrow();
        return new Batch(List.copyOf(texts), seconds, longest, texts.stream().anyMatch(text -> text.length < longest));
    }

    /** One of its texts. */
    Batch alone(int row) {
        List<Integer> parted = seconds;
        return padded(List.of(texts.get(row)), parted == null ? null : List.of(parted.get(row)));
    }

    int size() {
        return texts.size();
    }

    long[] ids() {
        var ids = new long[texts.size() * length];
        for (int row = 0; row < texts.size(); row++) {
            int[] text = texts.get(row);
            for (int i = 0; i < text.length; i++) {
                ids[row * length + i] = text[i];
            }
        }
        return ids;
    }

    /** The type of each token, [texts, length]; null where all are of the first. */
    long @Nullable [] types() {
        List<Integer> from = seconds;
        if (from == null) {
            return null;
        }
        var types = new long[texts.size() * length];
        for (int row = 0; row < texts.size(); row++) {
            Arrays.fill(types, row * length + from.get(row), row * length + texts.get(row).length, 1);
        }
        return types;
    }

    /** Whether a token is there, [texts, length]. */
    boolean[] mask() {
        var mask = new boolean[texts.size() * length];
        for (int row = 0; row < texts.size(); row++) {
            Arrays.fill(mask, row * length, row * length + texts.get(row).length, true);
        }
        return mask;
    }
}
