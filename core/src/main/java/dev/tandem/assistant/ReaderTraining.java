package dev.tandem.assistant;

import dev.tandem.domain.Embedder;
import dev.tandem.measure.AnswerText;
import dev.tandem.measure.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Fits the built-in reader in three steps, each with the steps before held fixed: the choice among sentences, the choice
 * among spans, and how likely the choice is right at all. The first two maximise the logarithm of the summed probability
 * of all right choices, the third is a logistic regression; all by AdaGrad (Duchi et al. 2011) with weight decay.
 */
public final class ReaderTraining {

    private static final int EPOCHS = 5;
    private static final int SUPPORT_EPOCHS = 20;
    private static final double DECAY = 1e-5;

    /** Set by hand: SQuAD has no tables to learn from. */
    private static final double COLUMN_WEIGHT = 4;

    private static final double CELL_WEIGHT = 2;

    private final Embedder embedder;
    private final ContextPacker packer;
    private final int contextTokens;
    private final long seed;
    private final Consumer<String> log;

    /**
     * A training with this encoder.
     *
     * @param contextTokens as in {@link AssistantSettings}
     * @param log is told how it goes, a line at a time
     */
    public ReaderTraining(Embedder embedder, int contextTokens, long seed, Consumer<String> log) {
        this.embedder = embedder;
        this.packer = new ContextPacker(embedder::countTokens);
        this.contextTokens = contextTokens;
        this.seed = seed;
        this.log = log;
    }

    /**
     * The model that reads these questions best.
     *
     * @param answerable questions whose answers can be found: what sentences and spans are learned from
     * @param mixed questions of which some have no answer: what support is learned from
     */
    public ReaderModel fit(List<ReaderExample> answerable, List<ReaderExample> mixed) {
        var ascent = new Ascent(FeatureSpace.SIZE, DECAY);
        var model = new ReaderModel(ascent.weights(), new Measured<>(SupportFeature.class));
        List<Lines> lines = new ArrayList<>();
        for (ReaderExample example : answerable) {
            Lines lesson = lines(example);
            if (lesson.right().contains(true)) {
                lines.add(lesson);
            }
        }
        log.accept("%,d of %,d questions with a right sentence".formatted(lines.size(), answerable.size()));
        for (int epoch = 1; epoch <= EPOCHS; epoch++) {
            double loss = 0;
            for (Lines lesson : shuffled(lines, "sentences " + epoch)) {
                loss += ascent.step(features(lesson.scene()), lesson.right());
            }
            log.accept("sentences, pass %d: loss %.4f".formatted(epoch, loss / lines.size()));
        }
        List<SpanLesson> spans = new ArrayList<>();
        for (Lines lesson : lines) {
            SpanLesson spanLesson = spans(lesson, model);
            if (spanLesson.right().contains(true)) {
                spans.add(spanLesson);
            }
        }
        lines.clear();
        log.accept("%,d with a right span".formatted(spans.size()));
        for (int epoch = 1; epoch <= EPOCHS; epoch++) {
            double loss = 0;
            for (SpanLesson lesson : shuffled(spans, "spans " + epoch)) {
                loss += ascent.step(features(lesson), lesson.right());
            }
            log.accept("spans, pass %d: loss %.4f".formatted(epoch, loss / spans.size()));
        }
        FeatureSpace.set(SpanFeature.COLUMN, COLUMN_WEIGHT, ascent.weights());
        FeatureSpace.set(SpanFeature.CELL, CELL_WEIGHT, ascent.weights());
        return new ReaderModel(ascent.weights(), support(mixed, model));
    }

    /** A scene, and which of its lines hold an answer. */
    private record Lines(ReaderExample example, Scene scene, List<Boolean> right) {}

    private record SpanLesson(Spans spans, List<Spans.Candidate> candidates, List<Boolean> right) {}

    private Scene scene(ReaderExample example) {
        String question = SafeText.line(example.question());
        return Scene.of(question, packer.pack(question, example.hits(), contextTokens), embedder);
    }

    private Lines lines(ReaderExample example) {
        Scene scene = scene(example);
        return new Lines(
                example,
                scene,
                scene.lines().stream().map(line -> holdsAnswer(line, example)).toList());
    }

    private static SpanLesson spans(Lines lesson, ReaderModel model) {
        Spans spans = ExtractiveReader.spans(lesson.scene(), model);
        List<Spans.Candidate> candidates = spans.candidates();
        return new SpanLesson(
                spans,
                candidates,
                candidates.stream()
                        .map(candidate -> rightPlace(spans.line(candidate), lesson.example())
                                && AnswerText.exactMatch(
                                                spans.text(candidate),
                                                lesson.example().answers())
                                        == 1)
                        .toList());
    }

    private static boolean rightPlace(Scene.Line line, ReaderExample example) {
        return example.documents().contains(line.quote().document().id());
    }

    private static boolean holdsAnswer(Scene.Line line, ReaderExample example) {
        String words = " " + String.join(" ", AnswerText.tokens(line.quote().text())) + " ";
        return rightPlace(line, example)
                && example.answers().stream()
                        .map(answer -> String.join(" ", AnswerText.tokens(answer)))
                        .anyMatch(answer -> !answer.isEmpty() && words.contains(" " + answer + " "));
    }

    private static List<Features> features(Scene scene) {
        var all = new ArrayList<Features>();
        for (Scene.Line line : scene.lines()) {
            var features = new Features();
            FeatureSpace.line(scene.question().kind(), line.features(), features);
            all.add(features);
        }
        return all;
    }

    private static List<Features> features(SpanLesson lesson) {
        var all = new ArrayList<Features>();
        for (Spans.Candidate candidate : lesson.candidates()) {
            var features = new Features();
            lesson.spans().features(candidate, features);
            all.add(features);
        }
        return all;
    }

    private Measured<SupportFeature> support(List<ReaderExample> mixed, ReaderModel model) {
        record Case(Measured<SupportFeature> features, boolean right) {}
        var reader = new ExtractiveReader(embedder, model);
        var cases = new ArrayList<Case>();
        for (ReaderExample example : mixed) {
            Scene scene = scene(example);
            if (!scene.lines().isEmpty()) {
                ExtractiveReader.Choice choice = reader.choose(scene);
                cases.add(new Case(choice.features(), holdsAnswer(choice.line(), example)));
            }
        }
        var weights = new Measured<>(SupportFeature.class);
        var squares = new Measured<>(SupportFeature.class);
        for (int epoch = 1; epoch <= SUPPORT_EPOCHS; epoch++) {
            double loss = 0;
            for (Case each : shuffled(cases, "support " + epoch)) {
                double predicted = ReaderModel.support(each.features(), weights);
                loss -= Math.log(Math.max(1e-9, each.right() ? predicted : 1 - predicted));
                for (SupportFeature feature : SupportFeature.values()) {
                    double push = ((each.right() ? 1 : 0) - predicted)
                                    * each.features().get(feature)
                            - DECAY * weights.get(feature);
                    squares.set(feature, squares.get(feature) + push * push);
                    weights.set(
                            feature,
                            weights.get(feature) + Ascent.RATE * push / Math.sqrt(squares.get(feature) + 1e-8));
                }
            }
            if (epoch % 5 == 0) {
                log.accept("support, pass %d: loss %.4f".formatted(epoch, loss / cases.size()));
            }
        }
        return weights;
    }

    private <T> List<T> shuffled(List<T> items, String stream) {
        var random = Seeds.stream(seed, stream);
        var order = new ArrayList<>(items);
        for (int i = order.size() - 1; i > 0; i--) {
            Collections.swap(order, i, random.nextInt(i + 1));
        }
        return order;
    }
}
