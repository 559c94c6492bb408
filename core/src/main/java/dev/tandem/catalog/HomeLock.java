package dev.tandem.catalog;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
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

    private final Home home;
    private final FileChannel channel;

    private HomeLock(Home home, FileChannel channel) {
        this.home = home;
        this.channel = channel;
    }

    static HomeLock take(Home home, Duration patience) {
        Path file = home.path().resolve("lock");
        FileChannel channel = null;
        try {
            Storage.createHome(home.path());
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (tryLock(channel, RIGHT) == null) {
                await(home, file, channel, patience);
            }
            say(channel, "");
            return new HomeLock(home, channel);
        } catch (IOException e) {
            close(channel, e);
            throw Storage.failure(e, home.path());
        } catch (InterruptedException e) {
            close(channel, e);
            Thread.currentThread().interrupt();
            throw busy(home, file);
        } catch (Failure e) {
            close(channel, e);
            throw e;
        }
    }

    private static void await(Home home, Path file, FileChannel channel, Duration patience)
            throws IOException, InterruptedException {
        long since = System.nanoTime();
        FileLock turn = null;
        while (true) {
            turn = turn == null ? tryLock(channel, NEXT) : turn;
            if (turn != null && tryLock(channel, RIGHT) != null) {
                turn.release();
                return;
            }
            Duration most = holder(channel).endsWith(MAKES_ROOM) ? PATIENCE_WITH_THE_POLITE : patience;
            if (System.nanoTime() - since > most.toNanos()) {
                throw busy(home, file);
            }
            Thread.sleep(BETWEEN_TRIES);
        }
    }

    /** Through the channel that is open anyway: closing another one would let go of the lock, were it this process's. */
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

    private static Failure busy(Home home, Path file) {
        String holder;
        try {
            holder = Printable.of(Files.readString(file).replace(MAKES_ROOM, "").strip());
        } catch (IOException e) {
            holder = "";
        }
        String process = holder.isEmpty() ? "another process" : "process " + holder;
        return new Failure(
                Failure.Kind.BUSY,
                "The home " + home + " is being written by " + process + ".",
                "Wait until it is done and try again, or stop it: what it has acknowledged is kept.");
    }

    private static void close(@Nullable FileChannel channel, Exception because) {
        try {
            if (channel != null) {
                channel.close();
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
            say(channel, MAKES_ROOM);
        } catch (IOException e) {
            throw Storage.failure(e, home.path());
        }
    }

    /** Whether another process waits for this lock now. */
    public boolean isWanted() {
        try {
            FileLock turn = tryLock(channel, NEXT);
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
        if (!channel.isOpen() || !home.path().equals(wanted.path())) {
            throw new IllegalStateException("the lock of " + wanted + " is not held");
        }
    }

    /** The file stays: deleting it would let two processes lock two files of the same name. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw Storage.failure(e, home.path());
        }
    }
}
