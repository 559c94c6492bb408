package dev.tandem.knowledge.retrieve;

import dev.tandem.domain.Searcher;

class LexicalSearcherTest extends SearcherContract {

    @Override
    Searcher searcher(Library library) {
        return Retriever.lexical(library.indexes(), library);
    }
}
