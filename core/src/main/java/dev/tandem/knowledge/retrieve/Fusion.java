package dev.tandem.knowledge.retrieve;

/**
 * How two scores become one. Both are normalised over ranges that do not depend on what else was found, BM25 over what
 * its query could attain and the cosine over the span that the encoder uses, so that a fused score means the same for
 * every question and under every filter; then they are weighed.
 *
 * @param lexicalWeight in [0, 1]; the cosine weighs the rest
 * @param cosineFrom cosine that counts as nothing in common
 * @param cosineTo cosine that counts as the same
 */
public record Fusion(double lexicalWeight, double cosineFrom, double cosineTo) {

    public Fusion {
        if (!(lexicalWeight >= 0 && lexicalWeight <= 1) || !(cosineFrom < cosineTo)) {
            throw new IllegalArgumentException(
                    "not a fusion: weight " + lexicalWeight + ", cosine " + cosineFrom + " to " + cosineTo);
        }
    }

    /**
     * The one default, chosen on dev queries of three sets (multi-hop questions, scientific claims, encyclopedia
     * questions) by the bench's FusionStudy. It lies on a plateau: weights of .3 to .5 and a range that begins at .3 to .5
     * stay within a hundredth of nDCG@10 on each of them; more bent shapes gained nothing. docs/log.md has the figures.
     */
    public static Fusion standard() {
        return new Fusion(.45, .4, 1);
    }

    /** The same ranges, weighed another way. */
    public Fusion weighing(double words) {
        return new Fusion(words, cosineFrom, cosineTo);
    }

    /** BM25 in [0, 1]; 0 where it is NaN. */
    public double lexical(double bm25, double attainable) {
        return attainable > 0 ? unit(bm25 / attainable) : 0;
    }

    /** Cosine in [0, 1]; 0 where it is NaN. */
    public double dense(double cosine) {
        return unit((cosine - cosineFrom) / (cosineTo - cosineFrom));
    }

    /** Both normalised scores as one in [0, 1]. */
    public double fused(double lexical, double dense) {
        return lexicalWeight * lexical + (1 - lexicalWeight) * dense;
    }

    private static double unit(double value) {
        return Double.isNaN(value) ? 0 : Math.clamp(value, 0, 1);
    }
}
