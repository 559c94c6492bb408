package dev.tandem.catalog;

import dev.tandem.domain.Encoder;
import dev.tandem.domain.EncoderSource;
import java.util.Locale;

/** An encoder that a collection has vectors of: how it is opened, what it was then, and what it is there for. */
public record CollectionEncoder(EncoderSource source, Encoder encoder, Use use) {

    public enum Use {
        /** Its vectors answer the collection's questions; one of each collection. */
        LIVE,
        /** Was live before, and can be again at once. */
        FORMER,
        /** Its vectors are being made. */
        FILLING;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Use of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }
}
