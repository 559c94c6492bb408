package dev.tandem.knowledge.backup;

import dev.tandem.catalog.Home;
import dev.tandem.catalog.HomeLock;
import dev.tandem.catalog.Sha256;
import dev.tandem.catalog.Storage;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Puts what {@link Backup} wrote into a home that is empty or not there. Everything is unpacked and checked beside the home
 * and on disk before it takes the home's name in one step: whatever interrupts it, there is all of it or nothing.
 */
public final class Restore {

    /** What a home may hold that has nothing in it. */
    private static final Set<String> NOTHING = Set.of("lock", "cache");

    private Restore() {}

    /**
     * Restores; indexes are as the backup found them, and are to catch up with the catalog.
     *
     * @return the moment of the backup
     * @throws Failure MISSING where there is no such file; INVALID where it is no backup; BROKEN where it is damaged, naming
     *     what; CONFLICT where the home is not empty
     */
    public static Instant into(Home home, Path file) {
        if (!Files.isRegularFile(file)) {
            throw new Failure(
                    Failure.Kind.MISSING,
                    "There is no backup " + Printable.of(file.toString()) + ".",
                    "Name the file that tandem backup wrote.");
        }
        requireEmpty(home);
        Path staging = home.path().resolveSibling("." + home.path().getFileName() + ".restoring");
        try {
            Storage.createDirectories(Disk.parent(staging));
            Disk.delete(staging);
            Files.createDirectory(staging, Disk.privateFolder(Disk.parent(staging)));
            try {
                Instant at = unpack(file, staging);
                try (HomeLock _ = home.lock()) {
                    // Nobody has begun to write there meanwhile, and nobody can before its lock is gone with it.
                    requireEmpty(home);
                    Disk.delete(home.path());
                    Files.move(staging, home.path(), StandardCopyOption.ATOMIC_MOVE);
                }
                Disk.force(Disk.parent(staging));
                return at;
            } finally {
                Disk.delete(staging);
            }
        } catch (IOException e) {
            throw Storage.failure(e, home.path());
        }
    }

    private static void requireEmpty(Home home) {
        if (!Files.exists(home.path())) {
            return;
        }
        try (Stream<Path> all = Files.list(home.path())) {
            if (all.anyMatch(each -> !NOTHING.contains(each.getFileName().toString()))) {
                throw new Failure(
                        Failure.Kind.CONFLICT,
                        "The home " + home + " is not empty; nothing was restored.",
                        "Name another with --home, or move this one away first.");
            }
        } catch (IOException e) {
            throw Storage.failure(e, home.path());
        }
    }

    private static Instant unpack(Path file, Path staging) throws IOException {
        try (ZipFile archive = open(file)) {
            Manifest manifest = manifest(archive, file);
            for (Map.Entry<String, Manifest.Entry> entry : manifest.files().entrySet()) {
                unpack(archive, file, entry.getKey(), entry.getValue(), below(staging, entry.getKey(), file));
            }
            for (Path folder : folders(staging)) {
                Disk.force(folder);
                String name = staging.relativize(folder).toString().replace('\\', '/');
                Disk.setMode(folder, manifest.folders().getOrDefault(name, ""));
            }
            return at(manifest, file);
        }
    }

    private static ZipFile open(Path file) throws IOException {
        try {
            return new ZipFile(file.toFile());
        } catch (NoSuchFileException | AccessDeniedException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(file, "its end is missing or it is no backup at all", e);
        }
    }

    private static Instant at(Manifest manifest, Path file) {
        try {
            return Instant.parse(manifest.at());
        } catch (DateTimeParseException e) {
            throw damaged(file, "its list of files cannot be read", e);
        }
    }

    private static Manifest manifest(ZipFile archive, Path file) throws IOException {
        ZipEntry entry = archive.getEntry(Manifest.NAME);
        if (entry == null) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The file " + Printable.of(file.toString()) + " is no backup of Tandem.",
                    "Name the file that tandem backup wrote.");
        }
        Manifest manifest;
        try (InputStream in = archive.getInputStream(entry)) {
            byte[] json = in.readAllBytes();
            var sum = new CRC32();
            sum.update(json);
            if (sum.getValue() != entry.getCrc()) {
                throw new ZipException("not what was written");
            }
            manifest = Manifest.parse(json);
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(file, "its list of files cannot be read", e);
        }
        if (manifest.format() > Manifest.FORMAT_NOW) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "The backup " + Printable.of(file.toString()) + " was written by a newer Tandem.",
                    "Restore it with that Tandem.");
        }
        return manifest;
    }

    /** A path of the archive never leads out of the folder. */
    private static Path below(Path staging, String name, Path file) {
        String why = "it names a file outside of the home";
        try {
            Path path = staging.resolve(name).normalize();
            if (path.startsWith(staging) && !path.equals(staging)) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw damaged(file, why, e);
        }
        throw damaged(file, why, null);
    }

    private static void unpack(ZipFile archive, Path file, String name, Manifest.Entry wanted, Path target)
            throws IOException {
        ZipEntry entry = archive.getEntry(name);
        if (entry == null) {
            throw damaged(file, "it lacks " + name, null);
        }
        Files.createDirectories(target.getParent());
        String hash;
        try (FileChannel out = FileChannel.open(
                target,
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                Disk.privateFile(Disk.parent(target)))) {
            hash = copy(archive, file, entry, Channels.newOutputStream(out));
            out.force(true);
        }
        if (!hash.equals(wanted.sha256())) {
            throw damaged(file, "its file " + name + " is not what was written", null);
        }
        Disk.setMode(target, wanted.mode());
    }

    /** What cannot be read is the backup's failure, what cannot be written is the home's. */
    private static String copy(ZipFile archive, Path file, ZipEntry entry, OutputStream out) throws IOException {
        var digest = Sha256.digest();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = stream(archive, file, entry)) {
            for (int read = read(in, buffer, file, entry); read >= 0; read = read(in, buffer, file, entry)) {
                digest.update(buffer, 0, read);
                out.write(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static InputStream stream(ZipFile archive, Path file, ZipEntry entry) {
        try {
            return archive.getInputStream(entry);
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable(file, entry, e);
        }
    }

    private static int read(InputStream in, byte[] buffer, Path file, ZipEntry entry) {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw unreadable(file, entry, e);
        }
    }

    private static Failure unreadable(Path file, ZipEntry entry, Exception cause) {
        return damaged(file, "its file " + entry.getName() + " cannot be read", cause);
    }

    private static Failure damaged(Path file, String why, @Nullable Exception cause) {
        return new Failure(
                Failure.Kind.BROKEN,
                "The backup " + Printable.of(file.toString()) + " is damaged: " + Printable.of(why)
                        + ". Nothing was restored.",
                "Restore another backup.",
                cause);
    }

    /** Deepest first. */
    private static List<Path> folders(Path staging) throws IOException {
        try (Stream<Path> all = Files.walk(staging)) {
            return new ArrayList<>(all.filter(Files::isDirectory)
                    .sorted(Comparator.reverseOrder())
                    .toList());
        }
    }
}
