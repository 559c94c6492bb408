package dev.tandem.llm;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Generator;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Asks a second model where the first has failed before it wrote anything. Both share one deadline; the first may use
 * half of it, so that the second has time to answer.
 */
final class Fallback implements Generator {

    private final RemoteModel first;
    private final RemoteModel second;
    private final Duration time;

    Fallback(RemoteModel first, RemoteModel second, Duration time) {
        this.first = first;
        this.second = second;
        this.time = time;
    }

    @Override
    public String name() {
        return first.name();
    }

    @Override
    public List<String> endpoints() {
        return Stream.concat(first.endpoints().stream(), second.endpoints().stream())
                .distinct()
                .toList();
    }

    @Override
    public Completion generate(Prompt prompt, Consumer<String> onText) {
        return generate(prompt, onText, Deadline.in(time));
    }

    @Override
    public Generator within(Duration less) {
        return new Hurried(
                name(),
                endpoints(),
                (prompt, onText) -> generate(prompt, onText, Deadline.in(time).orIn(less)));
    }

    private Completion generate(Prompt prompt, Consumer<String> onText, Deadline deadline) {
        Failure failed;
        try {
            return first.generate(prompt, onText, deadline.half());
        } catch (Failure e) {
            if (e.kind() != Failure.Kind.UPSTREAM || Thread.currentThread().isInterrupted()) {
                throw e;
            }
            failed = e;
        }
        try {
            return second.generate(prompt, onText, deadline);
        } catch (Failure e) {
            if (e.kind() != Failure.Kind.UPSTREAM) {
                throw e;
            }
            throw new Failure(
                    Failure.Kind.UPSTREAM,
                    failed.getMessage() + " The fallback did not help: " + e.getMessage(),
                    failed.nextStep(),
                    e);
        }
    }
}
