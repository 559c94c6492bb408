package dev.tandem.assistant;

import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Span;
import dev.tandem.domain.SpanReader;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The built-in reader, which needs no training, for passages that belong to no document. */
public final class PlainReader implements SpanReader {

    private final ExtractiveReader reader;
    private final double abstainBelow;

    /** One whose answers are worth giving where an assistant would give them. */
    public PlainReader(Embedder embedder) {
        this.reader = new ExtractiveReader(embedder, ReaderModel.standard());
        this.abstainBelow = AssistantSettings.DEFAULT.abstainBelow();
    }

    @Override
    public String name() {
        return "built-in reader";
    }

    @Override
    public List<Optional<Found>> read(String question, List<String> passages) {
        return passages.stream().map(passage -> read(question, passage)).toList();
    }

    private Optional<Found> read(String question, String text) {
        var document = new DocumentRef(
                "passage", 1, "passages", "", "passage", "text", Instant.EPOCH, Collections.emptySortedMap());
        var whole = new Span(0, text.codePointCount(0, text.length()));
        Reading reading = reader.read(question, List.of(new Passage(document, 0, "", whole, text, 1, 1)));
        if (reading.quotes().isEmpty()) {
            return Optional.empty();
        }
        Passage quote = reading.quotes().getFirst().passage();
        String key = reading.key();
        int begin = text.offsetByCodePoints(0, quote.span().start());
        int from = key == null ? -1 : text.indexOf(key, begin);
        String said = from < 0 || key == null ? quote.text() : key;
        int at = from < 0 ? begin : from;
        return said.isEmpty()
                ? Optional.empty()
                : Optional.of(new Found(at, at + said.length(), reading.support(), reading.support() - abstainBelow));
    }
}
