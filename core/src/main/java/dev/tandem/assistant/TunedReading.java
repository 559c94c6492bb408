package dev.tandem.assistant;

import dev.tandem.domain.SpanReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Answers by a reader that was trained: the likeliest answer over all passages is the key, and what is quoted is the sentence
 * that it stands in. How far the quote carries it is how much likelier it is than that its passage has no answer.
 */
final class TunedReading implements PassageReader {

    /** What retrieval thought of a passage counts so much beside what the reader thinks of it, in logits. */
    private static final double RETRIEVED = 4;

    private final SpanReader reader;

    TunedReading(SpanReader reader) {
        this.reader = reader;
    }

    private record Candidate(Passage passage, SpanReader.Found found) {
        double score() {
            return found.margin() + RETRIEVED * passage.score();
        }
    }

    @Override
    public String making() {
        return reader.name();
    }

    @Override
    public Reading read(String question, List<Passage> passages) {
        List<Optional<SpanReader.Found>> found =
                reader.read(question, passages.stream().map(Passage::text).toList());
        Candidate best = null;
        for (int i = 0; i < passages.size(); i++) {
            if (found.get(i).isPresent()) {
                var candidate = new Candidate(passages.get(i), found.get(i).get());
                best = best == null || candidate.score() > best.score() ? candidate : best;
            }
        }
        if (best == null) {
            return Reading.NOTHING;
        }
        String key = best.passage()
                .text()
                .substring(best.found().from(), best.found().to());
        double support = 1 / (1 + Math.exp(-best.found().margin()));
        return new Reading(List.of(quote(best)), SafeText.line(key), support);
    }

    /** The sentences, items or rows that the answer stands in. */
    private static Reading.Quote quote(Candidate best) {
        Passage passage = best.passage();
        int from = passage.span().start()
                + passage.text().codePointCount(0, best.found().from());
        int to = passage.span().start()
                + passage.text().codePointCount(0, best.found().to());
        var touched = new ArrayList<Stage.Part>();
        for (Stage.Part part : Stage.of(passage).parts()) {
            if (part.quote().span().start() < to && part.quote().span().end() > from) {
                touched.add(part);
            }
        }
        if (touched.isEmpty()) {
            return new Reading.Quote(passage, SafeText.line(passage.text()));
        }
        if (touched.size() == 1) {
            return Quoting.of(touched.getFirst());
        }
        Passage all = passage.from(touched.getFirst().quote(), touched.getLast().quote());
        return new Reading.Quote(all, SafeText.line(all.text()));
    }
}
