package dev.tandem.tune;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * In which batches examples come in an epoch: drawn by chance, with texts of about the same length together, so that little
 * is padded.
 */
final class Order {

    /** So many batches are sorted by length at a time: enough for little padding, few enough for much chance. */
    private static final int SORTED_TOGETHER = 32;

    /** Texts looked at together where nothing is learned. */
    private static final int LOOKED_AT = 64;

    private Order() {}

    static int[] lengths(List<int[]> texts) {
        return texts.stream().mapToInt(text -> text.length).toArray();
    }

    /** The numbers of all of so many. */
    static List<Integer> all(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    /** All of them once, those of about the same length together: for looking, where chance has no part. */
    static List<List<Integer>> byLength(int[] lengths) {
        return of(lengths, LOOKED_AT, 0, 0);
    }

    /** Numbers of the examples of each batch; the same for the same seed and epoch. */
    static List<List<Integer>> of(int[] lengths, int batch, long seed, int epoch) {
        var all = new ArrayList<Integer>(lengths.length);
        for (int i = 0; i < lengths.length; i++) {
            all.add(i);
        }
        var random = new Random(seed * 1_000_003 + epoch);
        Collections.shuffle(all, random);
        var batches = new ArrayList<List<Integer>>();
        for (int from = 0; from < all.size(); from += batch * SORTED_TOGETHER) {
            List<Integer> together = all.subList(from, Math.min(all.size(), from + batch * SORTED_TOGETHER));
            together.sort(Comparator.comparingInt(i -> lengths[i]));
            for (int at = 0; at < together.size(); at += batch) {
                batches.add(List.copyOf(together.subList(at, Math.min(together.size(), at + batch))));
            }
        }
        Collections.shuffle(batches, random);
        return batches;
    }
}
