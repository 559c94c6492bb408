package dev.tandem.domain;

/**
 * A chunk that may answer a query, with the reasons for its rank.
 *
 * @param rank from 1
 * @param score fused, in [0, 1]; comparable across queries
 * @param lexical the BM25 channel
 * @param dense the vector channel
 */
public record Hit(DocumentRef document, Chunk chunk, int rank, double score, Channel lexical, Channel dense) {

    /**
     * What one channel thought of the chunk.
     *
     * @param raw BM25 or cosine; NaN where the channel did not score it (no word in common, or no vector yet)
     * @param normalised raw over the channel's fixed range, in [0, 1]; 0 where raw is NaN
     * @param rank from 1 among the channel's own candidates; 0 where it was not among them
     */
    public record Channel(double raw, double normalised, int rank) {
        public static final Channel NONE = new Channel(Double.NaN, 0, 0);
    }
}
