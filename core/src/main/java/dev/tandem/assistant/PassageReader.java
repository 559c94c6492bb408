package dev.tandem.assistant;

import java.util.List;

/** Answers from passages word for word, without a language model. */
interface PassageReader {

    Reading read(String question, List<Passage> passages);

    /** Everything of it that an answer depends on. */
    String making();
}
