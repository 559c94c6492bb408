package dev.tandem.assistant;

import dev.tandem.domain.Embedder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Answers without a language model: picks the sentences that answer, word for word, and marks the shortest part that
 * does.
 *
 * <p>Two log-linear choices over features that can be read (Rajpurkar et al. 2016 describe such a reader as SQuAD's
 * baseline): first among sentences, by the words they share with the question, by the cosine of their vectors and by
 * what retrieval thought of their passage; then among all stretches of words of the best sentences, by what the question
 * asks for, what the stretch looks like, and where it stands to the words that the question has too. A third model tells
 * from both how likely the choice is an answer at all.
 */
final class ExtractiveReader implements PassageReader {

    /** Sentences whose stretches are looked at. */
    static final int LINES = 5;

    /** A sentence that is at least this likely to answer is quoted beside the best one. */
    private static final double ALSO = 0.35;

    private static final int MOST_QUOTES = 3;

    private final Embedder embedder;
    private final ReaderModel model;

    ExtractiveReader(Embedder embedder, ReaderModel model) {
        this.embedder = embedder;
        this.model = model;
    }

    @Override
    public String making() {
        return model.hash();
    }

    @Override
    public Reading read(String question, List<Passage> passages) {
        Scene scene = Scene.of(question, passages, embedder);
        if (scene.lines().isEmpty()) {
            return Reading.NOTHING;
        }
        Choice choice = choose(scene);
        var quotes = new ArrayList<Reading.Quote>();
        quotes.add(Quoting.of(choice.line().part()));
        for (Scene.Line other : choice.others()) {
            Reading.Quote quote = Quoting.of(other.part());
            if (quotes.stream()
                    .noneMatch(given ->
                            given.said().equals(quote.said()) || given.passage().touches(quote.passage()))) {
                quotes.add(quote);
            }
        }
        boolean keyed = scene.question().kind() != Question.Kind.YES_NO;
        return new Reading(quotes, keyed ? choice.key() : null, model.support(choice.features()));
    }

    /**
     * The best span and all that speaks for it.
     *
     * @param others lines that are nearly as likely to answer, best first
     * @param features by {@link SupportFeature}
     */
    record Choice(Scene.Line line, String key, List<Scene.Line> others, Measured<SupportFeature> features) {}

    private record Scored(Scene.Line line, double score) {}

    static List<Scene.Line> best(Scene scene, ReaderModel model) {
        return scored(scene, model).stream().map(Scored::line).toList();
    }

    private static List<Scored> scored(Scene scene, ReaderModel model) {
        var features = new Features();
        var scored = new ArrayList<Scored>();
        for (Scene.Line line : scene.lines()) {
            features.clear();
            FeatureSpace.line(scene.question().kind(), line.features(), features);
            scored.add(new Scored(line, features.dot(model.weights())));
        }
        scored.sort(Comparator.comparingDouble(Scored::score).reversed());
        return scored;
    }

    /** The spans of the best sentences of a scene. */
    static Spans spans(Scene scene, ReaderModel model) {
        List<Scored> best = scored(scene, model);
        List<Scored> looked = best.subList(0, Math.min(LINES, best.size()));
        return new Spans(
                scene,
                looked.stream().map(Scored::line).toList(),
                looked.stream().mapToDouble(Scored::score).toArray());
    }

    Choice choose(Scene scene) {
        List<Scored> best = scored(scene, model);
        Spans spans = spans(scene, model);
        List<Spans.Candidate> candidates = spans.candidates();
        if (candidates.isEmpty()) {
            Scene.Line line = best.getFirst().line();
            return new Choice(line, line.quote().text(), List.of(), new Measured<>(SupportFeature.class));
        }
        var features = new Features();
        double[] scores = new double[candidates.size()];
        int top = 0;
        for (int i = 0; i < scores.length; i++) {
            spans.features(candidates.get(i), features);
            scores[i] = features.dot(model.weights());
            top = scores[i] > scores[top] ? i : top;
        }
        Spans.Candidate chosen = candidates.get(top);
        double sum = 0;
        double[] masses = new double[LINES];
        for (int i = 0; i < scores.length; i++) {
            double mass = Math.exp(scores[i] - scores[top]);
            sum += mass;
            masses[candidates.get(i).line()] += mass;
        }
        Scene.Line line = spans.line(chosen);
        var support = new Measured<>(SupportFeature.class);
        double lineScore = best.get(chosen.line()).score();
        int next = chosen.line() == 0 ? 1 : 0;
        double nextScore = next < best.size() ? best.get(next).score() : lineScore - 1;
        support.set(SupportFeature.ALWAYS, 1);
        support.set(SupportFeature.LINE, lineScore);
        support.set(SupportFeature.LINE_MARGIN, lineScore - nextScore);
        support.set(SupportFeature.SPAN, 1 / sum);
        support.set(SupportFeature.SPAN_LINE, masses[chosen.line()] / sum);
        support.set(SupportFeature.COVERAGE, line.feature(SentenceFeature.COVERAGE));
        support.set(SupportFeature.CONTEXT, line.feature(SentenceFeature.CONTEXT));
        support.set(SupportFeature.PASSAGE, line.feature(SentenceFeature.PASSAGE));
        support.set(SupportFeature.MARKS_MISSING, 1 - line.feature(SentenceFeature.MARKS));
        support.set(SupportFeature.PASSAGE_MARKS_MISSING, 1 - line.feature(SentenceFeature.PASSAGE_MARKS));
        support.set(SupportFeature.UNKNOWN, unknown(scene));
        support.set(SupportFeature.COSINE, line.feature(SentenceFeature.COSINE));
        support.set(SupportFeature.SCORE, line.feature(SentenceFeature.SCORE));
        support.set(SupportFeature.RAREST, line.feature(SentenceFeature.RAREST));
        support.set(SupportFeature.FITS, line.feature(SentenceFeature.TYPED));
        support.set(SupportFeature.FOCUS, line.feature(SentenceFeature.FOCUS));
        return new Choice(line, spans.text(chosen), others(best, masses, sum, chosen.line()), support);
    }

    private static List<Scene.Line> others(List<Scored> best, double[] masses, double sum, int chosen) {
        var others = new ArrayList<Integer>();
        for (int i = 0; i < masses.length; i++) {
            if (i != chosen && masses[i] / sum >= ALSO) {
                others.add(i);
            }
        }
        others.sort(Comparator.comparingDouble((Integer i) -> masses[i]).reversed());
        return others.stream()
                .limit(MOST_QUOTES - 1)
                .map(i -> best.get(i).line())
                .toList();
    }

    private static double unknown(Scene scene) {
        Set<String> known = new HashSet<>();
        scene.lines().forEach(line -> known.addAll(line.part().stems()));
        return 1 - scene.share(known);
    }
}
