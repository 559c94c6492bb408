package dev.tandem.knowledge.extract;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;

/**
 * By what documents are cut and how large chunks are, in tokens as {@link TokenEstimate} counts them.
 *
 * @param targetTokens what a chunk's own text aims at
 * @param maxTokens what a chunk may reach together with its document's title and its heading path, which are embedded
 *     with it; below the encoder's length by the margin that the estimate needs
 * @param minTokens a chunk smaller than this joins its neighbours, even across a heading, unless there is no room
 */
public record ChunkSettings(int targetTokens, int maxTokens, int minTokens, ChunkStrategy strategy) {

    /** Leaves 12% of an encoder length of 512 to the error of the estimate. */
    private static final int MAX = 450;

    private static final int LEAST_TARGET = 16;
    private static final int MOST_TARGET = MAX * 3 / 4;

    public ChunkSettings {
        if (minTokens < 0 || targetTokens < Math.max(1, minTokens) || maxTokens < targetTokens || maxTokens < 16) {
            throw new IllegalArgumentException("want 0 <= min <= target <= max and 16 <= max: " + minTokens + ", "
                    + targetTokens + ", " + maxTokens);
        }
    }

    /** By structure. */
    public ChunkSettings(int targetTokens, int maxTokens, int minTokens) {
        this(targetTokens, maxTokens, minTokens, ChunkStrategy.STRUCTURE);
    }

    /** The one default. */
    public static ChunkSettings standard() {
        return ofTarget(220);
    }

    /** One dial: the others follow from the target, for encoders that read 512 tokens. */
    public static ChunkSettings ofTarget(int targetTokens) {
        int target = Math.clamp(targetTokens, LEAST_TARGET, MOST_TARGET);
        return new ChunkSettings(target, MAX, target / 4);
    }

    /** The same sizes, cut by something else. */
    public ChunkSettings by(ChunkStrategy other) {
        return new ChunkSettings(targetTokens, maxTokens, minTokens, other);
    }

    /** What {@link #of} reads: {@code structure:220}. */
    public String text() {
        return strategy.word() + ":" + targetTokens;
    }

    /**
     * Reads strategy and target.
     *
     * @throws Failure INVALID where it is not so written, or the target is out of range
     */
    public static ChunkSettings of(String text) {
        String[] parts = text.split(":", 2);
        ChunkStrategy strategy = ChunkStrategy.named(parts[0]);
        String number = parts.length < 2 ? "" : parts[1];
        int target = number.matches("\\d{1,4}") ? Integer.parseInt(number) : 0;
        if (target < LEAST_TARGET || target > MOST_TARGET) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "'" + Printable.of(text) + "' does not say how large chunks are.",
                    "Write strategy and tokens, " + LEAST_TARGET + " to " + MOST_TARGET + ": structure:220.");
        }
        return ofTarget(target).by(strategy);
    }
}
