package dev.tandem.domain;

/**
 * How a collection is cut and searched where that was tuned for it.
 *
 * @param chunks by what its documents are cut and how large: {@code structure:220}
 * @param lexicalWeight what words weigh in the fused score, in [0, 1]; meaning weighs the rest
 * @param passages chunks retrieved for one question
 * @param reranker folder of the cross-encoder that orders what was found; empty for none
 */
public record RetrievalSettings(String chunks, double lexicalWeight, int passages, String reranker) {

    /** Without a reranker. */
    public RetrievalSettings(String chunks, double lexicalWeight, int passages) {
        this(chunks, lexicalWeight, passages, "");
    }

    public RetrievalSettings {
        if (!(lexicalWeight >= 0 && lexicalWeight <= 1) || passages < 1 || passages > Query.MOST_HITS) {
            throw new IllegalArgumentException("weight " + lexicalWeight + ", " + passages + " passages");
        }
    }
}
