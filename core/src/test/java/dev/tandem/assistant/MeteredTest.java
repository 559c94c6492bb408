package dev.tandem.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.catalog.Home;
import dev.tandem.catalog.Usage;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Generator;
import dev.tandem.domain.Principal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeteredTest {

    private static final Generator.Prompt PROMPT = new Generator.Prompt("s".repeat(36), "u".repeat(900), 500, "");
    private static final Metered.Price PRICE = new Metered.Price(1, 2);
    /** 1,000 tokens of prompt and 500 of answer. */
    private static final long MOST = 2_000;

    @TempDir
    Path folder;

    private final AtomicInteger asked = new AtomicInteger();

    private Usage usage(String principal) {
        return Usage.of(Home.at(folder), Principal.parse(principal));
    }

    private Generator model(int promptTokens, int completionTokens) {
        return new Generator() {
            @Override
            public String name() {
                return "scripted";
            }

            @Override
            public Completion generate(Prompt prompt, Consumer<String> onText) {
                asked.incrementAndGet();
                return new Completion("four", promptTokens == 0, promptTokens, completionTokens, name());
            }
        };
    }

    private Generator metered(Generator model, String budget) {
        return Metered.by(model, usage("user:ana"), PRICE, null, budget);
    }

    @Test
    void whatWasUsedIsBookedForTheTenantAlone() {
        metered(model(200, 10), "1").generate(PROMPT, text -> {});
        assertThat(usage("user:berta").month()).isEqualTo(new Usage.Month(1, 200, 10, 220));
        assertThat(usage("tenant:acme,user:ana").month()).isEqualTo(new Usage.Month(0, 0, 0, 0));
    }

    @Test
    void whatTheServerDidNotCountIsBookedAtTheMostItCanBe() {
        metered(model(0, 0), "1").generate(PROMPT, text -> {});
        assertThat(usage("user:ana").month()).isEqualTo(new Usage.Month(1, 1_000, 4, 1_008));
    }

    @Test
    void aModelIsNotAskedWhereTheBudgetMayNotReach() {
        assertThatThrownBy(() -> metered(model(1, 1), "0.001999").generate(PROMPT, text -> {}))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(Failure.Kind.DENIED);
                    assertThat(failure).hasMessageContaining("$0.001999").hasMessageContaining("$0.002");
                });
        assertThat(asked).hasValue(0);
        metered(model(1, 1), "0.002").generate(PROMPT, text -> {});
        assertThat(asked).hasValue(1);
    }

    @Test
    void aBudgetWithoutPricesIsNoBudget() {
        assertThatThrownBy(() -> Metered.by(model(1, 1), usage("user:ana"), null, null, "5")
                        .generate(PROMPT, text -> {}))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.nextStep()).contains("model-price"));
        Metered.by(model(3, 4), usage("user:ana"), null, null, "").generate(PROMPT, text -> {});
        assertThat(usage("user:ana").month()).isEqualTo(new Usage.Month(1, 3, 4, 0));
    }

    @Test
    void aCallThatFailedCostsNothing() {
        Generator broken = new Generator() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public Completion generate(Prompt prompt, Consumer<String> onText) {
                throw new Failure(Failure.Kind.UPSTREAM, "down.", "Wait.");
            }
        };
        assertThatThrownBy(() -> metered(broken, "1").generate(PROMPT, text -> {}))
                .isInstanceOf(Failure.class);
        assertThat(usage("user:ana").month().calls()).isZero();
    }

    @Test
    void callsAtTheSameTimeDoNotOverspend() throws Exception {
        int affordable = 5;
        Generator slowAndDear = new Generator() {
            @Override
            public String name() {
                return "dear";
            }

            @Override
            public Completion generate(Prompt prompt, Consumer<String> onText) {
                try {
                    Thread.sleep(100);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return new Completion("x", false, 1_000, 500, name());
            }
        };
        var calls = new ArrayList<Callable<Boolean>>();
        for (int i = 0; i < 20; i++) {
            calls.add(() -> {
                try {
                    metered(slowAndDear, "0.010").generate(PROMPT, text -> {});
                    return true;
                } catch (Failure e) {
                    return false;
                }
            });
        }
        List<Boolean> answered = new ArrayList<>();
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var call : pool.invokeAll(calls)) {
                answered.add(call.get());
            }
        }
        assertThat(answered.stream().filter(Boolean::booleanValue)).hasSize(affordable);
        assertThat(usage("user:ana").month().microUsd()).isEqualTo(affordable * MOST);
    }
}
