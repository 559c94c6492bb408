package dev.tandem.knowledge.retrieve;

import dev.tandem.domain.Searcher;

class DenseSearcherTest extends SearcherContract {

    @Override
    Searcher searcher(Library library) {
        return Retriever.dense(library.indexes(), library.embedder, library);
    }
}
