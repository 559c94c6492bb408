package dev.tandem.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Two arms on the same cases, as one of all pairs that were compared at once.
 *
 * <p>The interval is the paired bootstrap's: cases are drawn with replacement and each brings both its scores. p is the
 * larger of two, and who is called different has passed both tests. The paired bootstrap's own
 * ({@link Bootstrap#pValue}) keeps its level on average, but trusts the few cases that differ to show all the spread there
 * could be: where 4 of 100 cases differ, all one way, it says .03, and chance does that one time in eight. The other, of
 * {@link SignFlip}, counts exactly that; alone it would not see to it that a difference called significant has an interval
 * that excludes zero, which the two together do. Holm's correction then holds the promise over all pairs.
 * {@code bench/run ComparePower} shows how often equal arms are called different, and what differences are found.
 *
 * @param difference mean of left minus right, with its interval
 * @param p two-sided, of "there is no difference"
 * @param pHolm p corrected for the number of pairs
 */
public record PairedComparison(String left, String right, Interval difference, double p, double pHolm) {

    /** At most this share of the comparisons of equal arms may call any pair different. */
    public static final double LEVEL = 0.05;

    /**
     * Every arm with every other, the later one on the left.
     *
     * @param scores an arm's score of each case, all in the same order
     */
    public static List<PairedComparison> all(SequencedMap<String, double[]> scores, long seed) {
        var arms = new ArrayList<>(scores.entrySet());
        var pairs = new ArrayList<PairedComparison>();
        for (int right = 0; right < arms.size(); right++) {
            for (int left = right + 1; left < arms.size(); left++) {
                pairs.add(of(arms.get(left), arms.get(right), seed));
            }
        }
        double[] adjusted =
                Holm.adjust(pairs.stream().mapToDouble(PairedComparison::p).toArray());
        for (int i = 0; i < adjusted.length; i++) {
            PairedComparison pair = pairs.get(i);
            pairs.set(i, new PairedComparison(pair.left, pair.right, pair.difference, pair.p, adjusted[i]));
        }
        return List.copyOf(pairs);
    }

    private static PairedComparison of(Map.Entry<String, double[]> left, Map.Entry<String, double[]> right, long seed) {
        double p = pValue(left.getValue(), right.getValue(), seed);
        Interval difference = Bootstrap.difference(left.getValue(), right.getValue(), seed);
        return new PairedComparison(left.getKey(), right.getKey(), difference, p, p);
    }

    /** Of one pair, uncorrected. */
    public static double pValue(double[] left, double[] right, long seed) {
        return Math.max(flipped(left, right, seed), Bootstrap.pValue(left, right, seed));
    }

    /** Whether {@link #pValue} is below {@link #LEVEL}; much quicker where it is not. */
    public static boolean differ(double[] left, double[] right, long seed) {
        return flipped(left, right, seed) < LEVEL && Bootstrap.pValue(left, right, seed) < LEVEL;
    }

    private static double flipped(double[] left, double[] right, long seed) {
        return SignFlip.pValue(Bootstrap.differences(left, right), Seeds.stream(seed, "sign flips"));
    }

    /** After correction. */
    public boolean significant() {
        return pHolm < LEVEL;
    }

    /**
     * What may be said about it, the better arm first: {@code tuned is better than rag by 1.2 points (0.4 to 2.0)}, or
     * {@code tuned and rag: not significant, 0.3 points (-0.5 to 1.1)}.
     */
    public String words() {
        return words(left, right, difference, significant());
    }

    /** The same of a pair whose figures somebody else worked out. */
    public static String words(String left, String right, Interval difference, boolean significant) {
        // One that is not better than the other stays where it stands, so that its sign is that of the figure.
        boolean swapped = significant && difference.value() < 0;
        Interval points =
                swapped ? new Interval(-difference.value(), -difference.high(), -difference.low()) : difference;
        String figures = String.format(
                Locale.ROOT,
                "%s (%s to %s)",
                points(points.value(), " points"),
                points(points.low(), ""),
                points(points.high(), ""));
        return significant
                ? (swapped ? right : left) + " is better than " + (swapped ? left : right) + " by " + figures
                : left + " and " + right + ": not significant, " + figures;
    }

    private static String points(double share, String unit) {
        // Rounded alike on both sides of zero; adding zero turns a negative zero into a plain one.
        double rounded = Math.copySign(Math.round(1_000 * Math.abs(share)) / 10.0, share) + 0.0;
        return String.format(Locale.ROOT, "%.1f", rounded) + unit;
    }
}
