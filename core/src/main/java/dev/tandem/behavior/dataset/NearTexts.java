package dev.tandem.behavior.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * Which texts are near copies of each other: Jaccard similarity of their {@link Shingles} of at least {@link #NEAR}.
 * Candidates come from MinHash signatures of 128 places in 32 bands of 4, which miss a pair of that very similarity about
 * once in ten million times; every candidate is then compared exactly. A result depends on the texts alone, not on their
 * order.
 *
 * <p>Where many texts share a band without being near (a form letter with long insets), each is compared with the last
 * {@link #MOST_COMPARED} of them only, so that the work stays in proportion to the texts.
 */
final class NearTexts {

    static final double NEAR = 0.8;

    private static final int BANDS = 32;
    private static final int ROWS = 4;
    private static final int MOST_COMPARED = 256;
    private static final long[] FUNCTIONS = Shingles.functions(BANDS * ROWS);

    /** Two texts by their places in the list, and how similar they are. */
    record Pair(int left, int right, double similarity) {}

    private final Shingles[] shingles;
    private final int[][] signatures;

    /** @param forms different from each other, in ascending order */
    private NearTexts(List<String> forms) {
        this.shingles = forms.stream().map(Shingles::of).toArray(Shingles[]::new);
        this.signatures =
                Arrays.stream(shingles).map(each -> each.signature(FUNCTIONS)).toArray(int[][]::new);
    }

    /** For each text the smallest place of a text that it is near to, directly or over others; its own where there is none. */
    static int[] groups(List<String> forms) {
        var texts = new NearTexts(forms);
        var groups = new Groups(forms.size());
        texts.eachBucket(bucket -> {
            for (int i = 1; i < bucket.size(); i++) {
                int compared = 0;
                for (int j = i - 1; j >= 0 && compared < MOST_COMPARED; j--) {
                    int one = bucket.get(j);
                    int other = bucket.get(i);
                    if (groups.of(one) != groups.of(other)) {
                        compared++;
                        if (texts.similarity(one, other) >= NEAR) {
                            groups.join(one, other);
                        }
                    }
                }
            }
        });
        return groups.all();
    }

    /** For each text on the right that is near to one on the left: the nearest, by the place of the right one. */
    static Map<Integer, Pair> nearest(List<String> forms, IntPredicate left, IntPredicate right) {
        var texts = new NearTexts(forms);
        var nearest = new TreeMap<Integer, Pair>();
        texts.eachBucket(bucket -> {
            List<Integer> lefts = bucket.stream().filter(left::test).toList();
            for (int measured : bucket) {
                if (!right.test(measured)) {
                    continue;
                }
                int compared = 0;
                for (int i = lefts.size() - 1; i >= 0 && compared < MOST_COMPARED; i--) {
                    int learned = lefts.get(i);
                    if (learned != measured) {
                        compared++;
                        double similarity = texts.similarity(learned, measured);
                        if (similarity >= NEAR) {
                            nearest.merge(measured, new Pair(learned, measured, similarity), NearTexts::nearer);
                        }
                    }
                }
            }
        });
        return nearest;
    }

    private static Pair nearer(Pair known, Pair found) {
        int order = Double.compare(found.similarity(), known.similarity());
        return order > 0 || (order == 0 && found.left() < known.left()) ? found : known;
    }

    private double similarity(int one, int other) {
        int least = Math.min(shingles[one].size(), shingles[other].size());
        int most = Math.max(shingles[one].size(), shingles[other].size());
        return least < NEAR * most ? 0 : shingles[one].jaccard(shingles[other]);
    }

    private interface Bucket {
        void of(List<Integer> texts);
    }

    private void eachBucket(Bucket each) {
        for (int band = 0; band < BANDS; band++) {
            var buckets = new HashMap<Long, List<Integer>>();
            for (int text = 0; text < signatures.length; text++) {
                long key = 0;
                for (int row = 0; row < ROWS; row++) {
                    key = key * 0x9e3779b97f4a7c15L + signatures[text][band * ROWS + row];
                }
                buckets.computeIfAbsent(key, _ -> new ArrayList<>()).add(text);
            }
            buckets.values().stream()
                    .filter(bucket -> bucket.size() > 1)
                    .sorted((a, b) -> Integer.compare(a.getFirst(), b.getFirst()))
                    .forEach(each::of);
        }
    }
}
