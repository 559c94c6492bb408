package dev.tandem.domain;

/** Answers from what the asker may read, or says why not. Every arm is one, and the evaluation cannot tell which. */
public interface Answerer {
    Answer answer(Query query);
}
