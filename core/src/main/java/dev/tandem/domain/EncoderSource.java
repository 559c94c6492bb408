package dev.tandem.domain;

/**
 * How an encoder is opened, now and when it is asked for again.
 *
 * @param reference as in the setting {@code encoder}: empty for the bundled one, an absolute folder, {@code PROVIDER:NAME}
 * @param key where its key is found, {@code env:NAME} or {@code file:PATH}, never the key itself; empty for none
 * @param price US dollars for a million tokens; empty where it is not known
 * @param languages that it knows, as {@link Encoder#languageCodes()} writes them; empty for all
 */
public record EncoderSource(String reference, String key, String price, String languages) {

    public static EncoderSource of(String reference) {
        return new EncoderSource(reference, "", "", "");
    }

    /** For people. */
    @Override
    public String toString() {
        return reference.isEmpty() ? "the bundled encoder" : Printable.of(reference);
    }
}
