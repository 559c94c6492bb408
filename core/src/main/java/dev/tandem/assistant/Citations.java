package dev.tandem.assistant;

import dev.tandem.domain.Citation;
import dev.tandem.domain.Principal;
import dev.tandem.domain.TextSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks quotes against the documents themselves, never against what retrieval or a language model says of them. The
 * text is read again with the asker's own rights for every check, so a citation of what was revoked, deleted or
 * replaced since retrieval does not stand up.
 */
public final class Citations {

    private final TextSource texts;

    public Citations(TextSource texts) {
        this.texts = texts;
    }

    /** Whether the quote stands in that version of that document at that span, word for word, for this asker. */
    public boolean stands(Principal asker, Citation citation) {
        return standing(asker, List.of(citation)).size() == 1;
    }

    /** The citations that stand up, in their order and with their numbers as they were. */
    public List<Citation> standing(Principal asker, List<Citation> citations) {
        record Version(String document, int number) {}
        Map<Version, Optional<String>> read = new HashMap<>();
        return citations.stream()
                .filter(citation -> read.computeIfAbsent(
                                new Version(
                                        citation.document().id(),
                                        citation.document().version()),
                                version -> texts.text(asker, version.document(), version.number()))
                        .filter(text -> stands(text, citation))
                        .isPresent())
                .toList();
    }

    private static boolean stands(String text, Citation citation) {
        String quote = citation.quote();
        int start = citation.span().start();
        if (quote.isBlank()
                || quote.codePointCount(0, quote.length()) != citation.span().length()) {
            return false;
        }
        if (start > text.codePointCount(0, text.length())) {
            return false;
        }
        return text.startsWith(quote, text.offsetByCodePoints(0, start));
    }
}
