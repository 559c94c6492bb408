package dev.tandem.tune;

import java.util.Arrays;
import java.util.List;

/**
 * Token ids of some texts, padded to the longest, [texts, length].
 *
 * @param length of the longest text
 * @param padded whether a text is shorter
 */
record Batch(List<int[]> texts, int length, boolean padded) {

    static Batch of(List<int[]> texts) {
        int longest = texts.stream().mapToInt(text -> text.length).max().orElseThrow();
        return new Batch(List.copyOf(texts), longest, texts.stream().anyMatch(text -> text.length < longest));
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

    /** Whether a token is there, [texts, length]. */
    boolean[] mask() {
        var mask = new boolean[texts.size() * length];
        for (int row = 0; row < texts.size(); row++) {
            Arrays.fill(mask, row * length, row * length + texts.get(row).length, true);
        }
        return mask;
    }
}
