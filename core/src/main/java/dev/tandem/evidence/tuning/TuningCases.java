package dev.tandem.evidence.tuning;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.catalog.DocumentEntry;
import dev.tandem.catalog.Sha256;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import dev.tandem.domain.Span;
import dev.tandem.evidence.JsonLines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Questions with what answers them, one JSON object a line: {@code "query"}, and {@code "quote"}, words as they stand in a
 * document, or {@code "document"}, its path, the end of its path or its id, or both. {@code "id"} is optional.
 *
 * @param found those whose quote and document are there
 * @param lost of the others, why each cannot be used
 */
public record TuningCases(List<TuningCase> found, List<String> lost) {

    /** Fewer on either half say nothing. */
    static final int FEWEST = 10;

    /** Words of a quote are looked for in this many documents that no document is named for, at most all. */
    private static final Pattern SPACE = Pattern.compile("\\s+");

    public TuningCases {
        found = List.copyOf(found);
        lost = List.copyOf(lost);
    }

    /**
     * Reads them and looks them up in the corpus.
     *
     * @throws Failure INVALID where a line is no such object
     */
    public static TuningCases read(Path file, Corpus corpus) {
        var found = new ArrayList<TuningCase>();
        var lost = new ArrayList<String>();
        var texts = new Texts(corpus);
        JsonLines.numbered(file, (line, row) -> {
            String question = text(row, "query");
            String quote = text(row, "quote");
            String document = text(row, "document");
            if (question.isBlank() || (quote.isBlank() && document.isBlank())) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "Line " + line + " of " + Printable.of(file.toString())
                                + " lacks \"query\", or has neither \"quote\" nor \"document\".",
                        "Write {\"query\": \"…\", \"quote\": \"words of the document that answer it\", \"document\": \"its"
                                + " path\"} a line.");
            }
            Map<String, @Nullable Span> gold = texts.gold(quote, document);
            if (gold.isEmpty()) {
                lost.add("line " + line + ": "
                        + (quote.isBlank()
                                ? "no document '" + Printable.of(document) + "'"
                                : "no document that holds the quote"));
            } else {
                String id = text(row, "id");
                found.add(new TuningCase(id.isBlank() ? Sha256.hex(question) : id, question, gold));
            }
        });
        return new TuningCases(found, lost);
    }

    private static String text(JsonNode row, String field) {
        return row.path(field).asText("").strip();
    }

    /** Whole texts, each read once. */
    private static final class Texts {

        private final Corpus corpus;
        private final Map<String, Optional<String>> read = new HashMap<>();

        Texts(Corpus corpus) {
            this.corpus = corpus;
        }

        Map<String, @Nullable Span> gold(String quote, String document) {
            var gold = new LinkedHashMap<String, @Nullable Span>();
            Pattern words = Pattern.compile(
                    SPACE.splitAsStream(quote).map(Pattern::quote).collect(Collectors.joining("\\s+")));
            for (DocumentEntry entry : corpus.entries()) {
                if (!document.isBlank() && !isNamed(entry, document)) {
                    continue;
                }
                if (quote.isBlank()) {
                    gold.put(entry.id(), null);
                } else {
                    text(entry.id()).flatMap(text -> span(text, words)).ifPresent(span -> gold.put(entry.id(), span));
                }
            }
            return gold;
        }

        private Optional<String> text(String id) {
            return read.computeIfAbsent(
                    id, _ -> corpus.text(id).map(text -> text.extracted().text()));
        }

        private static boolean isNamed(DocumentEntry entry, String document) {
            return entry.id().equals(document)
                    || entry.path().equals(document)
                    || entry.path().endsWith("/" + document)
                    || entry.path().endsWith("#" + document);
        }

        private static Optional<Span> span(String text, Pattern words) {
            Matcher at = words.matcher(text);
            return at.find()
                    ? Optional.of(new Span(text.codePointCount(0, at.start()), text.codePointCount(0, at.end())))
                    : Optional.empty();
        }
    }
}
