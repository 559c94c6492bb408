package dev.tandem.knowledge.extract;

import dev.tandem.domain.HiddenText;
import java.util.EnumMap;
import java.util.Map;

/** Takes hidden text out of one document and counts what it took. */
final class Hidden {

    private final Map<HiddenText.Kind, Long> characters = new EnumMap<>(HiddenText.Kind.class);

    void add(HiddenText.Kind kind, long count) {
        characters.merge(kind, count, Long::sum);
    }

    HiddenText sum() {
        return new HiddenText(characters);
    }

    /**
     * The text without the characters that nobody sees. A byte order mark in front is how programs write text, and counts for
     * nothing; soft hyphens are the business of {@link Tidy}.
     */
    String without(String text) {
        StringBuilder out = null;
        int kept = 0;
        for (int i = 0; i < text.length(); i++) {
            HiddenText.Kind kind = Invisible.at(text, i);
            if (kind == null) {
                continue;
            }
            out = out == null ? new StringBuilder(text.length()) : out;
            out.append(text, kept, i);
            if (i > 0 || text.charAt(0) != '\uFEFF') {
                add(kind, 1);
            }
            i += Character.charCount(text.codePointAt(i)) - 1;
            kept = i + 1;
        }
        return out == null ? text : out.append(text, kept, text.length()).toString();
    }
}
