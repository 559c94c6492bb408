package dev.tandem.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.model.LoraSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** Texts shared out among threads give what they give in one. */
class ReplicasTest {

    private static final BaseModel BASE = Tiny.model(3);
    private static final List<int[]> TEXTS = texts();
    private static final List<Integer> SECONDS = TEXTS.stream().map(_ -> 1).toList();
    /** In no order, with one twice. */
    private static final List<Integer> SOME = List.of(4, 0, 9, 2, 2, 7, 11);

    private static List<int[]> texts() {
        var random = new SplittableRandom(8);
        return IntStream.range(0, 12)
                .mapToObj(_ -> random.ints(random.nextInt(3, 14), 2, 12).toArray())
                .toList();
    }

    private static Bert bert(double dropout) {
        var settings =
                new LoraSettings(2, 4, false, dropout, LoraSettings.ofRank(2).targets(), 0);
        var bert = new Bert(BASE, settings, Numbers.FLOAT32, 1);
        try (var _ = new NoGradGuard()) {
            // B is zero at first, and then nothing comes to A.
            for (Tensor each : bert.learned()) {
                each.add_(Numbers.scalar(.05));
            }
        }
        return bert;
    }

    /** All gradients after a step back from what is computed by all three ways. */
    private static List<float[]> gradients(Bert bert, int threads, long seed) {
        try (var _ = new PointerScope();
                var encoder = new Replicas(bert, threads)) {
            encoder.seed(seed);
            Tensor cosines = encoder.sentences(TEXTS, SOME, true)
                    .matmul(encoder.sentences(TEXTS, List.of(1, 3), true).t());
            Tensor firsts = encoder.firsts(TEXTS, SECONDS, SOME, true);
            Tensor hidden = encoder.hidden(TEXTS, SECONDS, SOME, true).narrow(1, 0, 3);
            torch.log_softmax(cosines, 0)
                    .sum()
                    .add(firsts.pow(Numbers.scalar(3)).mean())
                    .add(hidden.pow(Numbers.scalar(3)).mean())
                    .backward();
            encoder.back();
            return bert.learned().stream()
                    .map(each -> Numbers.floats(each.grad()))
                    .toList();
        }
    }

    @Test
    void outputsStandInTheOrderOfTheTextsWhateverTheNumberOfThreads() {
        try (var _ = new PointerScope()) {
            Bert bert = bert(0);
            List<float[]> found = new ArrayList<>();
            for (int threads : List.of(1, 2, 3, 16)) {
                try (var encoder = new Replicas(bert, threads)) {
                    found.add(Numbers.floats(encoder.sentences(TEXTS, SOME, false)));
                }
            }
            try (var _ = new NoGradGuard()) {
                int hidden = Tiny.SHAPE.hidden();
                for (int row = 0; row < SOME.size(); row++) {
                    float[] alone = Numbers.floats(bert.sentence(Batch.of(TEXTS, List.of(SOME.get(row))), false));
                    for (float[] each : found) {
                        for (int i = 0; i < hidden; i++) {
                            assertThat(each[row * hidden + i]).isCloseTo(alone[i], within(1e-5f));
                        }
                    }
                }
            }
        }
    }

    @Test
    void gradientsOfAllThreadsAddUpToThoseOfOne() {
        try (var _ = new PointerScope()) {
            List<float[]> one = gradients(bert(0), 1, 5);
            for (int threads : List.of(2, 3, 16)) {
                List<float[]> many = gradients(bert(0), threads, 5);
                for (int i = 0; i < one.size(); i++) {
                    assertThat(one.get(i)).as("gradient of tensor %d", i).isNotEqualTo(new float[one.get(i).length]);
                    for (int j = 0; j < one.get(i).length; j++) {
                        assertThat(many.get(i)[j])
                                .isCloseTo(one.get(i)[j], within(1e-4f * (1 + Math.abs(one.get(i)[j]))));
                    }
                }
            }
        }
    }

    @Test
    void theSameSeedAndNumberOfThreadsGiveTheSameBitsAlsoWhereSomeIsDropped() {
        try (var _ = new PointerScope()) {
            List<float[]> first = gradients(bert(.3), 2, 5);
            for (int i = 0; i < 5; i++) {
                assertThat(gradients(bert(.3), 2, 5)).usingRecursiveComparison().isEqualTo(first);
            }
            assertThat(gradients(bert(.3), 2, 6).getLast()).isNotEqualTo(first.getLast());
            assertThat(gradients(bert(0), 2, 5).getLast()).isNotEqualTo(first.getLast());
        }
    }

    @Test
    void whatGoesWrongInAThreadIsToldAndTheNextStepIsMadeAsIfNothingHadBeen() {
        try (var _ = new PointerScope();
                var encoder = new Replicas(bert(0), 2)) {
            var broken = new ArrayList<>(TEXTS);
            broken.set(3, new int[] {2, 999_999, 3});
            assertThatThrownBy(() -> encoder.sentences(broken, List.of(1, 3), false))
                    .isInstanceOf(RuntimeException.class);
            assertThat(Numbers.floats(encoder.sentences(TEXTS, SOME, false)))
                    .hasSize(SOME.size() * Tiny.SHAPE.hidden());
        }
    }
}
