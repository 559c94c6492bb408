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
 */
public final class HomeLock implements AutoCloseable {

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

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
            long last = System.nanoTime() + patience.toNanos();
            while (tryLock(channel) == null) {
                if (System.nanoTime() > last) {
                    throw busy(home, file);
                }
                Thread.sleep(BETWEEN_TRIES);
            }
            sayWho(channel);
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

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    private static void sayWho(FileChannel channel) throws IOException {
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
    }

    private static Failure busy(Home home, Path file) {
        String holder;
        try {
            holder = Printable.of(Files.readString(file).strip());
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
