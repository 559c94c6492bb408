package dev.tandem.assistant;

import dev.tandem.domain.Answer;
import dev.tandem.domain.Answerer;
import dev.tandem.domain.Citation;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Generator;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Query;
import dev.tandem.domain.Searcher;
import dev.tandem.domain.SpanReader;
import dev.tandem.domain.TextSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The walk of a question: search, pack the context, read it (with the built-in reader, or with a language model), verify
 * every citation with the asker's own rights, and answer. Holds nothing between two questions; {@link Remembering} and
 * {@link Chat} do.
 */
public final class Assistant implements Answerer {

    private static final int NEAREST = 3;

    private final Searcher searcher;
    private final Citations citations;
    private final AssistantSettings settings;
    private final ToIntFunction<String> passages;
    private final ContextPacker packer;
    private final PassageReader reader;
    private final @Nullable Generator generator;

    private Assistant(
            Searcher searcher,
            TextSource texts,
            Embedder embedder,
            PassageReader reader,
            @Nullable Generator generator,
            AssistantSettings settings) {
        this.searcher = searcher;
        this.citations = new Citations(texts);
        this.settings = settings;
        this.passages = _ -> settings.passages();
        this.packer = new ContextPacker(embedder::countTokens);
        this.reader = reader;
        this.generator = generator;
    }

    private Assistant(Assistant like, ToIntFunction<String> passages) {
        this.searcher = like.searcher;
        this.citations = like.citations;
        this.settings = like.settings;
        this.passages = passages;
        this.packer = like.packer;
        this.reader = like.reader;
        this.generator = like.generator;
    }

    /** The same, which retrieves so many chunks for a question put to the collection of that name. */
    public Assistant retrieving(ToIntFunction<String> count) {
        return new Assistant(this, count);
    }

    /** An assistant that quotes: no language model, nothing leaves the machine. */
    public static Assistant reading(
            Searcher searcher, TextSource texts, Embedder embedder, AssistantSettings settings) {
        return new Assistant(searcher, texts, embedder, plain(embedder), null, settings);
    }

    /** The same by a reader that was trained. */
    public static Assistant reading(
            Searcher searcher, TextSource texts, Embedder embedder, SpanReader trained, AssistantSettings settings) {
        return new Assistant(searcher, texts, embedder, new TunedReading(trained), null, settings);
    }

    /** An assistant whose language model writes from the retrieved sources and has its citations checked. */
    public static Assistant writing(
            Searcher searcher, TextSource texts, Embedder embedder, Generator generator, AssistantSettings settings) {
        return new Assistant(searcher, texts, embedder, plain(embedder), generator, settings);
    }

    private static PassageReader plain(Embedder embedder) {
        return new ExtractiveReader(embedder, ReaderModel.standard());
    }

    @Override
    public Answer answer(Query query) {
        return answer(query, text -> {});
    }

    /**
     * As {@link #answer(Query)}, and hands over a language model's text as it comes, made safe to print. That text is a
     * draft: only the returned answer has its citations verified. The built-in reader hands over nothing.
     */
    public Answer answer(Query query, Consumer<String> onDraft) {
        return reply(query, onDraft, Duration.ofDays(1)).answer();
    }

    /**
     * An answer, and what has to be known to keep it.
     *
     * @param whole not cut off, and written by the model that was asked first
     * @param cached given before, and checked again
     * @param read every document that was read or is named to the asker, cited or not
     */
    public record Reply(Answer answer, boolean whole, boolean cached, List<Read> read) {
        public Reply {
            read = List.copyOf(read);
        }
    }

    /** A version of a document that something was made from. */
    public record Read(String document, int version) {}

    /** What replies: an assistant, or one that remembers. */
    @FunctionalInterface
    public interface Replies {
        Reply reply(Query query, Consumer<String> onDraft, Duration time);
    }

    /** As {@link #answer(Query, Consumer)}, with at most that much time for a language model. */
    public Reply reply(Query query, Consumer<String> onDraft, Duration time) {
        String question = SafeText.line(query.text());
        if (question.isBlank()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The question holds nothing but control characters.",
                    "Ask something: tandem ask \"…\".");
        }
        List<Hit> hits = searcher.search(new Query(
                question, query.asker(), query.collection(), query.filter(), passages.applyAsInt(query.collection())));
        List<Hit> nearest = hits.subList(0, Math.min(hits.size(), Math.min(NEAREST, query.limit())));
        if (hits.isEmpty()) {
            return new Reply(
                    new Answer.Abstained("Nothing here that you may read bears on the question.", 0, nearest),
                    true,
                    false,
                    List.of());
        }
        List<Passage> context = packer.pack(question, hits, settings.contextTokens());
        List<Read> read = Stream.concat(
                        context.stream().map(Passage::document),
                        nearest.stream().map(Hit::document))
                .map(document -> new Read(document.id(), document.version()))
                .distinct()
                .toList();
        if (generator == null) {
            return new Reply(read(query, question, context, nearest), true, false, read);
        }
        GroundedWriter.Written written = new GroundedWriter(generator.within(time), settings.answerTokens())
                .write(query.asker(), query.collection(), question, context, nearest, citations, onDraft);
        return new Reply(written.answer(), written.whole(), false, read);
    }

    /** Whether a language model writes, which is sent all that was read. */
    boolean writes() {
        return generator != null;
    }

    Citations citations() {
        return citations;
    }

    /** Everything of this class and its parts that an answer depends on, in one line. */
    String making() {
        return settings + " " + (generator == null ? reader.making() : GroundedPrompt.version());
    }

    private Answer read(Query query, String question, List<Passage> context, List<Hit> nearest) {
        Reading reading = reader.read(question, context);
        if (reading.quotes().isEmpty() || reading.support() < settings.abstainBelow()) {
            return new Answer.Abstained("What comes nearest does not answer the question.", reading.support(), nearest);
        }
        List<Reading.Quote> quotes = reading.quotes();
        var quoted = new ArrayList<Citation>();
        quotes.forEach(quote -> quoted.add(quote.passage().cited(quoted.size())));
        List<Integer> standing = citations.standing(query.asker(), quoted).stream()
                .map(Citation::number)
                .toList();
        if (!standing.contains(0)) {
            return new Answer.Abstained(
                    "The document that answered has just changed or gone; ask again.", 0, List.of());
        }
        var text = new StringBuilder();
        var cited = new ArrayList<Citation>();
        for (int place : standing) {
            cited.add(quotes.get(place).passage().cited(cited.size() + 1));
            text.append(text.isEmpty() ? "" : " ").append(quotes.get(place).said());
            text.append(" [").append(cited.size()).append(']');
        }
        return new Answer.Grounded(text.toString(), reading.key(), cited, reading.support(), "reader", List.of());
    }
}
