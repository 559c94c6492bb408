package dev.tandem.catalog;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The right to write into a home. The operating system holds the lock, so that a process that dies, however it dies,
 * gives it back; the file says only who holds it.
 *
 * <p>Whoever waits for it holds a second lock on the same file meanwhile, the right to be next: so those who wait take
 * turns, and the holder can see that somebody waits ({@link #isWanted()}). One that works for long and makes room when it sees that says so
 * ({@link #makesRoom()}), and is waited for with more patience.
 */
public final class HomeLock implements AutoCloseable {

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);
    /** For a holder that makes room: it may be in the middle of a large file. */
    private static final Duration PATIENCE_WITH_THE_POLITE = Duration.ofMinutes(1);

    private static final String MAKES_ROOM = " makes room";
    /** Which bytes of the file are locked: far beyond its content, which stays readable where locks keep readers out. */
    private static final long RIGHT = 1L << 40;

    private static final long NEXT = RIGHT + 1;

    private static final Map<Path, Shared> SHARED = new HashMap<>();

    private final Home home;
    private final Shared shared;
    private final FileLock right;

    private HomeLock(Home home, Shared shared, FileLock right) {
        this.home = home;
        this.shared = shared;
        this.right = right;
    }

    /**
     * This process's one channel to a lock file. Where a process closes any channel to a file, POSIX lets go of all locks that it
     * has on it: a thread that gives up waiting would take the right from the one that writes.
     */
    private static final class Shared {

        private final Path key;
        private final FileChannel channel;
        private int users;

        private Shared(Path key, FileChannel channel) {
            this.key = key;
            this.channel = channel;
        }

        static Shared use(Home home) throws IOException {
            Path key = home.path().toRealPath().resolve("lock");
            synchronized (SHARED) {
                Shared open = SHARED.get(key);
                if (open == null || !open.channel.isOpen()) {
                    open = new Shared(
                            key,
                            FileChannel.open(
                                    home.path().resolve("lock"),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.READ,
                                    StandardOpenOption.WRITE));
                    SHARED.put(key, open);
                }
                open.users++;
                return open;
            }
        }

        void leave() throws IOException {
            synchronized (SHARED) {
                users--;
                if (users == 0) {
                    SHARED.remove(key, this);
                    channel.close();
                }
            }
        }
    }

    static HomeLock take(Home home, Duration patience) {
        Shared shared = null;
        try {
            Storage.createHome(home.path());
            shared = Shared.use(home);
            FileLock right = tryLock(shared.channel, RIGHT);
            if (right == null) {
                right = await(home, shared.channel, patience);
            }
            say(shared.channel, "");
            return new HomeLock(home, shared, right);
        } catch (IOException e) {
            leave(shared, e);
            throw Storage.failure(e, home.path());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            Failure busy = new Failure(
                    Failure.Kind.BUSY,
                    "The home " + home + " was not waited for.",
                    "Wait until it is done and try again.",
                    e);
            leave(shared, busy);
            throw busy;
        } catch (Failure e) {
            leave(shared, e);
            throw e;
        }
    }

    private static FileLock await(Home home, FileChannel channel, Duration patience)
            throws IOException, InterruptedException {
        long since = System.nanoTime();
        FileLock turn = null;
        try {
            while (true) {
                turn = turn == null ? tryLock(channel, NEXT) : turn;
                FileLock right = turn == null ? null : tryLock(channel, RIGHT);
                if (right != null) {
                    return right;
                }
                Duration most = holder(channel).endsWith(MAKES_ROOM) ? PATIENCE_WITH_THE_POLITE : patience;
                if (System.nanoTime() - since > most.toNanos()) {
                    throw busy(home, channel);
                }
                Thread.sleep(BETWEEN_TRIES);
            }
        } finally {
            if (turn != null) {
                turn.release();
            }
        }
    }

    private static String holder(FileChannel channel) {
        try {
            ByteBuffer said = ByteBuffer.allocate(64);
            channel.read(said, 0);
            return new String(said.array(), 0, said.position(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel, long at) throws IOException {
        try {
            return channel.tryLock(at, 1, false);
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    private static void say(FileChannel channel, String more) throws IOException {
        String who = ProcessHandle.current().pid() + more;
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(who.getBytes(StandardCharsets.UTF_8)), 0);
    }

    private static Failure busy(Home home, FileChannel channel) {
        String holder = Printable.of(holder(channel).replace(MAKES_ROOM, "").strip());
        String process = holder.isEmpty() ? "another process" : "process " + holder;
        return new Failure(
                Failure.Kind.BUSY,
                "The home " + home + " is being written by " + process + ".",
                "Wait until it is done and try again, or stop it: what it has acknowledged is kept.");
    }

    private static void leave(@Nullable Shared shared, Exception because) {
        try {
            if (shared != null) {
                shared.leave();
            }
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    public Home home() {
        return home;
    }

    /** Lets those who wait know that they need not give up soon: whoever holds this gives it back when it is wanted. */
    public void makesRoom() {
        try {
            say(shared.channel, MAKES_ROOM);
        } catch (IOException e) {
            throw Storage.failure(e, home.path());
        }
    }

    /** Whether another process waits for this lock now. */
    public boolean isWanted() {
        try {
            FileLock turn = tryLock(shared.channel, NEXT);
            if (turn == null) {
                return true;
            }
            turn.release();
            return false;
        } catch (IOException e) {
            throw Storage.failure(e, home.path());
        }
    }

    void requireHeld(Home wanted) {
        if (!right.isValid() || !home.path().equals(wanted.path())) {
            throw new IllegalStateException("the lock of " + wanted + " is not held");
        }
    }

    /** The file stays: deleting it would let two processes lock two files of the same name. */
    @Override
    public synchronized void close() {
        if (!right.isValid()) {
            return;
        }
        try {
            right.release();
            shared.leave();
        } catch (IOException e) {
            throw Storage.failure(e, home.path());
        }
    }
}
