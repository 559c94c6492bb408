package dev.tandem.behavior.tuning;

import dev.tandem.behavior.worth.Conditions;
import dev.tandem.behavior.worth.Perturbation;
import dev.tandem.behavior.worth.RetrievalSuite;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Example;
import dev.tandem.measure.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What a classifier is asked besides its test examples, the same of each that is compared: some of them perturbed, texts
 * that belong to none of its labels, and questions to documents that nobody tuned it for. Nothing of it is learned from.
 */
final class Examination {

    private final List<Example> test;
    /** Which of the test examples are perturbed, in their order. */
    private final int[] some;

    private final Map<Perturbation, List<String>> perturbed = new EnumMap<>(Perturbation.class);
    private final Conditions conditions;
    private final boolean finding;

    /**
     * The texts are drawn at once.
     *
     * @param most so many test examples are perturbed at most
     * @param finding whether the encoder is another than before, so that it may have forgotten to find
     */
    Examination(List<Example> test, Conditions conditions, int most, long seed, boolean finding) {
        this.test = test;
        this.conditions = conditions;
        this.finding = finding;
        var all = new ArrayList<>(IntStream.range(0, test.size()).boxed().toList());
        Collections.shuffle(all, Random.from(Seeds.stream(seed, "perturbed examples")));
        this.some =
                all.stream().limit(most).sorted().mapToInt(Integer::intValue).toArray();
        for (Perturbation each : Perturbation.values()) {
            perturbed.put(
                    each,
                    IntStream.of(some)
                            .mapToObj(i -> each.of(test.get(i).input(), seed))
                            .toList());
        }
    }

    Conditions conditions() {
        return conditions;
    }

    int[] some() {
        return some.clone();
    }

    List<String> gold() {
        return test.stream().map(Example::output).toList();
    }

    /** What one classifier answered. */
    static final class Sheet {
        /** Label of each test example. */
        final List<String> said;
        /** Whether that is the right one. */
        final boolean[] right;
        /** Probability of that label. */
        final double[] probabilities;

        final double threshold;
        /** Probability of the likeliest label of each text that belongs to none. */
        final double[] outside;
        /** Of each question of the suite that it was not tuned for; empty where it was not asked. */
        final double[] ndcg;

        private final Map<Perturbation, boolean[]> perturbed;

        private Sheet(
                Answered answered,
                boolean[] right,
                double threshold,
                Map<Perturbation, boolean[]> perturbed,
                double[] outside,
                double[] ndcg) {
            this.said = answered.said;
            this.right = right;
            this.probabilities = answered.probabilities;
            this.threshold = threshold;
            this.perturbed = perturbed;
            this.outside = outside;
            this.ndcg = ndcg;
        }

        /** Whether each of the perturbed ones got the right label. */
        boolean[] perturbed(Perturbation by) {
            return Objects.requireNonNull(perturbed.get(by));
        }

        double[] scores() {
            return Examined.numbers(right);
        }

        TestFigures figures(List<String> gold) {
            return TestFigures.of(gold, said, probabilities, threshold);
        }
    }

    /** @param vectors of the test examples' texts */
    Sheet answers(Labelling head, double threshold, List<float[]> vectors, Embedder embedder) {
        var answered = new Answered(head, vectors);
        var right = new boolean[test.size()];
        for (int i = 0; i < right.length; i++) {
            right[i] = answered.said.get(i).equals(test.get(i).output());
        }
        Map<String, float[]> known = new HashMap<>();
        for (int i : some) {
            known.put(test.get(i).input(), vectors.get(i));
        }
        List<String> texts = perturbed.values().stream()
                .flatMap(List::stream)
                .distinct()
                .filter(text -> !known.containsKey(text))
                .toList();
        List<float[]> found = embedder.embed(texts, Embedder.Role.PASSAGE);
        for (int i = 0; i < texts.size(); i++) {
            known.put(texts.get(i), found.get(i));
        }
        var of = new EnumMap<Perturbation, boolean[]>(Perturbation.class);
        perturbed.forEach((each, changed) -> {
            var said = new Answered(head, changed.stream().map(known::get).toList()).said;
            var fine = new boolean[some.length];
            for (int i = 0; i < fine.length; i++) {
                fine[i] = said.get(i).equals(test.get(some[i]).output());
            }
            of.put(each, fine);
        });
        List<float[]> strange = embedder.embed(conditions.outside(), Embedder.Role.PASSAGE);
        RetrievalSuite general = conditions.general();
        return new Sheet(
                answered,
                right,
                threshold,
                of,
                new Answered(head, strange).probabilities,
                finding && general != null ? general.ndcg(embedder) : new double[0]);
    }

    /** 1 for each test example that gets the right label, 0 for each other; of one that is asked nothing else. */
    double[] scores(Labelling head, List<float[]> vectors) {
        List<String> said = new Answered(head, vectors).said;
        return IntStream.range(0, test.size())
                .mapToDouble(i -> said.get(i).equals(test.get(i).output()) ? 1 : 0)
                .toArray();
    }

    /** The likeliest label of each vector. */
    private static final class Answered {
        final List<String> said = new ArrayList<>();
        final double[] probabilities;

        Answered(Labelling head, List<float[]> vectors) {
            probabilities = new double[vectors.size()];
            for (int i = 0; i < probabilities.length; i++) {
                float[] p = head.probabilities(vectors.get(i));
                int best = HeadTraining.argmax(p);
                said.add(head.labels().get(best));
                probabilities[i] = p[best];
            }
        }
    }

    /** What came of it, alone or beside the answers of the head on the frozen encoder. */
    Examined alone(Sheet sheet) {
        return new Examined(this, sheet, null);
    }

    Examined beside(Sheet tuned, Sheet frozen) {
        return new Examined(this, tuned, frozen);
    }
}
