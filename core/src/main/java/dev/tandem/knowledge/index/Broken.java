package dev.tandem.knowledge.index;

import dev.tandem.catalog.Storage;
import dev.tandem.domain.Failure;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.LockObtainFailedException;

/** Says what ails a directory of the index, naming the file, in the words of {@link Failure}. */
final class Broken {

    /** A use of Lucene that may find the index broken. */
    interface Use<T> {
        T run() throws IOException;
    }

    /** The same without a result. */
    interface Task {
        void run() throws IOException;
    }

    /** Lucene describes a file as {@code Kind(path="/x/_0.cfs") [slice=_0.fnm]}. */
    private static final Pattern PATH_IN_A_MESSAGE = Pattern.compile("path=\"([^\"]+)\"");

    private Broken() {}

    static void run(Path directory, Task task) {
        guard(directory, () -> {
            task.run();
            return directory;
        });
    }

    static <T> T guard(Path directory, Use<T> use) {
        return guard(directory, use, () -> {});
    }

    /**
     * Runs it, and says what is broken where it fails. A damaged byte may also show as some runtime exception deep inside
     * a search, so then every checksum is verified before the exception is passed on as a bug.
     */
    static <T> T guard(Path directory, Use<T> use, Task checksums) {
        try {
            return use.run();
        } catch (IOException e) {
            throw failure(directory, e);
        } catch (Failure e) {
            throw e;
        } catch (AlreadyClosedException e) {
            // A writer closes itself when it meets damage, and later uses say only that it is closed.
            throw e.getCause() instanceof IOException damage ? failure(directory, damage) : e;
        } catch (RuntimeException | InternalError e) {
            try {
                checksums.run();
            } catch (IOException damage) {
                damage.addSuppressed(e);
                throw failure(directory, damage);
            }
            throw e;
        }
    }

    private static Failure failure(Path directory, IOException cause) {
        return switch (cause) {
            case LockObtainFailedException _ ->
                new Failure(
                        Failure.Kind.BUSY,
                        "Another process writes the index " + directory + ".",
                        "Wait until it is done, or stop it.",
                        cause);
            case IndexFormatTooOldException _, IndexFormatTooNewException _ ->
                new Failure(
                        Failure.Kind.BROKEN,
                        "The index file " + fileOf(cause, directory) + " was written by another version of Tandem,"
                                + " or is damaged.",
                        rebuild(directory),
                        cause);
            case CorruptIndexException _, EOFException _, FileNotFoundException _, NoSuchFileException _ ->
                new Failure(
                        Failure.Kind.BROKEN,
                        "The index file " + fileOf(cause, directory) + " is damaged or missing.",
                        rebuild(directory),
                        cause);
            default -> Storage.failure(cause, directory);
        };
    }

    static Failure format(Path directory, int format, int newest) {
        return new Failure(
                Failure.Kind.BROKEN,
                format > newest
                        ? "The index " + directory + " was written by a newer Tandem: it is of format " + format
                                + ", and this one reads up to " + newest + "."
                        : "The index " + directory + " was written by another version of Tandem.",
                (format > newest ? "Use that Tandem, or give up what only that one can read: " : "")
                        + rebuild(directory),
                null);
    }

    static String rebuild(Path directory) {
        return "Run tandem repair, or move " + directory
                + " away and run tandem ingest: it is rebuilt from the catalog, nothing is lost.";
    }

    /** The file that the innermost cause names; Lucene wraps it in the name of what it was reading at the time. */
    private static String fileOf(Throwable failure, Path directory) {
        String file = directory.toString();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof FileSystemException system && system.getFile() != null) {
                file = system.getFile();
            } else if (each.getMessage() != null) {
                Matcher named = PATH_IN_A_MESSAGE.matcher(each.getMessage());
                file = named.find() ? named.group(1) : file;
            }
        }
        return file;
    }
}
