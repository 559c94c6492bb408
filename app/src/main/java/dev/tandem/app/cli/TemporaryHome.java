package dev.tandem.app.cli;

import dev.tandem.catalog.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A folder, such as a home, that is gone when it is closed, and when the program is stopped by Ctrl-C. */
final class TemporaryHome implements AutoCloseable {

    private final Path path;
    private final Thread hook;

    private TemporaryHome(Path path) {
        this.path = path;
        this.hook = new Thread(this::delete);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    static TemporaryHome create() {
        try {
            return new TemporaryHome(Files.createTempDirectory("tandem-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One below a folder, which is made where it is missing. */
    static TemporaryHome in(Path folder) {
        try {
            return new TemporaryHome(Files.createTempDirectory(Files.createDirectories(folder), "run-"));
        } catch (IOException e) {
            throw Storage.failure(e, folder);
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyGoing) {
            return; // the hook deletes it
        }
        delete();
    }

    /** As far as it goes: while the program is being ended, a last write may still come in between. */
    private void delete() {
        try {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                    Files.deleteIfExists(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            // something was written meanwhile; the system's temporary folder is cleaned by others
        }
    }
}
