package dev.tandem.knowledge.ingest;

import dev.tandem.domain.Failure;
import dev.tandem.knowledge.extract.ExtractLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A file read whole, in one state of it: what it looked like before and after reading is the same. */
final class FileRead {

    private static final int TRIES = 4;
    private static final Duration PAUSE = Duration.ofMillis(100);
    /** File systems count time in steps, so a file changed a moment ago may change again and look the same. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private final byte[] bytes;
    private final Look look;

    private FileRead(byte[] bytes, Look look) {
        this.bytes = bytes;
        this.look = look;
    }

    /** All of them; shared, not to be written to. */
    byte[] bytes() {
        return bytes;
    }

    Look look() {
        return look;
    }

    /** How a file is opened. */
    @FunctionalInterface
    interface Opener {
        InputStream open(Path path) throws IOException;
    }

    /**
     * By what a change is seen.
     *
     * @param modifiedNanos since 1970
     * @param settled whether a change from now on cannot leave it looking so
     */
    record Look(long bytes, long modifiedNanos, Object file, boolean settled) {

        static Look at(Path path) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                throw new Failure(
                        Failure.Kind.INVALID, "It is not a regular file.", "Name a file or a folder of files.");
            }
            return of(path, attributes);
        }

        static Look of(Path path, BasicFileAttributes attributes) {
            Instant modified = attributes.lastModifiedTime().toInstant();
            return new Look(
                    attributes.size(),
                    attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                    Objects.requireNonNullElse(attributes.fileKey(), path),
                    modified.plus(SETTLED).isBefore(Instant.now()));
        }

        boolean sameAs(Look other) {
            return bytes == other.bytes && modifiedNanos == other.modifiedNanos && file.equals(other.file);
        }

        Instant modified() {
            return Instant.ofEpochSecond(0, modifiedNanos);
        }
    }

    /**
     * Reads again a file that changes meanwhile, a few times.
     *
     * @throws Failure INVALID where it is too large, no file, or does not stop changing
     */
    static FileRead of(Path path, ExtractLimits limits) throws IOException {
        return of(path, limits, Files::newInputStream);
    }

    static FileRead of(Path path, ExtractLimits limits, Opener opener) throws IOException {
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            Look before = Look.at(path);
            limits.check(before.bytes());
            byte[] bytes;
            try (InputStream in = opener.open(path)) {
                // One more than it should have: growth shows, and an endless file ends.
                bytes = in.readNBytes((int) before.bytes() + 1);
            }
            Look after = Look.at(path);
            if (before.sameAs(after) && bytes.length == before.bytes()) {
                return new FileRead(bytes, after);
            }
            pause(attempt);
        }
        throw changing();
    }

    static Failure changing() {
        return new Failure(
                Failure.Kind.INVALID,
                "It kept changing while it was read.",
                "Ingest it again when nothing writes to it.");
    }

    private static void pause(int attempt) {
        try {
            Thread.sleep(PAUSE.multipliedBy(attempt));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw changing();
        }
    }
}
