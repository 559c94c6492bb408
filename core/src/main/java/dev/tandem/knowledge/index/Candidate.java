package dev.tandem.knowledge.index;

import dev.tandem.domain.Language;

/**
 * A chunk that at least one channel put forward, scored exactly by both.
 *
 * @param chunkId as {@link dev.tandem.domain.Chunk#id()} writes it
 * @param bm25 NaN where chunk and question share no word, or no words were searched
 * @param attainable the most that BM25 could give a chunk of its language for these words in this collection; 0 where no
 *     chunk of that language has any of them
 * @param lexicalRank from 1 among the lexical channel's own candidates; 0 where it is not among them
 * @param cosine NaN where the chunk has no vector yet, or no vector was searched
 * @param denseRank from 1 among the dense channel's own candidates; 0 where it is not among them
 * @param language by whose rules its words are analysed
 * @param place where its snapshot keeps it; means nothing to another snapshot
 */
public record Candidate(
        String chunkId,
        String documentId,
        int version,
        double bm25,
        double attainable,
        int lexicalRank,
        double cosine,
        int denseRank,
        Language language,
        int place) {}
