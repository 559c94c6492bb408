package dev.tandem.knowledge.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.catalog.Home;
import dev.tandem.catalog.HomeLock;
import dev.tandem.domain.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One writer to a home, among threads and among processes. */
class HomeLockTest {

    @TempDir
    private Path folder;

    /** Run in a process of its own: says whether it got the lock. */
    static final class Asking {
        private Asking() {}

        public static void main(String[] args) {
            try (HomeLock _ = Home.at(Path.of(args[0])).lock()) {
                System.out.println("got it");
            } catch (Failure e) {
                System.out.println(e.kind());
            }
        }
    }

    private String another() throws IOException {
        Process process = new ProcessBuilder(ChildIngest.java(Asking.class, List.of(folder.toString()))).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    @Test
    void aThreadThatGivesUpWaitingDoesNotTakeTheRightFromTheOneThatWrites() throws Exception {
        Home home = Home.at(folder);
        try (HomeLock _ = home.lock()) {
            assertThatThrownBy(home::lock)
                    .isInstanceOfSatisfying(
                            Failure.class, why -> assertThat(why.kind()).isEqualTo(Failure.Kind.BUSY));
            assertThat(another()).isEqualTo("BUSY");
        }
        assertThat(another()).isEqualTo("got it");
    }

    @Test
    void aThreadThatIsInterruptedWhileItWaitsLeavesTheTurnToOthers() throws Exception {
        Home home = Home.at(folder);
        HomeLock lock = home.lock();
        var thrown = new AtomicReference<Throwable>();
        Thread waiting = Thread.ofPlatform().start(() -> {
            try {
                home.lock().close();
            } catch (Failure e) {
                thrown.set(e);
            }
        });
        while (!lock.isWanted()) {
            // To look is to take the turn for a moment: who looks all the time never lets anybody have it.
            Thread.sleep(20);
            assertThat(waiting.isAlive()).isTrue();
        }
        waiting.interrupt();
        waiting.join();
        assertThat(thrown.get()).isInstanceOf(Failure.class);
        assertThat(lock.isWanted()).isFalse();
        assertThat(another()).isEqualTo("BUSY");
        lock.close();
        lock.close();
        home.lock().close();
        assertThat(another()).isEqualTo("got it");
    }
}
