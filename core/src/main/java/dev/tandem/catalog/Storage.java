package dev.tandem.catalog;

import dev.tandem.domain.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Locale;
import org.sqlite.SQLiteErrorCode;

/** Says what a disk or database refused, once for the whole home. */
public final class Storage {

    private Storage() {}

    /** What an error of the file system means for who asked to write there. */
    public static Failure failure(IOException e, Path path) {
        String why = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (why.contains("no space left") || why.contains("quota exceeded")) {
            return full(path, e);
        }
        if (e instanceof AccessDeniedException
                || why.contains("read-only file system")
                || why.contains("permission denied")) {
            return readOnly(path, e);
        }
        if (e instanceof NotDirectoryException || e instanceof FileAlreadyExistsException) {
            return new Failure(
                    Failure.Kind.INVALID,
                    path + " is a file where a folder is needed.",
                    "Name another folder with --home or TANDEM_HOME.",
                    e);
        }
        return new Failure(
                Failure.Kind.BROKEN,
                "Reading or writing " + path + " failed: " + e.getClass().getSimpleName() + ", " + e.getMessage() + ".",
                "Check the disk and run the same command again; what was acknowledged is kept.",
                e);
    }

    private static boolean isCatalog(Path path) {
        return path.endsWith("catalog.db");
    }

    private static String named(Path path) {
        return (isCatalog(path) ? "The catalog " : "The database ") + path;
    }

    static Failure failure(SQLException e, Path path) {
        SQLiteErrorCode code = SQLiteErrorCode.getErrorCode(e.getErrorCode() & 0xff);
        return switch (code) {
            case SQLITE_FULL -> full(path, e);
            case SQLITE_READONLY -> readOnly(path, e);
            case SQLITE_PERM, SQLITE_CANTOPEN, SQLITE_AUTH ->
                new Failure(
                        Failure.Kind.DENIED,
                        named(path) + " cannot be opened.",
                        "Make the home readable for this user, or name another folder with --home or TANDEM_HOME.",
                        e);
            case SQLITE_BUSY, SQLITE_LOCKED ->
                new Failure(
                        Failure.Kind.BUSY,
                        named(path) + " is held by another program.",
                        "Close whatever else has it open and try again.",
                        e);
            case SQLITE_CORRUPT, SQLITE_NOTADB ->
                new Failure(
                        Failure.Kind.BROKEN,
                        named(path) + " is damaged: "
                                + (code == SQLiteErrorCode.SQLITE_NOTADB ? "it is no database" : e.getMessage()) + ".",
                        isCatalog(path)
                                ? "Move the file away, put a backup in its place, or ingest again."
                                : "Move the file away or put a backup in its place: no document is lost with it.",
                        e);
            default ->
                // On a full disk the log of the catalog fails with a plain input-output error.
                isFull(path)
                        ? full(path, e)
                        : new Failure(
                                Failure.Kind.BROKEN,
                                named(path) + " refused: " + e.getMessage() + ".",
                                "Run the same command again; what was acknowledged is kept. If it stays, report it.",
                                e);
        };
    }

    private static boolean isFull(Path path) {
        try {
            Path folder = path.getParent();
            return folder != null && Files.getFileStore(folder).getUsableSpace() < 1 << 16;
        } catch (IOException e) {
            return false;
        }
    }

    private static Failure full(Path path, Exception e) {
        return new Failure(
                Failure.Kind.BUSY,
                "The disk that holds " + path + " is full.",
                "Free some space and run the same command again; what was acknowledged is kept.",
                e);
    }

    private static Failure readOnly(Path path, Exception e) {
        return new Failure(
                Failure.Kind.DENIED,
                path + " cannot be written.",
                "Make it writable for this user, or name another folder with --home or TANDEM_HOME.",
                e);
    }

    /** A home that is not there yet is made for its user alone: everything in it would be open to whoever can read the disk. */
    public static void createHome(Path home) throws IOException {
        boolean modes = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        create(
                home,
                modes
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                        }
                        : new FileAttribute<?>[0]);
    }

    /** Makes the folder and those above it where they are missing; on return their names survive a power cut. */
    public static void createDirectories(Path folder) throws IOException {
        create(folder);
    }

    private static void create(Path folder, FileAttribute<?>... attributes) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.toAbsolutePath().getParent();
        try {
            if (parent != null) {
                create(parent);
            }
            Files.createDirectory(folder, attributes);
        } catch (FileAlreadyExistsException e) {
            // Made by another process in between, or a file.
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        } catch (ReadOnlyFileSystemException e) {
            throw new AccessDeniedException(folder.toString());
        }
        if (parent != null) {
            force(parent);
        }
    }

    /** On return the names in the folder survive a power cut. */
    static void force(Path folder) throws IOException {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }
}
