package dev.tandem.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ClassificationTest {

    /** a: 2 of 3 found, given 3 times; b: 1 of 2 found, given once; c: never found, "x" is no class. */
    private static final Classification SIX = Classification.of(
            List.of("a", "a", "a", "b", "b", "c"), //
            List.of("a", "a", "b", "b", "a", "x"));

    @Test
    void figuresAgreeWithThoseComputedByHand() {
        assertThat(SIX.accuracy()).isEqualTo(0.5);
        assertThat(SIX.perClass())
                .containsExactly(
                        new Classification.PerClass("a", 3, 2.0 / 3, 2.0 / 3, 2.0 / 3),
                        new Classification.PerClass("b", 2, 1.0 / 2, 1.0 / 2, 1.0 / 2),
                        new Classification.PerClass("c", 1, 0, 0, 0));
        assertThat(SIX.macroF1()).isCloseTo((2.0 / 3 + 1.0 / 2 + 0) / 3, within(1e-12));
    }

    @Test
    void confusionsAreCountedMostFrequentFirstWithLabelsThatAreNoClass() {
        assertThat(SIX.confusions(10))
                .containsExactly(
                        new Classification.Confusion("a", "b", 1),
                        new Classification.Confusion("b", "a", 1),
                        new Classification.Confusion("c", "x", 1));
        assertThat(Classification.of(List.of("b", "a", "a"), List.of("a", "b", "b"))
                        .confusions(1))
                .containsExactly(new Classification.Confusion("a", "b", 2));
    }

    @Test
    void theIntervalOfMacroF1IsThatOfTheBasicBootstrap() {
        var random = new SplittableRandom(5);
        var gold = new ArrayList<String>();
        var said = new ArrayList<String>();
        for (int i = 0; i < 200; i++) {
            String label = "c" + i % 4;
            gold.add(label);
            said.add(random.nextDouble() < 0.8 ? label : "c" + random.nextInt(5));
        }
        Interval fast = Classification.of(gold, said).macroF1(9);

        // The same draws, each resample measured as a suite of its own.
        var draws = new SplittableRandom(9);
        double[] slow = new double[Bootstrap.RESAMPLES];
        for (int r = 0; r < slow.length; r++) {
            var g = new ArrayList<String>();
            var s = new ArrayList<String>();
            for (int i = 0; i < gold.size(); i++) {
                int drawn = draws.nextInt(gold.size());
                g.add(gold.get(drawn));
                s.add(said.get(drawn));
            }
            slow[r] = Classification.of(g, s).macroF1();
        }
        Arrays.sort(slow);
        assertThat(fast.low()).isCloseTo(2 * fast.value() - slow[1949], within(1e-12));
        assertThat(fast.high()).isCloseTo(2 * fast.value() - slow[49], within(1e-12));
        assertThat(fast.low()).isLessThan(fast.value());
        assertThat(fast.high()).isGreaterThan(fast.value());
    }

    @Test
    void aSuiteOfSeventySevenClassesIsResampledInAMoment() {
        var random = new SplittableRandom(6);
        var gold = new ArrayList<String>();
        var said = new ArrayList<String>();
        for (int i = 0; i < 3_080; i++) {
            gold.add("class " + i % 77);
            said.add("class " + (random.nextDouble() < 0.9 ? i % 77 : random.nextInt(77)));
        }
        long start = System.nanoTime();
        for (int arm = 0; arm < 4; arm++) {
            Classification.of(gold, said).macroF1(arm);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("macro F1 of four arms on 3,080 cases of 77 classes: %.2f s%n", seconds);
        assertThat(seconds).isLessThan(5);
    }

    @Test
    void calibrationErrorIsTheGapOfEachBinWeightedByItsCases() {
        // One bin holds .95 twice, one of them right: gap 1.9 − 1; another holds .1, wrong: gap .1.
        double[] probabilities = {0.95, 0.95, 0.1};
        boolean[] right = {true, false, false};
        assertThat(Classification.calibrationError(probabilities, right)).isCloseTo((0.9 + 0.1) / 3, within(1e-12));
        assertThat(Classification.calibrationError(new double[] {1, 0}, new boolean[] {true, false}))
                .isZero();
        // In one bin a gap up and a gap down cancel out; in two bins they do not.
        assertThat(Classification.calibrationError(new double[] {0.5, 0.5}, new boolean[] {true, false}))
                .isZero();
        assertThat(Classification.calibrationError(new double[] {0.4, 0.6}, new boolean[] {true, false}))
                .isCloseTo(0.6, within(1e-12));
    }

    @Test
    void nothingToMeasureIsRefused() {
        assertThatThrownBy(() -> Classification.of(List.of(), List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Classification.of(List.of("a"), List.of("a", "b")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Classification.calibrationError(new double[0], new boolean[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Suites drawn from one large suite, whose macro F1 is the truth: 77 classes, from nearly always right to rarely. */
    @Test
    void theIntervalOfMacroF1HoldsTheTruthWhereClassesHaveFewCases() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var gold = new ArrayList<String>();
        var said = new ArrayList<String>();
        for (int c = 0; c < 77; c++) {
            double right = 0.3 + 0.65 * random.nextDouble();
            int taken = random.nextInt(77);
            for (int i = 0; i < 40; i++) {
                gold.add("class-" + c);
                boolean wrong = random.nextDouble() >= right;
                said.add("class-" + (wrong ? random.nextDouble() < 0.6 ? taken : random.nextInt(77) : c));
            }
        }
        double truth = Classification.of(gold, said).macroF1();
        for (int cases : new int[] {150, 300, 1_000}) {
            int held = 0;
            int draws = 120;
            for (int draw = 0; draw < draws; draw++) {
                var someGold = new ArrayList<String>();
                var someSaid = new ArrayList<String>();
                random.ints(cases, 0, gold.size()).forEach(i -> {
                    someGold.add(gold.get(i));
                    someSaid.add(said.get(i));
                });
                Interval interval = Classification.of(someGold, someSaid).macroF1(draw);
                held += interval.low() <= truth && truth <= interval.high() ? 1 : 0;
            }
            System.out.printf("%d cases: %d of %d intervals hold the truth, seed %d%n", cases, held, draws, seed);
            // With two cases a class the figure itself is off; with thirteen it is nearly what it should be.
            double least = cases < 200 ? 0.65 : cases < 500 ? 0.75 : 0.88;
            assertThat(held).as("%d cases, seed %d", cases, seed).isGreaterThan((int) (draws * least));
        }
    }
}
