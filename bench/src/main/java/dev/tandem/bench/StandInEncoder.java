package dev.tandem.bench;

import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoder;
import java.util.List;

/**
 * Fills a large index in minutes instead of hours: each passage is given the encoder's vector of some thirty words from
 * its middle. The vectors are real ones of real text, so graphs and quantisation meet the distribution that they are made
 * for; vectors made up by moving a few real ones about are spread over more directions than text is, and are searched
 * worse. For measuring speed and the recall of approximate search; says nothing about the quality of answers.
 */
final class StandInEncoder implements Embedder {

    private static final int CHARACTERS = 160;

    private final Embedder encoder;

    StandInEncoder(Embedder encoder) {
        this.encoder = encoder;
    }

    @Override
    public Encoder encoder() {
        return encoder.encoder();
    }

    @Override
    public List<float[]> embed(List<String> texts, Role role) {
        return encoder.embed(
                role == Role.QUERY
                        ? texts
                        : texts.stream().map(StandInEncoder::middle).toList(),
                role);
    }

    private static String middle(String text) {
        int from = Math.max(0, (text.length() - CHARACTERS) / 2);
        String cut = text.substring(from, Math.min(text.length(), from + CHARACTERS));
        return cut.isBlank() ? text : cut;
    }

    /** An estimate: nobody asks this encoder how long a text is, but the summary of an ingest. */
    @Override
    public int countTokens(String text) {
        return text.length() / 4;
    }
}
