package dev.tandem.app.cli;

import dev.tandem.domain.Failure;

/** Says that an answer was looked for by words alone. */
final class WordsAlone {

    /** In JSON: whether it was so. */
    static final String FIELD = "words_alone";

    private WordsAlone() {}

    static void say(Terminal terminal, Failure why) {
        terminal.err.println("Looked for by words alone: " + why.getMessage() + " " + why.nextStep());
    }
}
