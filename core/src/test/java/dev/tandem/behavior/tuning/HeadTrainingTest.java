package dev.tandem.behavior.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.measure.Classification;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadTrainingTest {

    private final long seed = System.nanoTime();

    @Test
    void itLearnsWhatCanBeLearned() {
        var train = new Clouds(seed, 8, 32, 0.7).add(40);
        var trained =
                HeadTraining.train(train.vectors, train.labels, train.families(), HeadSettings.STANDARD, share -> {});
        assertThat(train.others(50).accuracy(trained.head()))
                .as("seed %d", seed)
                .isGreaterThan(0.95);
    }

    @Test
    void itsProbabilitiesCanBeBelieved() {
        var train = new Clouds(seed, 6, 24, 2.2).add(120);
        var trained =
                HeadTraining.train(train.vectors, train.labels, train.families(), HeadSettings.STANDARD, share -> {});
        var test = train.others(300);
        var probabilities = new double[test.vectors.size()];
        var right = new boolean[probabilities.length];
        for (int i = 0; i < right.length; i++) {
            float[] p = trained.head().probabilities(test.vectors.get(i));
            int best = HeadTraining.argmax(p);
            probabilities[i] = p[best];
            right[i] = trained.head().labels().get(best).equals(test.labels.get(i));
        }
        assertThat(Classification.calibrationError(probabilities, right))
                .as("seed %d", seed)
                .isLessThan(0.08);
        // Not because it is always or never right.
        assertThat(test.accuracy(trained.head())).as("seed %d", seed).isBetween(0.3, 0.95);
    }

    @Test
    void whatItChoosesByIsWhatItDidNotSee() {
        // Labels that have nothing to do with the vectors: who looks at an example knows it, who does not must guess.
        var train = new Clouds(seed, 4, 64, 1).add(30);
        var random = new java.util.Random(seed);
        List<String> guesses =
                train.labels.stream().map(any -> "label-" + random.nextInt(4)).toList();
        var trained = HeadTraining.train(train.vectors, guesses, train.families(), HeadSettings.STANDARD, share -> {});
        assertThat(trained.heldOutAccuracy()).as("seed %d", seed).isCloseTo(0.25, within(0.2));
    }

    @Test
    void theSameExamplesGiveTheSameHead() {
        var train = new Clouds(seed, 5, 16, 1).add(30);
        var one = HeadTraining.train(train.vectors, train.labels, train.families(), HeadSettings.STANDARD, share -> {})
                .head();
        var other = HeadTraining.train(
                        train.vectors, train.labels, train.families(), HeadSettings.STANDARD, share -> {})
                .head();
        assertThat(other.weights()).as("seed %d", seed).containsExactly(one.weights());
        assertThat(other.biases()).containsExactly(one.biases());
        assertThat(other.threshold()).isEqualTo(one.threshold());
    }

    @Test
    void scaledAndShiftedVectorsAreLearnedAlike() {
        var train = new Clouds(seed, 4, 16, 1).add(40);
        List<float[]> moved = train.vectors.stream()
                .map(vector -> {
                    var other = vector.clone();
                    for (int d = 0; d < other.length; d++) {
                        other[d] = 0.1f * other[d] + 5;
                    }
                    return other;
                })
                .toList();
        var one = HeadTraining.train(train.vectors, train.labels, train.families(), HeadSettings.STANDARD, share -> {});
        var other = HeadTraining.train(moved, train.labels, train.families(), HeadSettings.STANDARD, share -> {});
        assertThat(other.penalty()).as("seed %d", seed).isEqualTo(one.penalty());
        for (int i = 0; i < moved.size(); i += 7) {
            float[] a = one.head().probabilities(train.vectors.get(i));
            float[] b = other.head().probabilities(moved.get(i));
            for (int c = 0; c < a.length; c++) {
                assertThat(b[c]).as("seed %d", seed).isCloseTo(a[c], within(0.02f));
            }
        }
    }

    @Test
    void theThresholdKeepsWhatIsRightOftenEnough() {
        List<float[]> probabilities = List.of(
                new float[] {.9f, .1f},
                new float[] {.8f, .2f},
                new float[] {.7f, .3f},
                new float[] {.6f, .4f},
                new float[] {.55f, .45f});
        // The two least sure are wrong.
        int[] right = {0, 0, 0, 1, 1};
        assertThat(Threshold.of(probabilities, right, 1)).isCloseTo(.7, within(1e-6));
        assertThat(Threshold.of(probabilities, right, .75)).isCloseTo(.6, within(1e-6));
        assertThat(Threshold.of(probabilities, right, .6)).isZero();
        // Nothing reaches it while keeping half: the best of those that do.
        assertThat(Threshold.of(probabilities, new int[] {1, 1, 0, 0, 0}, 1)).isZero();
        assertThat(Threshold.of(probabilities, new int[] {0, 1, 0, 1, 1}, 1)).isCloseTo(.7, within(1e-6));
    }

    @Test
    void copiesOfExamplesChangeNothingThatIsChosen() {
        var once = new Clouds(seed, 5, 24, 2).add(40);
        var twice = new Clouds(seed, 5, 24, 2).add(40);
        twice.vectors.addAll(once.vectors);
        twice.labels.addAll(once.labels);
        twice.texts.addAll(once.texts);
        int[] families =
                java.util.stream.IntStream.range(0, 400).map(i -> i % 200).toArray();
        var one = HeadTraining.train(once.vectors, once.labels, once.families(), HeadSettings.STANDARD, share -> {});
        var other = HeadTraining.train(twice.vectors, twice.labels, families, HeadSettings.STANDARD, share -> {});
        assertThat(other.heldOutAccuracy()).as("seed %d", seed).isCloseTo(one.heldOutAccuracy(), within(0.03));
    }

    @Test
    void aCopyOfAnExampleThatIsLeftOutHasNoVoteEither() {
        var known = new Clouds(seed, 3, 16, 0.01).add(1);
        known.vectors.addAll(List.copyOf(known.vectors));
        known.labels.addAll(List.copyOf(known.labels));
        known.texts.addAll(List.of("copy 0", "copy 1", "copy 2"));
        var index = NearestExamples.of(known.texts, known.labels, new int[] {0, 1, 2, 0, 1, 2}, known.vectors, 1);
        float[] shares = index.probabilitiesWithout(1, known.vectors.get(1));
        assertThat(shares[index.labels().indexOf("label-1")])
                .as("seed %d", seed)
                .isZero();
    }
}
