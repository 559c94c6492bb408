package dev.tandem.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.model.LoraFiles;
import dev.tandem.behavior.model.LoraSettings;
import dev.tandem.behavior.tuning.Linear;
import dev.tandem.behavior.tuning.Trainer;
import dev.tandem.behavior.tuning.TrainingSettings;
import dev.tandem.domain.Failure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What else a run can learn than labels: to find passages, to judge them, and to find answers in them. */
class TasksTest {

    @TempDir
    private Path folder;

    private final BaseModel base = Tiny.model(1);

    private static TrainingSettings settings(int epochs, @Nullable Path checkpoints) {
        return new TrainingSettings(
                new LoraSettings(4, 8, false, 0, LoraSettings.ofRank(4).targets(), 0),
                epochs,
                16,
                1e-2,
                1e-2,
                .1,
                0,
                0,
                100,
                5,
                1,
                checkpoints,
                Duration.ZERO);
    }

    /** A question's third token says which passages answer it: those that have the token two above it in third place. */
    private static Trainer.Ranked ranked(int count, long seed) {
        var random = new SplittableRandom(seed);
        var queries = new ArrayList<int[]>();
        var passages = new ArrayList<int[]>();
        var pairs = new ArrayList<Trainer.Ranked.Match>();
        for (int i = 0; i < count; i++) {
            int key = 4 + i % 7;
            queries.add(new int[] {2, random.nextInt(4, 20), key, random.nextInt(4, 20), 3});
            passages.add(new int[] {2, random.nextInt(4, 20), key + 7, 3});
        }
        for (int i = 0; i < count; i++) {
            pairs.add(new Trainer.Ranked.Match(i, i, List.of((i + 1) % count)));
            for (int other = (i + 7) % count; other != i; other = (other + 7) % count) {
                pairs.add(new Trainer.Ranked.Match(i, other, List.of()));
            }
        }
        return new Trainer.Ranked(queries, passages, pairs);
    }

    @Test
    void questionsComeNearThePassagesThatAnswerThem() {
        var epochs = new ArrayList<Trainer.Event.Epoch>();
        Trainer.TunedEncoder tuned = new LoraTrainer()
                .retriever(base, ranked(35, 1), ranked(21, 2), .1, settings(30, null), event -> {
                    if (event instanceof Trainer.Event.Epoch it) {
                        epochs.add(it);
                    }
                });
        // Three of 21 answer: by chance the first of them would stand in about the sixth place.
        assertThat(epochs.getFirst().figure()).isLessThan(.5);
        assertThat(epochs.get(tuned.epoch() - 1).figure()).isGreaterThan(.7);
        assertThat(tuned.head()).isEmpty();
    }

    @Test
    void noQuestionAndNoPassageComesTwiceInABatchAndEachPairComesOnce() {
        Trainer.Ranked data = ranked(35, 1);
        try (var _ = new PointerScope()) {
            var task = new Ranking(data, data, .1);
            for (int epoch = 0; epoch < 5; epoch++) {
                List<List<Integer>> batches = task.order(16, 3, epoch);
                assertThat(batches.stream().flatMap(List::stream).sorted().toList())
                        .isEqualTo(
                                IntStream.range(0, data.pairs().size()).boxed().toList());
                for (List<Integer> batch : batches) {
                    List<Trainer.Ranked.Match> pairs =
                            batch.stream().map(data.pairs()::get).toList();
                    assertThat(new HashSet<>(pairs.stream()
                                    .map(Trainer.Ranked.Match::query)
                                    .toList()))
                            .hasSameSizeAs(batch);
                    assertThat(new HashSet<>(pairs.stream()
                                    .map(Trainer.Ranked.Match::passage)
                                    .toList()))
                            .hasSameSizeAs(batch);
                }
            }
        }
    }

    /** The loss by hand: of a question's cosines over the temperature, without its other answers. */
    @Test
    void aPassageThatAnswersAQuestionIsNeverTakenForOneThatDoesNot() {
        Trainer.Ranked data = ranked(14, 1);
        List<Integer> batch = List.of(0, 14, 4);
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            var bert = new Bert(base, LoraSettings.ofRank(2), Numbers.FLOAT32, 1);
            double loss = new Ranking(data, data, .1)
                    .loss(new Replicas(bert, 1), batch)
                    .item_double();

            List<Trainer.Ranked.Match> pairs =
                    batch.stream().map(data.pairs()::get).toList();
            // Passages 0 and 7 answer both questions, 0 and 7.
            assertThat(pairs).extracting(Trainer.Ranked.Match::query).containsExactly(0, 7, 2);
            assertThat(pairs).extracting(Trainer.Ranked.Match::passage).containsExactly(0, 7, 2);
            double byHand = 0;
            for (Trainer.Ranked.Match pair : pairs) {
                double wanted = 0;
                double sum = 0;
                for (int passage : List.of(0, 7, 2, 1, 8, 3)) {
                    boolean other = passage % 7 == pair.query() % 7 && passage != pair.passage();
                    if (!other) {
                        double score = cosine(bert, data, pair.query(), passage) / .1;
                        sum += Math.exp(score);
                        wanted = passage == pair.passage() ? score : wanted;
                    }
                }
                byHand += Math.log(sum) - wanted;
            }
            assertThat(loss).isCloseTo(byHand / 3, within(1e-5));
        }
    }

    private static double cosine(Bert bert, Trainer.Ranked data, int query, int passage) {
        float[] one = Numbers.floats(bert.sentence(Batch.of(data.queries(), List.of(query)), false));
        float[] other = Numbers.floats(bert.sentence(Batch.of(data.passages(), List.of(passage)), false));
        return IntStream.range(0, one.length)
                .mapToDouble(i -> (double) one[i] * other[i])
                .sum();
    }

    /** {@code [CLS] key [SEP] … [SEP]}; the answer is the key's successor and what follows it, where it is there. */
    private static Trainer.Spans spans(int count, long seed) {
        var random = new SplittableRandom(seed);
        var texts = new ArrayList<int[]>();
        var seconds = new ArrayList<Integer>();
        var firsts = new ArrayList<Integer>();
        var lasts = new ArrayList<Integer>();
        for (int i = 0; i < count; i++) {
            int key = random.nextInt(4, 7);
            int length = random.nextInt(3, 7);
            var text = new int[length + 4];
            text[0] = 2;
            text[1] = key;
            text[2] = 3;
            for (int at = 3; at < text.length - 1; at++) {
                text[at] = random.nextInt(10, 20);
            }
            text[text.length - 1] = 3;
            int at = random.nextInt(3, text.length - 2);
            boolean there = random.nextInt(4) > 0;
            if (there) {
                text[at] = key + 3;
            }
            texts.add(text);
            seconds.add(3);
            firsts.add(there ? at : 0);
            lasts.add(there ? at + 1 : 0);
        }
        return new Trainer.Spans(texts, seconds, firsts, lasts);
    }

    @Test
    void answersAreFoundWhereTheyStandAndWhereThereIsNoneNoneIsFound() {
        var epochs = new ArrayList<Trainer.Event.Epoch>();
        Trainer.TunedEncoder tuned = new LoraTrainer()
                .reader(base, spans(300, 1), spans(80, 2), settings(20, null), event -> {
                    if (event instanceof Trainer.Event.Epoch it) {
                        epochs.add(it);
                    }
                });
        assertThat(epochs.get(tuned.epoch() - 1).figure()).isGreaterThan(.85);
        assertThat(tuned.head().orElseThrow().outputs()).isEqualTo(2);
    }

    /** What the trainer told of its best epoch, by its states and its head alone, as another program would do it. */
    @Test
    void statesAndHeadAloneGiveTheAnswersThatTheTrainerCounted() {
        Trainer.Spans validation = spans(80, 2);
        var best = new double[1];
        Trainer.TunedEncoder tuned = new LoraTrainer()
                .reader(base, spans(300, 1), validation, settings(8, null), event -> {
                    if (event instanceof Trainer.Event.Epoch it && it.best()) {
                        best[0] = it.figure();
                    }
                });
        Linear head = tuned.head().orElseThrow();
        List<float[]> states =
                new LoraTrainer().states(base, tuned.lora(), validation.texts(), validation.seconds(), 1);
        double sum = 0;
        for (int text = 0; text < states.size(); text++) {
            float[] state = states.get(text);
            int first = 0;
            int last = 0;
            double most = head.at(0, state, 0) + head.at(1, state, 0);
            int end = validation.texts().get(text).length - 1;
            for (int i = 3; i < end; i++) {
                for (int j = i; j < end; j++) {
                    double score = head.at(0, state, i) + head.at(1, state, j);
                    if (score > most) {
                        most = score;
                        first = i;
                        last = j;
                    }
                }
            }
            int wantedFirst = validation.firsts().get(text);
            int wantedLast = validation.lasts().get(text);
            int shared = Math.min(last, wantedLast) - Math.max(first, wantedFirst) + 1;
            sum += first == 0 || wantedFirst == 0
                    ? first == wantedFirst ? 1 : 0
                    : shared <= 0 ? 0 : 2.0 * shared / (last - first + 1 + wantedLast - wantedFirst + 1);
        }
        assertThat(best[0]).isCloseTo(sum / states.size(), within(1e-9));
    }

    @Test
    void passagesThatAnswerAreToldFromThoseThatDoNot() {
        Trainer.Spans some = spans(300, 1);
        Trainer.Spans others = spans(80, 2);
        var epochs = new ArrayList<Trainer.Event.Epoch>();
        Trainer.TunedEncoder tuned = new LoraTrainer()
                .reranker(base, judged(some), judged(others), settings(20, null), event -> {
                    if (event instanceof Trainer.Event.Epoch it) {
                        epochs.add(it);
                    }
                });
        assertThat(epochs.get(tuned.epoch() - 1).figure()).isGreaterThan(.85);
        assertThat(tuned.head().orElseThrow().outputs()).isEqualTo(1);
    }

    private static Trainer.Judged judged(Trainer.Spans spans) {
        return new Trainer.Judged(
                spans.texts(),
                spans.seconds(),
                spans.firsts().stream().map(first -> first > 0 ? 1 : 0).toList());
    }

    @Test
    void layersBelowTheLowestThatIsTunedAreComputedOnceAndGiveTheSame() {
        Trainer.Spans some = spans(40, 1);
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            var upper = new LoraSettings(2, 4, false, 0, LoraSettings.ofRank(2).targets(), 1);
            var bert = new Bert(base, upper, Numbers.FLOAT32, 1);
            for (List<Integer> batch : List.of(List.of(0, 1, 2, 3), List.of(3, 7), List.of(1, 0))) {
                Batch texts = Batch.of(some.texts(), some.seconds(), batch);
                float[] once = Numbers.floats(bert.hidden(texts, false));
                float[] learned = Numbers.floats(bert.hidden(texts, true));
                for (int row = 0; row < batch.size(); row++) {
                    int begin = row * texts.length() * Tiny.SHAPE.hidden();
                    int tokens = some.texts().get(batch.get(row)).length;
                    for (int i = begin; i < begin + tokens * Tiny.SHAPE.hidden(); i++) {
                        assertThat(learned[i]).isCloseTo(once[i], within(1e-5f));
                    }
                }
                float[] first = Numbers.floats(bert.sentence(texts, true));
                assertThat(first).hasSize(batch.size() * Tiny.SHAPE.hidden());
            }
            assertThat(bert.learned()).hasSize(2 * 6);
        }
    }

    @Test
    void whatLeavesNothingToTuneIsRefused() {
        var none = new LoraSettings(2, 4, false, 0, LoraSettings.ofRank(2).targets(), 2);
        TrainingSettings usual = settings(1, null);
        var settings = new TrainingSettings(
                none, 1, 16, 1e-2, 1e-2, .1, 0, 0, 1, 5, 1, usual.checkpoints(), usual.checkpointEvery());
        assertThatThrownBy(() -> new LoraTrainer().reader(base, spans(40, 1), spans(10, 2), settings, _ -> {}))
                .isInstanceOfSatisfying(Failure.class, e -> {
                    assertThat(e).hasMessageContaining("2 layers");
                    assertThat(e.nextStep()).contains("--lowest-layer");
                });
    }

    @Test
    void whatItWillTakeIsToldBeforeTheFirstStepAndMoreThanThereIsIsRefused() {
        var events = new ArrayList<Trainer.Event>();
        new LoraTrainer().reader(base, spans(40, 1), spans(10, 2), settings(1, null), events::add);
        assertThat(events.getFirst()).isInstanceOfSatisfying(Trainer.Event.Planned.class, it -> {
            assertThat(it.steps()).isEqualTo(3);
            assertThat(it.tokens()).isPositive();
            assertThat(it.megabytes()).isBetween(400L, 500L);
        });
        assertThatThrownBy(() -> Plan.require(Long.MAX_VALUE)).isInstanceOfSatisfying(Failure.class, e -> {
            assertThat(e).hasMessageContaining("MB are free");
            assertThat(e.nextStep()).contains("--batch");
        });
    }

    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** As a process stops that is killed: in the middle of everything. */
    private Trainer.@Nullable TunedEncoder retriever(@Nullable Path checkpoints, List<Double> losses, int stopAfter) {
        try {
            return new LoraTrainer()
                    .retriever(base, ranked(35, 1), ranked(21, 2), .1, settings(3, checkpoints), event -> {
                        if (event instanceof Trainer.Event.Step it) {
                            losses.add(it.loss());
                            if (losses.size() == stopAfter) {
                                throw new Stopped();
                            }
                        }
                    });
        } catch (Stopped e) {
            return null;
        }
    }

    @Test
    void aRetrieverThatWasStoppedGoesOnWithTheSameBits() {
        var whole = new ArrayList<Double>();
        Trainer.TunedEncoder once = retriever(null, whole, -1);
        var parts = new ArrayList<Double>();
        for (int stop : List.of(3, 9, 11)) {
            var part = new ArrayList<Double>();
            assertThat(retriever(folder.resolve("state"), part, stop)).isNull();
            parts.addAll(part.subList(0, stop - 1));
        }
        var rest = new ArrayList<Double>();
        Trainer.TunedEncoder resumed = retriever(folder.resolve("state"), rest, -1);
        parts.addAll(rest);
        assertThat(parts).isEqualTo(whole);
        assertThat(bytes(resumed)).isEqualTo(bytes(once));
    }

    private byte[] bytes(Trainer.@Nullable TunedEncoder tuned) {
        return LoraFiles.write(tuned.lora(), base).get(LoraFiles.WEIGHTS);
    }
}
