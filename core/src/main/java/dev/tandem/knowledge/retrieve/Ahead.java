package dev.tandem.knowledge.retrieve;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value that another thread makes while this one goes on; asking for it waits, and throws what the making threw. */
final class Ahead<T> implements Supplier<T> {

    private final FutureTask<T> making;

    private Ahead(FutureTask<T> making) {
        this.making = making;
    }

    static <T> Ahead<T> of(Callable<T> work) {
        var making = new FutureTask<>(work);
        Thread.startVirtualThread(making);
        return new Ahead<>(making);
    }

    @Override
    public T get() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return making.get();
                } catch (InterruptedException e) {
                    interrupted = true; // what is being made cannot be stopped half-way, and does not take long
                } catch (ExecutionException e) {
                    throw thrown(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException thrown(@Nullable Throwable cause) {
        return switch (cause) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            case null, default -> new IllegalStateException(cause);
        };
    }
}
