package dev.tandem.behavior.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.domain.Answer;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NearestExamplesTest {

    private final long seed = System.nanoTime();

    private static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            sum += a[d] * b[d];
        }
        return sum;
    }

    @Test
    void theNearestAreTheNearest() {
        // More than a block, and a number of dimensions that four does not divide.
        var known = new Clouds(seed, 7, 19, 3).add(170);
        var index = NearestExamples.of(known.texts, known.labels, known.families(), known.vectors, 1);
        for (float[] asked : known.others(3).vectors) {
            List<String> wanted = IntStream.range(0, known.texts.size())
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> -cosine(asked, known.vectors.get(i))))
                    .limit(10)
                    .map(known.texts::get)
                    .toList();
            assertThat(index.nearest(asked, 10).stream()
                            .map(Answer.Neighbour::text)
                            .toList())
                    .as("seed %d", seed)
                    .isEqualTo(wanted);
        }
    }

    @Test
    void votesAreSharesOfOne() {
        var known = new Clouds(seed, 5, 16, 1.5).add(30);
        var index = NearestExamples.of(known.texts, known.labels, known.families(), known.vectors, 1);
        for (float[] asked : known.others(5).vectors) {
            float sum = 0;
            for (float share : index.probabilities(asked)) {
                assertThat(share).isBetween(0f, 1f);
                sum += share;
            }
            assertThat(sum).as("seed %d", seed).isCloseTo(1, within(1e-4f));
        }
    }

    @Test
    void anExampleThatIsLeftOutHasNoVote() {
        var known = new Clouds(seed, 3, 16, 0.01).add(1);
        var index = NearestExamples.of(known.texts, known.labels, known.families(), known.vectors, 1);
        float[] shares = index.probabilitiesWithout(1, known.vectors.get(1));
        assertThat(shares[index.labels().indexOf("label-1")])
                .as("seed %d", seed)
                .isZero();
    }

    @Test
    void fewerExamplesThanVotersAreEnough() {
        var known = new Clouds(seed, 2, 8, 0.5).add(2);
        var index = NearestExamples.of(known.texts, known.labels, known.families(), known.vectors, 1);
        assertThat(index.nearest(known.vectors.getFirst(), 40)).hasSize(4);
        assertThat(index.probabilities(known.vectors.getFirst())).hasSize(2);
    }

    @Test
    void theBlendIsNoWorseThanTheWorseOfItsHalves() {
        var train = new Clouds(seed, 6, 24, 1.8).add(60);
        var trained =
                HeadTraining.train(train.vectors, train.labels, train.families(), HeadSettings.STANDARD, share -> {});
        var nearest = NearestExamples.of(train.texts, train.labels, train.families(), train.vectors, 1);
        var blend = Blend.chosen(trained, nearest, train.vectors, train.labels, 1);
        var test = train.others(100);
        assertThat(blend.weight()).isBetween(0.0, 1.0);
        assertThat(test.accuracy(blend))
                .as("seed %d", seed)
                .isGreaterThanOrEqualTo(Math.min(test.accuracy(trained.head()), test.accuracy(nearest)) - 0.02);
    }

    @Test
    void namesOfLabelsAreReadAsWords() {
        assertThat(LabelNames.words("card_arrival")).isEqualTo("card arrival");
        assertThat(LabelNames.words("returns-and-repairs")).isEqualTo("returns and repairs");
        assertThat(LabelNames.words("topUpFailed")).isEqualTo("top up failed");
        assertThat(LabelNames.words("Refund_not_showing_up")).isEqualTo("refund not showing up");
    }
}
