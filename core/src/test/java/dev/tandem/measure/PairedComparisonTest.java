package dev.tandem.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairedComparisonTest {

    private static final long SEED = 20_261_121;
    private static final int TIMES = 1_000;

    /** The promise of the whole: equal arms are called different at most 6 times in 100. */
    @ParameterizedTest
    @CsvSource({
        "50, .5, .5",
        "50, .8, .5",
        "50, .95, .5",
        "100, .5, .5",
        "100, .8, .5",
        "100, .95, 0",
        "100, .95, .5",
        "300, .5, .5",
        "300, .8, .8",
        "300, .95, .5",
        "1000, .5, .5",
        "1000, .8, .8",
        "1000, .95, .5"
    })
    void equalArmsAreSeldomCalledDifferent(int cases, double accuracy, double together) {
        var random = new SplittableRandom(SEED + cases);
        int called = 0;
        for (int time = 0; time < TIMES; time++) {
            var arms = new SimulatedArms(cases, accuracy, 0, together, random);
            called += PairedComparison.differ(arms.left, arms.right, random.nextLong()) ? 1 : 0;
        }
        System.out.printf(
                "equal arms, %,5d cases, right %.2f, together %.1f: called different %d of %,d times%n",
                cases, accuracy, together, called, TIMES);
        assertThat(called).as("false calls with seed %d", SEED + cases).isLessThanOrEqualTo(6 * TIMES / 100);
    }

    @Test
    void equalArmsWhoseScoresAreGradedAreSeldomCalledDifferentEither() {
        var random = new SplittableRandom(SEED);
        int called = 0;
        for (int time = 0; time < 300; time++) {
            var left = new double[60];
            var right = new double[60];
            for (int i = 0; i < left.length; i++) {
                double shared = random.nextDouble();
                left[i] = Math.clamp(shared + random.nextGaussian() * 0.2, 0, 1);
                right[i] = Math.clamp(shared + random.nextGaussian() * 0.2, 0, 1);
            }
            called += PairedComparison.differ(left, right, random.nextLong()) ? 1 : 0;
        }
        System.out.printf("equal arms with graded scores, 60 cases: called different %d of 300 times%n", called);
        assertThat(called).as("false calls with seed %d", SEED).isLessThanOrEqualTo(18);
    }

    @Test
    void amongFourEqualArmsAnyPairIsSeldomCalledDifferent() {
        var random = new SplittableRandom(SEED);
        int called = 0;
        for (int time = 0; time < 300; time++) {
            SequencedMap<String, double[]> arms = new LinkedHashMap<>();
            var draws = random.doubles(200).toArray();
            for (String arm : List.of("baseline", "rag", "tuned", "hybrid")) {
                arms.put(
                        arm,
                        Arrays.stream(draws)
                                .map(draw -> (random.nextBoolean() ? draw : random.nextDouble()) < 0.8 ? 1 : 0)
                                .toArray());
            }
            called += PairedComparison.all(arms, random.nextLong()).stream().anyMatch(PairedComparison::significant)
                    ? 1
                    : 0;
        }
        System.out.printf("four equal arms, 200 cases, six pairs with Holm: any called in %d of 300%n", called);
        assertThat(called).as("false calls with seed %d", SEED).isLessThanOrEqualTo(18);
    }

    @Test
    void differencesThatMatterAreFoundOnEnoughCases() {
        assertThat(power(1_000, 0.05)).isGreaterThan(0.9);
        assertThat(power(3_000, 0.02)).isGreaterThan(0.6);
    }

    private static double power(int cases, double difference) {
        var random = new SplittableRandom(SEED);
        int found = 0;
        for (int time = 0; time < 100; time++) {
            var arms = new SimulatedArms(cases, 0.8, difference, 0.8, random);
            found += PairedComparison.differ(arms.left, arms.right, random.nextLong()) ? 1 : 0;
        }
        System.out.printf(
                "arms %.0f points apart, %,d cases, right .8, together .8: found %d of 100 times%n",
                100 * difference, cases, found);
        return found / 100.0;
    }

    @Test
    void pOfRightAndWrongIsMcNemarsMidP() {
        // Six cases differ, all one way: 2 · 1/64 less 1/64. Eight of ten: 2 · (1 + 10 + 45)/1024 less 45/1024.
        assertThat(SignFlip.pValue(differences(6, 0), new SplittableRandom(1))).isCloseTo(1.0 / 64, within(1e-12));
        assertThat(SignFlip.pValue(differences(8, 2), new SplittableRandom(1))).isCloseTo(67.0 / 1024, within(1e-12));
        assertThat(SignFlip.pValue(differences(5, 5), new SplittableRandom(1))).isCloseTo(1, within(1e-12));
        assertThat(SignFlip.pValue(new double[10], new SplittableRandom(1))).isEqualTo(1);
    }

    @Test
    void fourCasesThatDifferAreTooFewHoweverManyDoNot() {
        var left = new double[100];
        var right = new double[100];
        Arrays.fill(left, 0, 4, 1);
        assertThat(Bootstrap.pValue(left, right, SEED)).isBetween(0.02, 0.05);
        assertThat(PairedComparison.pValue(left, right, SEED)).isEqualTo(1.0 / 16);
        assertThat(PairedComparison.differ(left, right, SEED)).isFalse();
    }

    @Test
    void pOfGradedScoresAgreesWithCountingAllSigns() {
        double[] differences = {0.5, 0.25, 0.125, 1, -0.125, 0.75, 0.3, 0.2};
        double seen = Math.abs(Arrays.stream(differences).sum());
        double farther = 0;
        for (int signs = 0; signs < 1 << differences.length; signs++) {
            double sum = 0;
            for (int i = 0; i < differences.length; i++) {
                sum += (signs >> i & 1) == 0 ? differences[i] : -differences[i];
            }
            double beyond = Math.abs(sum) - seen;
            farther += beyond > 1e-12 ? 1 : beyond >= -1e-12 ? 0.5 : 0;
        }
        assertThat(SignFlip.pValue(differences, new SplittableRandom(SEED))).isCloseTo(farther / 256.0, within(0.01));
    }

    @Test
    void allPairsAreCorrectedTogetherAndSaidInWords() {
        SequencedMap<String, double[]> arms = new LinkedHashMap<>();
        arms.put("baseline", rightOn(400, 0, 200));
        arms.put("rag", rightOn(400, 0, 320));
        arms.put("tuned", rightOn(400, 2, 320));
        List<PairedComparison> pairs = PairedComparison.all(arms, SEED);

        assertThat(pairs)
                .extracting(pair -> pair.left() + "-" + pair.right())
                .containsExactly("rag-baseline", "tuned-baseline", "tuned-rag");
        double[] raw = pairs.stream().mapToDouble(PairedComparison::p).toArray();
        assertThat(pairs.stream().mapToDouble(PairedComparison::pHolm).toArray())
                .isEqualTo(Holm.adjust(raw));
        assertThat(pairs.get(0).pHolm()).isEqualTo(3 * raw[0]);
        assertThat(pairs.get(0).significant()).isTrue();
        assertThat(pairs.get(0).words())
                .matches("rag is better than baseline by 30\\.0 points \\(2\\d\\.\\d to 3\\d\\.\\d\\)");
        assertThat(pairs.get(2).significant()).isFalse();
        assertThat(pairs.get(2).words()).isEqualTo("tuned and rag: not significant, -0.5 points (-1.3 to 0.0)");
    }

    @Test
    void whoIsSignificantHasAnIntervalThatExcludesZero() {
        var random = new SplittableRandom(SEED);
        for (int time = 0; time < 200; time++) {
            var arms = new SimulatedArms(100, 0.8, 0.1, 0.7, random);
            SequencedMap<String, double[]> two = new LinkedHashMap<>();
            two.put("a", arms.right);
            two.put("b", arms.left);
            PairedComparison pair = PairedComparison.all(two, random.nextLong()).getFirst();
            if (pair.significant()) {
                assertThat(pair.difference().excludesZero()).isTrue();
            }
        }
    }

    @Test
    void armsThatSayTheSameAndASingleCaseAreNotSignificant() {
        SequencedMap<String, double[]> arms = new LinkedHashMap<>();
        arms.put("a", new double[] {1});
        arms.put("b", new double[] {0});
        arms.put("c", new double[] {0});
        assertThat(PairedComparison.all(arms, SEED)).noneMatch(PairedComparison::significant);
        assertThat(PairedComparison.all(arms, SEED).getLast().words())
                .isEqualTo("c and b: not significant, 0.0 points (0.0 to 0.0)");
        arms.pollLastEntry();
        arms.pollLastEntry();
        assertThat(PairedComparison.all(arms, SEED)).isEmpty();
    }

    private static double[] differences(int up, int down) {
        var all = new double[up + down + 20];
        Arrays.fill(all, 0, up, 1);
        Arrays.fill(all, up, up + down, -1);
        return all;
    }

    private static double[] rightOn(int cases, int from, int to) {
        var all = new double[cases];
        Arrays.fill(all, from, to, 1);
        return all;
    }
}
