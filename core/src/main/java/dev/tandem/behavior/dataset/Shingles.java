package dev.tandem.behavior.dataset;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The words and pairs of words of a text, as a sorted set of 64-bit hashes. Pairs make the order count; single words keep a
 * short text comparable, of which one changed word would break two pairs of few.
 */
final class Shingles {

    private static final long PRIME = 0x100000001b3L;

    private final long[] hashes;

    private Shingles(long[] hashes) {
        this.hashes = hashes;
    }

    int size() {
        return hashes.length;
    }

    /** Of a {@link Texts#form}; a text without words stands for itself. */
    static Shingles of(String form) {
        List<String> words = Texts.words(form);
        if (words.isEmpty()) {
            return new Shingles(new long[] {hash(form)});
        }
        long[] all = new long[2 * words.size() - 1];
        for (int i = 0; i < words.size(); i++) {
            all[2 * i] = hash(words.get(i));
            if (i > 0) {
                all[2 * i - 1] = hash(words.get(i - 1) + " " + words.get(i));
            }
        }
        return new Shingles(Arrays.stream(all).sorted().distinct().toArray());
    }

    /** Shared ones among all of both: 0 to 1. */
    double jaccard(Shingles other) {
        int shared = shared(other);
        return (double) shared / (hashes.length + other.hashes.length - shared);
    }

    /** Shared ones among one's own: 0 to 1. */
    double sharedBy(Shingles other) {
        return (double) shared(other) / hashes.length;
    }

    private int shared(Shingles other) {
        int shared = 0;
        for (int i = 0, j = 0; i < hashes.length && j < other.hashes.length; ) {
            int order = Long.compare(hashes[i], other.hashes[j]);
            if (order == 0) {
                shared++;
            }
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        return shared;
    }

    /**
     * MinHash: the probability that two signatures agree in one place is the Jaccard similarity of the sets (Broder, 1997,
     * On the resemblance and containment of documents).
     */
    int[] signature(long[] functions) {
        int[] least = new int[functions.length];
        Arrays.fill(least, Integer.MAX_VALUE);
        for (long hash : hashes) {
            for (int f = 0; f < functions.length; f++) {
                least[f] = Math.min(least[f], (int) (mixed(hash ^ functions[f]) >>> 33));
            }
        }
        return least;
    }

    /** As many hash functions, always the same ones. */
    static long[] functions(int count) {
        var random = new SplittableRandom(20_140_917);
        return random.longs(count).toArray();
    }

    /** FNV-1a over the characters, then mixed: the same on every machine. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
        }
        return mixed(hash);
    }

    /** The finaliser of SplitMix64. */
    private static long mixed(long z) {
        long y = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        long x = (y ^ (y >>> 27)) * 0x94d049bb133111ebL;
        return x ^ (x >>> 31);
    }
}
