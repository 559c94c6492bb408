package dev.tandem.behavior.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.assistant.MemoryFolder;
import dev.tandem.behavior.registry.AdapterHouse;
import dev.tandem.behavior.registry.Registry;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is promoted while others ask. */
class FollowedClassifierTest {

    private static final Principal ANA = Principal.ofUser("ana");
    private static final List<String> TEXT = List.of("text about the bill");

    @TempDir(factory = MemoryFolder.class)
    private Path folder;

    private AdapterHouse house;
    private AdapterEntry first;
    private AdapterEntry second;
    private final List<Failure> told = new CopyOnWriteArrayList<>();

    @BeforeEach
    void twoStatesOfOneName() {
        house = new AdapterHouse(folder.resolve("home"));
        first = house.trained(ANA, "queues", "zq");
        second = house.trained(ANA, "queues", "xy");
        promote(first);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private void promote(AdapterEntry adapter) {
        house.registry.promote(ANA, adapter.reference(), Registry.PRODUCTION, house.embedder.encoder());
    }

    private Classifier plainly(AdapterEntry adapter) {
        return Classifier.open(house.registry, ANA, adapter, house.embedder, () -> {
            throw new IllegalStateException("nothing was tuned");
        });
    }

    private FollowedClassifier follow(Function<AdapterEntry, Classifier> opener) {
        return FollowedClassifier.open(house.registry, ANA, "queues", opener, told::add);
    }

    @Test
    void theNextRequestIsAnsweredByWhatWasPromotedAndByWhatCameBack() {
        try (FollowedClassifier classifier = follow(this::plainly)) {
            assertThat(classifier.classify(TEXT).labels().getFirst().label()).isEqualTo("zqlabel-bill");

            promote(second);

            FollowedClassifier.Answered answered = classifier.classify(TEXT);
            assertThat(answered.labels().getFirst().label()).isEqualTo("xylabel-bill");
            assertThat(answered.adapter().hash()).isEqualTo(second.hash());

            house.registry.rollback(ANA, "queues", Registry.PRODUCTION);

            assertThat(classifier.classify(TEXT).adapter().hash()).isEqualTo(first.hash());
        }
        assertThat(told).isEmpty();
    }

    @Test
    void noneOfManyRequestsFailsWhileItChangesBackAndForth() throws Exception {
        var over = new AtomicBoolean();
        var answered = new ArrayList<Future<Integer>>();
        try (FollowedClassifier classifier = follow(this::plainly);
                var callers = Executors.newFixedThreadPool(4)) {
            for (int caller = 0; caller < 4; caller++) {
                answered.add(callers.submit(() -> {
                    int count = 0;
                    while (!over.get()) {
                        FollowedClassifier.Answered one = classifier.classify(TEXT);
                        assertThat(one.labels().getFirst().label())
                                .isEqualTo(isSame(one.adapter(), first) ? "zqlabel-bill" : "xylabel-bill");
                        count++;
                    }
                    return count;
                }));
            }
            for (int change = 0; change < 20; change++) {
                promote(change % 2 == 0 ? second : first);
            }
            over.set(true);
            for (Future<Integer> each : answered) {
                assertThat(each.get()).isPositive();
            }
        }
        assertThat(told).isEmpty();
    }

    @Test
    void whileANewOneIsSlowToOpenTheOldOneAnswers() throws Exception {
        var mayOpen = new CountDownLatch(1);
        try (FollowedClassifier classifier = follow(adapter -> {
            if (isSame(adapter, second)) {
                awaited(mayOpen);
            }
            return plainly(adapter);
        })) {
            promote(second);

            assertThat(classifier.classify(TEXT).adapter().hash()).isEqualTo(first.hash());
            assertThat(classifier.classify(TEXT).adapter().hash()).isEqualTo(first.hash());

            mayOpen.countDown();

            while (!isSame(classifier.adapter(), second)) {
                Thread.sleep(5);
            }
            assertThat(classifier.classify(TEXT).labels().getFirst().label()).isEqualTo("xylabel-bill");
        }
    }

    @Test
    void aNewOneThatCannotBeOpenedIsToldOfOnceAndTheOldOneGoesOn() {
        try (FollowedClassifier classifier = follow(adapter -> {
            if (isSame(adapter, second)) {
                throw new Failure(Failure.Kind.BROKEN, "head.safetensors is damaged.", "Train it again.");
            }
            return plainly(adapter);
        })) {
            promote(second);

            for (int i = 0; i < 3; i++) {
                assertThat(classifier.classify(TEXT).adapter().hash()).isEqualTo(first.hash());
            }
            assertThat(told)
                    .singleElement()
                    .hasToString(new Failure(Failure.Kind.BROKEN, "head.safetensors is damaged.", "").toString());

            promote(first);
            classifier.classify(TEXT);
            promote(second);
            classifier.classify(TEXT);

            assertThat(told).as("a new promotion is tried again").hasSize(2);
        }
    }

    @Test
    void whatIsClosedAnswersNothingMore() {
        FollowedClassifier classifier = follow(this::plainly);
        classifier.close();

        assertThatThrownBy(() -> classifier.classify(TEXT)).isInstanceOf(IllegalStateException.class);
    }

    /** Whatever aliases point at it. */
    private static boolean isSame(AdapterEntry one, AdapterEntry other) {
        return Objects.equals(one.hash(), other.hash());
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
