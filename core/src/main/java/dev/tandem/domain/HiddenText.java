package dev.tandem.domain;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What stood in a document for machines alone: a program reads it, and no reader sees it. It was taken out before anything
 * else was done with the document; this says how much there was.
 *
 * @param characters in code points, by kind; a kind that there was nothing of is not in it
 */
public record HiddenText(Map<Kind, Long> characters) {

    public static final HiddenText NONE = new HiddenText(Map.of());

    /** How it was hidden. */
    public enum Kind {
        /** Characters without a shape: zero-width spaces and joiners, tags, fillers. */
        ZERO_WIDTH("zero-width"),
        /** Marks that turn the direction of what is written, and so the order in which it is shown. */
        BIDI("bidi"),
        /** Parts of a web page that it does not show. */
        HTML("html"),
        /** Letters that the pages of a PDF do not show. */
        PDF("pdf"),
        /** Parts of an office document that it does not show. */
        OFFICE("office");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** As people and programs are told. */
        public String word() {
            return word;
        }

        static Kind of(String word) {
            return Arrays.stream(values())
                    .filter(kind -> kind.word.equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no kind of hidden text: " + word));
        }
    }

    public HiddenText {
        var some = new EnumMap<Kind, Long>(Kind.class);
        characters.forEach((kind, count) -> {
            if (count < 0) {
                throw new IllegalArgumentException(count + " characters");
            }
            if (count > 0) {
                some.put(kind, count);
            }
        });
        characters = Collections.unmodifiableMap(some);
    }

    /** Of all kinds together. */
    public long total() {
        return characters.values().stream().mapToLong(Long::longValue).sum();
    }

    /** {@code zero-width=12 html=340}; empty for none. */
    public String canonical() {
        return characters.entrySet().stream()
                .map(entry -> entry.getKey().word + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
    }

    /** Reads {@link #canonical}. */
    public static HiddenText parse(String canonical) {
        var characters = new EnumMap<Kind, Long>(Kind.class);
        for (String part : canonical.isEmpty() ? new String[0] : canonical.split(" ", -1)) {
            int equals = part.indexOf('=');
            characters.put(Kind.of(part.substring(0, equals)), Long.parseLong(part, equals + 1, part.length(), 10));
        }
        return new HiddenText(characters);
    }
}
