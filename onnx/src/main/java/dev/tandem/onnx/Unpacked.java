package dev.tandem.onnx;

import dev.tandem.domain.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Files that travel inside jars, unpacked once into a cache folder so that later starts can map them from disk. A file
 * appears whole or not at all: it is written under another name and moved, so processes may race and be killed.
 */
final class Unpacked {

    private static final String PART = ".part";

    private Unpacked() {}

    static boolean exists(String resource) {
        return Unpacked.class.getResource(resource) != null;
    }

    /** The resource as this file: what is there already is used when its size is the resource's. */
    static Path file(String resource, Path target) {
        URL url = Unpacked.class.getResource(resource);
        if (url == null) {
            throw new IllegalStateException(resource + " is not on the class path");
        }
        return file(url, target);
    }

    /** The same, of a jar that is not on the class path. */
    static Path file(URL url, Path target) {
        try {
            URLConnection connection = url.openConnection();
            connection.setUseCaches(false);
            long size = connection.getContentLengthLong();
            if (Files.isRegularFile(target) && Files.size(target) == size) {
                connection.getInputStream().close();
                return target;
            }
            return unpack(connection, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path unpack(URLConnection connection, Path target) throws IOException {
        try {
            Files.createDirectories(target.toAbsolutePath().getParent());
            Path part = part(target);
            try (InputStream in = connection.getInputStream()) {
                Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
                finish(part, target);
            } finally {
                discard(part);
            }
            return target;
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.BROKEN,
                    "The encoder cannot be unpacked to " + target + ": " + e.getMessage(),
                    "Check that the folder is writable and has about 150 MB free.",
                    e);
        }
    }

    /** The name under which a file is written until it is whole, beside it. */
    static Path part(Path target) throws IOException {
        return Files.createTempFile(target.toAbsolutePath().getParent(), target.getFileName() + ".", PART);
    }

    /** Whether the file is one that some process writes, or was killed while writing. */
    static boolean unfinished(Path file) {
        return file.getFileName().toString().endsWith(PART);
    }

    /** Gives a whole file its name. */
    static void finish(Path part, Path target) throws IOException {
        force(part);
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Removes a file of the cache where it can be removed; it does no harm where it cannot. */
    static void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // a file nobody asks for again
        }
    }

    /** On the disk before it gets its name: a power cut must not leave a file of the right size full of zeros. */
    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
