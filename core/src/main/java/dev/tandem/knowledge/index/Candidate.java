package dev.tandem.knowledge.index;

/**
 * A chunk that at least one channel put forward, scored exactly by both.
 *
 * @param chunkId as {@link dev.tandem.domain.Chunk#id()} writes it
 * @param bm25 NaN where chunk and question share no word, or no words were searched
 * @param lexicalRank from 1 among the lexical channel's own candidates; 0 where it is not among them
 * @param cosine NaN where the chunk has no vector yet, or no vector was searched
 * @param denseRank from 1 among the dense channel's own candidates; 0 where it is not among them
 * @param place where its snapshot keeps it; means nothing to another snapshot
 */
public record Candidate(
        String chunkId,
        String documentId,
        int version,
        double bm25,
        int lexicalRank,
        double cosine,
        int denseRank,
        int place) {}
