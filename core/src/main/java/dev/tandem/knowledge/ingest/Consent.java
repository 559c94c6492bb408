package dev.tandem.knowledge.ingest;

import dev.tandem.domain.EncoderSource;
import java.net.URI;

/** Asked before texts go to a server, which may take long and cost money; refuses with a {@link dev.tandem.domain.Failure}. */
@FunctionalInterface
public interface Consent {

    Consent GIVEN = _ -> {};

    /**
     * What is about to be embedded.
     *
     * @param encoder its name
     * @param texts that have no vector yet
     * @param tokens of them, estimated from their characters
     */
    record Run(String collection, String encoder, EncoderSource source, URI server, long texts, long tokens) {}

    void give(Run run);
}
