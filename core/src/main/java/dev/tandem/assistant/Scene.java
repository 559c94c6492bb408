package dev.tandem.assistant;

import dev.tandem.domain.Embedder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A question before the sentences that may answer it, with everything measured that the choice needs. Weights of words
 * come from these sentences alone, so that a scene says nothing about documents outside it.
 */
final class Scene {

    /** A part of a passage with everything measured of it. */
    record Line(Stage.Part part, Measured<SentenceFeature> features) {

        Passage quote() {
            return part.quote();
        }

        List<Words.Word> words() {
            return part.words();
        }

        double feature(SentenceFeature feature) {
            return features.get(feature);
        }
    }

    /** Most sentences that are embedded for one question: what bounds the time of a first answer. */
    static final int MOST_EMBEDDED = 40;

    private final Question question;
    private final Map<String, Double> weights = new HashMap<>();
    private final double weightOfAll;
    private final List<Line> lines = new ArrayList<>();

    private Scene(Question question, List<Stage.Part> parts) {
        this.question = question;
        double sum = 0;
        for (String stem : question.stems()) {
            int with = 0;
            for (Stage.Part part : parts) {
                with += part.stems().contains(stem) ? 1 : 0;
            }
            // rare among the sentences at hand, heavy in the question; what none of them has is the heaviest
            double weight = Math.log(1 + (parts.size() + 1.0) / (with + 0.5));
            weights.put(stem, weight);
            sum += weight;
        }
        this.weightOfAll = sum;
    }

    static Scene of(String text, List<Passage> passages, Embedder embedder) {
        List<Stage.Part> parts = passages.stream()
                .flatMap(passage -> Stage.of(passage).parts().stream())
                .toList();
        var scene = new Scene(Question.of(text), parts);
        List<Stage.Part> chosen = scene.promising(parts);
        if (!chosen.isEmpty()) {
            float[] asked = embedder.embed(List.of(text), Embedder.Role.QUERY).getFirst();
            List<float[]> vectors =
                    embedder.embed(chosen.stream().map(Quoting::alone).toList(), Embedder.Role.PASSAGE);
            scene.measure(
                    chosen, vectors.stream().map(vector -> dot(asked, vector)).toList());
        }
        return scene;
    }

    Question question() {
        return question;
    }

    /** At most {@link #MOST_EMBEDDED}, those that promise most. */
    List<Line> lines() {
        return lines;
    }

    /** Share of the question that one of its stems is, 0 for any other. */
    double weight(String stem) {
        return weightOfAll == 0 ? 0 : weights.getOrDefault(stem, 0.0) / weightOfAll;
    }

    /** Share of the question that these stems cover, in [0, 1]. */
    double share(Set<String> stems) {
        double sum = 0;
        for (String stem : question.stems()) {
            sum += stems.contains(stem) ? weight(stem) : 0;
        }
        return sum;
    }

    /** Share of the question that {@code there} covers and {@code known} does not. */
    private double shareBeyond(Set<String> there, Set<String> known) {
        double sum = 0;
        for (String stem : question.stems()) {
            sum += there.contains(stem) && !known.contains(stem) ? weight(stem) : 0;
        }
        return sum;
    }

    private List<Stage.Part> promising(List<Stage.Part> parts) {
        record Promise(Stage.Part part, double value) {}
        return parts.stream()
                .map(part -> new Promise(
                        part,
                        share(covering(part))
                                + 0.3 * share(part.before())
                                + part.quote().score()))
                .sorted(Comparator.comparingDouble(Promise::value).reversed())
                .limit(MOST_EMBEDDED)
                .map(Promise::part)
                .toList();
    }

    /** Its own stems, and those of the question that it answers. */
    private static Set<String> covering(Stage.Part part) {
        if (part.answers().isEmpty()) {
            return part.stems();
        }
        var both = new HashSet<>(part.stems());
        both.addAll(part.answers());
        return both;
    }

    private void measure(List<Stage.Part> parts, List<Double> cosines) {
        double bestCosine = -1;
        double bestCoverage = 0;
        double bestScore = 0;
        for (int i = 0; i < parts.size(); i++) {
            bestCosine = Math.max(bestCosine, cosines.get(i));
            bestCoverage = Math.max(bestCoverage, share(covering(parts.get(i))));
            bestScore = Math.max(bestScore, parts.get(i).quote().score());
        }
        for (int i = 0; i < parts.size(); i++) {
            Stage.Part part = parts.get(i);
            Measured<SentenceFeature> features = features(part);
            features.set(SentenceFeature.COVERAGE_GAP, features.get(SentenceFeature.COVERAGE) - bestCoverage);
            features.set(SentenceFeature.COSINE, (cosines.get(i) - 0.6) / 0.3);
            features.set(SentenceFeature.COSINE_GAP, (cosines.get(i) - bestCosine) / 0.2);
            features.set(SentenceFeature.SCORE_GAP, part.quote().score() - bestScore);
            lines.add(new Line(part, features));
        }
    }

    private Measured<SentenceFeature> features(Stage.Part part) {
        var features = new Measured<>(SentenceFeature.class);
        Set<String> stems = covering(part);
        features.set(SentenceFeature.COVERAGE, share(stems));
        String rarest = question.stems().stream()
                .max(Comparator.<String>comparingDouble(this::weight).thenComparing(Comparator.naturalOrder()))
                .orElse("");
        features.set(SentenceFeature.RAREST, stems.contains(rarest));
        features.set(SentenceFeature.PAIRS, pairs(part.words()));
        features.set(SentenceFeature.HEADING, share(part.stage().heading()));
        var known = new HashSet<>(stems);
        known.addAll(part.stage().heading());
        features.set(SentenceFeature.MARKS, marked(known));
        features.set(SentenceFeature.BEFORE, shareBeyond(part.before(), known));
        known.addAll(part.before());
        features.set(SentenceFeature.CONTEXT, share(known));
        features.set(SentenceFeature.PASSAGE, share(part.stage().stems()));
        features.set(SentenceFeature.PASSAGE_MARKS, marked(part.stage().stems()));
        features.set(SentenceFeature.SCORE, part.quote().score());
        features.set(SentenceFeature.FIRST_PASSAGE, part.quote().rank() == 1);
        features.set(SentenceFeature.TYPED, SpanType.anyFits(question, part.words()));
        features.set(SentenceFeature.FOCUS, stems.contains(question.focus()));
        features.set(SentenceFeature.ACTION, stems.contains(question.action()));
        int words = 0;
        for (Words.Word word : part.words()) {
            words += word.shape().punctuation() ? 0 : 1;
        }
        features.set(SentenceFeature.SHORT, words < 6);
        features.set(SentenceFeature.LENGTH, Math.log(words) / 4);
        features.set(SentenceFeature.PRONOUN, part.words().getFirst().shape() == Shape.PRONOUN);
        features.set(SentenceFeature.OPENING, part.place() == 0);
        return features;
    }

    /** Share of the question's names and figures that are there; 1 where it has none. */
    private double marked(Set<String> stems) {
        long there = question.marks().stream().filter(stems::contains).count();
        return question.marks().isEmpty()
                ? 1
                : (double) there / question.marks().size();
    }

    /** Share of the question's neighbouring content words that are near each other among these words too. */
    private double pairs(List<Words.Word> words) {
        List<String> content = content(words);
        var neighbours = new HashSet<String>();
        for (int i = 0; i < content.size(); i++) {
            for (int j = i + 1; j < Math.min(content.size(), i + 3); j++) {
                neighbours.add(content.get(i) + " " + content.get(j));
                neighbours.add(content.get(j) + " " + content.get(i));
            }
        }
        List<String> asked = content(question.words());
        int found = 0;
        for (int i = 1; i < asked.size(); i++) {
            found += neighbours.contains(asked.get(i - 1) + " " + asked.get(i)) ? 1 : 0;
        }
        return asked.size() < 2 ? 0 : (double) found / (asked.size() - 1);
    }

    private static List<String> content(List<Words.Word> words) {
        return words.stream().filter(Words.Word::content).map(Words.Word::stem).toList();
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
