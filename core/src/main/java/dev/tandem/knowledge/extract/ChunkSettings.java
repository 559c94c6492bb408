package dev.tandem.knowledge.extract;

/**
 * How large chunks are, in tokens as {@link TokenEstimate} counts them.
 *
 * @param targetTokens what a chunk's own text aims at
 * @param maxTokens what a chunk may reach together with its document's title and its heading path, which are embedded
 *     with it; below the encoder's length by the margin that the estimate needs
 * @param minTokens a chunk smaller than this joins its neighbours, even across a heading, unless there is no room
 */
public record ChunkSettings(int targetTokens, int maxTokens, int minTokens) {

    /** Leaves 12% of an encoder length of 512 to the error of the estimate. */
    private static final int MAX = 450;

    public ChunkSettings {
        if (minTokens < 0 || targetTokens < Math.max(1, minTokens) || maxTokens < targetTokens || maxTokens < 16) {
            throw new IllegalArgumentException("want 0 <= min <= target <= max and 16 <= max: " + minTokens + ", "
                    + targetTokens + ", " + maxTokens);
        }
    }

    /** The one default. */
    public static ChunkSettings standard() {
        return ofTarget(220);
    }

    /** One dial: the others follow from the target, for encoders that read 512 tokens. */
    public static ChunkSettings ofTarget(int targetTokens) {
        int target = Math.clamp(targetTokens, 16, MAX * 3 / 4);
        return new ChunkSettings(target, MAX, target / 4);
    }
}
