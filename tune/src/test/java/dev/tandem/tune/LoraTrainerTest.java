package dev.tandem.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.model.LoraFiles;
import dev.tandem.behavior.model.LoraSettings;
import dev.tandem.behavior.tuning.Head;
import dev.tandem.behavior.tuning.Trainer;
import dev.tandem.behavior.tuning.TrainingSettings;
import dev.tandem.domain.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run from its first step to its last, in one piece and in several. */
class LoraTrainerTest {

    @TempDir
    private Path folder;

    private final BaseModel base = Tiny.model(1);
    private final Trainer.Labelled train = Tiny.texts(200, 2);
    private final Trainer.Labelled validation = Tiny.texts(60, 3);

    private static TrainingSettings settings(@Nullable Path checkpoints) {
        return new TrainingSettings(
                new LoraSettings(4, 8, false, .1, LoraSettings.ofRank(4).targets(), 0),
                4,
                16,
                1e-2,
                1e-2,
                .1,
                .01,
                .05,
                10,
                5,
                2,
                checkpoints,
                Duration.ZERO);
    }

    /** What a run told, and what came of it. */
    private record Run(List<Double> losses, List<Trainer.Event.Epoch> epochs, Trainer.@Nullable Tuned tuned) {}

    /** Stops after so many steps as a process stops that is killed: in the middle of everything. */
    private Run run(TrainingSettings settings, int stopAfter) {
        var losses = new ArrayList<Double>();
        var epochs = new ArrayList<Trainer.Event.Epoch>();
        try {
            Trainer.Tuned tuned = new LoraTrainer()
                    .classifier(base, Tiny.head(), train, validation, settings, event -> {
                        if (event instanceof Trainer.Event.Step it) {
                            losses.add(it.loss());
                            if (losses.size() == stopAfter) {
                                throw new Stopped();
                            }
                        } else if (event instanceof Trainer.Event.Epoch it) {
                            epochs.add(it);
                        }
                    });
            return new Run(losses, epochs, tuned);
        } catch (Stopped e) {
            return new Run(losses, epochs, null);
        }
    }

    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private byte[] bytes(Run run) {
        return LoraFiles.write(run.tuned().lora(), base).get(LoraFiles.WEIGHTS);
    }

    @Test
    void itIsFoundAsAService() {
        assertThat(ServiceLoader.load(Trainer.class)).singleElement().isInstanceOf(LoraTrainer.class);
    }

    @Test
    void itLearnsAndGivesWhatWasBest() {
        Run run = run(settings(null), -1);
        assertThat(run.losses()).hasSize(4 * 13);
        assertThat(run.epochs()).hasSize(4);
        double first = run.losses().subList(0, 13).stream()
                .mapToDouble(it -> it)
                .average()
                .orElseThrow();
        double last = run.losses().subList(39, 52).stream()
                .mapToDouble(it -> it)
                .average()
                .orElseThrow();
        assertThat(last).isLessThan(.8 * first);
        int best = run.epochs().stream()
                .filter(Trainer.Event.Epoch::best)
                .reduce((_, later) -> later)
                .orElseThrow()
                .epoch();
        assertThat(run.tuned().epoch()).isEqualTo(best);
        assertThat(run.epochs().get(best - 1).figure())
                .isEqualTo(run.epochs().stream()
                        .mapToDouble(Trainer.Event.Epoch::figure)
                        .max()
                        .orElseThrow());
        assertThat(run.tuned().head().labels()).isEqualTo(Tiny.head().labels());
    }

    @Test
    void theSameRunGivesTheSameBits() {
        Run one = run(settings(null), -1);
        Run other = run(settings(null), -1);
        assertThat(other.losses()).isEqualTo(one.losses());
        assertThat(bytes(other)).isEqualTo(bytes(one));
        assertThat(other.tuned().head().weights()).isEqualTo(one.tuned().head().weights());
    }

    @Test
    void aLossThatIsNoNumberEndsTheRunWithItsStepAndItsExample() {
        var weights = new float[2 * Tiny.SHAPE.hidden()];
        Arrays.fill(weights, Float.MAX_VALUE);
        var head = new Head(List.of("above", "below"), Tiny.SHAPE.hidden(), weights, new float[2], .5);

        Failure failure = catchThrowableOfType(
                Failure.class,
                () -> new LoraTrainer().classifier(base, head, train, validation, settings(folder), _ -> {}));

        assertThat(failure)
                .hasMessageMatching("The training went astray at step 1: the loss or its gradient is"
                        + " Infinity\\. The examples of that step are number \\d+(, \\d+)*\\.");
        assertThat(failure.nextStep()).contains("--learning-rate");
        assertThat(folder).as("no state of it is kept").isEmptyDirectory();
    }

    /** Killed three times, at steps drawn by chance, it goes on with the same bits at every later step. */
    @Test
    void aRunThatWasStoppedGoesOnWithTheSameBits() {
        long seed = Long.getLong("tandem.seed", System.nanoTime());
        var random = new SplittableRandom(seed);
        Run whole = run(settings(null), -1);
        int[] stops = random.ints(3, 2, 20).toArray();
        var settings = settings(folder.resolve("checkpoint"));
        var losses = new ArrayList<Double>();
        for (int stop : stops) {
            Run part = run(settings, stop);
            // The state is written after each step is told, so the last one told is made again.
            losses.addAll(part.losses().subList(0, stop - 1));
        }
        Run rest = run(settings, -1);
        losses.addAll(rest.losses());
        String replay = "replay with -Dtandem.seed=" + seed;
        assertThat(losses).as(replay).isEqualTo(whole.losses());
        assertThat(bytes(rest)).as(replay).isEqualTo(bytes(whole));
        assertThat(rest.tuned().head().weights()).isEqualTo(whole.tuned().head().weights());
        assertThat(rest.tuned().epoch()).isEqualTo(whole.tuned().epoch());
        assertThat(folder.resolve("checkpoint")).doesNotExist();
    }

    @Test
    void anotherRunDoesNotGoOnFromItAndADamagedStateIsRefused() throws Exception {
        Path checkpoint = folder.resolve("checkpoint");
        run(settings(checkpoint), 10);
        TrainingSettings other = new TrainingSettings(
                LoraSettings.ofRank(2), 4, 16, 1e-2, 1e-2, .1, .01, .05, 10, 5, 1, checkpoint, Duration.ofDays(1));
        assertThat(run(other, 20).losses()).hasSize(20);

        run(settings(checkpoint), 10);
        Path file = checkpoint.resolve("state.safetensors");
        byte[] state = Files.readAllBytes(file);
        long seed = Long.getLong("tandem.seed", System.nanoTime());
        var random = new SplittableRandom(seed);
        for (int i = 0; i < 20; i++) {
            byte[] damaged = state.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, damaged);
            Failure failure = catchThrowableOfType(Failure.class, () -> run(settings(checkpoint), -1));
            assertThat(failure).as("replay with -Dtandem.seed=" + seed).isNotNull();
            assertThat(failure).hasMessageContaining("state.safetensors");
            assertThat(failure.kind()).isEqualTo(Failure.Kind.BROKEN);
        }
        Files.write(file, Arrays.copyOf(state, 5));
        assertThatThrownBy(() -> run(settings(checkpoint), -1)).isInstanceOf(Failure.class);
        Files.write(file, state);
        assertThat(run(settings(checkpoint), -1).losses()).hasSize(52 - 9);
    }

    @Test
    void aRateThatIsTooHighEndsWithTheStepAndWhatToDo() {
        var wild =
                new TrainingSettings(LoraSettings.ofRank(4), 50, 16, 1, 1, 0, 0, 0, 50, 5, 1, null, Duration.ofDays(1));
        var base = Tiny.model(1);
        var head = new Head(Tiny.head().labels(), Tiny.SHAPE.hidden(), filled(Float.MAX_VALUE), new float[2], 0);
        assertThatThrownBy(() -> new LoraTrainer().classifier(base, head, train, validation, wild, _ -> {}))
                .isInstanceOfSatisfying(Failure.class, e -> {
                    assertThat(e).hasMessageContaining("step 1");
                    assertThat(e.nextStep()).contains("--learning-rate");
                });
    }

    private static float[] filled(float value) {
        var values = new float[2 * Tiny.SHAPE.hidden()];
        Arrays.fill(values, value);
        values[0] = -value;
        return values;
    }
}
