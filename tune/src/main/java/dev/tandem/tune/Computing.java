package dev.tandem.tune;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Keeps the end of the process and the work of libtorch apart: where a process ends while its threads compute, its libraries
 * are taken from under them, and it crashes. The end waits for the step that is under way, and no other one begins.
 */
final class Computing {

    private static final ReentrantLock STEP = new ReentrantLock();

    static {
        // Never let go of: what would compute from then on waits for the end.
        Runtime.getRuntime().addShutdownHook(new Thread(STEP::lock, "after the last step"));
    }

    private Computing() {}

    static <T> T step(Supplier<T> work) {
        STEP.lock();
        try {
            return work.get();
        } finally {
            STEP.unlock();
        }
    }

    static void step(Runnable work) {
        step(() -> {
            work.run();
            return true;
        });
    }
}
