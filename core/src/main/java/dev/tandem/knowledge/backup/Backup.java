package dev.tandem.knowledge.backup;

import dev.tandem.catalog.Arrival;
import dev.tandem.catalog.CatalogCopy;
import dev.tandem.catalog.Home;
import dev.tandem.catalog.Sha256;
import dev.tandem.catalog.Storage;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.index.IndexCopy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a home into one archive while it is read and, by the holder of its lock, written: no lock is needed here.
 *
 * <p>The moment of the backup is the one when a tenant's catalog is copied. Its indexes are copied before, so that they are
 * never ahead of it; what they lack the ledger brings back when the copy is restored. What training made and what cannot be
 * read again is written before its row and deleted after it: copied both before and after the catalog, everything that a
 * row of the copy names is there, and where the very moment was missed, the catalog is copied again.
 */
public final class Backup {

    private static final int ATTEMPTS = 5;
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final Home home;
    private final Path staging;
    private final ZipOutputStream archive;
    private final TreeMap<String, Manifest.Entry> entries = new TreeMap<>();

    private Backup(Home home, Path staging, ZipOutputStream archive) {
        this.home = home;
        this.staging = staging;
        this.archive = archive;
    }

    /** What was written, and how large it is. */
    public record Written(Path file, long bytes) {}

    /**
     * Writes all of the home but its cache, readable by this user alone; on return it is on disk.
     *
     * @param target a file that is not there yet, or a folder, which gets one named by the time
     * @throws Failure MISSING where there is no home; CONFLICT where the file is there; BROKEN where something in the home
     *     is damaged, naming it
     */
    public static Written write(Home home, Path target, Clock clock) {
        if (home.tenants().isEmpty()) {
            throw new Failure(
                    Failure.Kind.MISSING,
                    "There is nothing to back up in " + home + ".",
                    "Name a home with --home or TANDEM_HOME.");
        }
        Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Path given = target.toAbsolutePath().normalize();
        Path file = Files.isDirectory(given) ? given.resolve("tandem-" + STAMP.format(at) + ".zip") : given;
        if (file.startsWith(home.path())) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "A backup inside the home " + home + " would be lost with it.",
                    "Name a file or folder elsewhere, better on another disk.");
        }
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "The file " + Printable.of(file.toString()) + " is there already.",
                    "Name another file, or a folder, which gets a file named by the time.");
        }
        Path folder = Disk.parent(file);
        if (!Files.isDirectory(folder)) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "There is no folder " + Printable.of(folder.toString()) + " to write the backup into.",
                    "Make it first, or name another: a disk that is not mounted would get no backup.");
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Path staging = file.resolveSibling(file.getFileName() + ".staging");
        try {
            try {
                Files.deleteIfExists(part);
                Disk.delete(staging);
                Files.createDirectory(staging, Disk.privateFolder(Disk.parent(file)));
                write(home, part, staging, at);
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
                Disk.force(Disk.parent(file));
                return new Written(file, Files.size(file));
            } finally {
                Disk.delete(staging);
                Files.deleteIfExists(part);
            }
        } catch (FileAlreadyExistsException e) {
            throw new Failure(
                    Failure.Kind.BUSY, "Another process writes the backup " + file + ".", "Wait until it is done.", e);
        } catch (IOException e) {
            throw Storage.failure(e, file);
        }
    }

    private static void write(Home home, Path part, Path staging, Instant at) throws IOException {
        try (FileChannel out = FileChannel.open(
                        part,
                        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        Disk.privateFile(Disk.parent(part)));
                var archive = new ZipOutputStream(Channels.newOutputStream(out))) {
            archive.setLevel(Deflater.BEST_SPEED);
            var backup = new Backup(home, staging, archive);
            for (String tenant : home.tenants()) {
                backup.tenant(tenant);
            }
            backup.rest();
            byte[] manifest = new Manifest(Manifest.FORMAT_NOW, at.toString(), backup.folders(), backup.entries).json();
            archive.putNextEntry(new ZipEntry(Manifest.NAME));
            archive.write(manifest);
            archive.closeEntry();
            archive.finish();
            out.force(true);
        }
    }

    /** Permissions of every folder above a file of the backup. */
    private SortedMap<String, String> folders() throws IOException {
        var folders = new TreeMap<String, String>();
        for (String entry : entries.keySet()) {
            for (int end = entry.lastIndexOf('/'); end >= 0; end = entry.lastIndexOf('/', end - 1)) {
                String folder = entry.substring(0, end);
                Path there = home.path().resolve(folder);
                if (!folders.containsKey(folder) && Files.isDirectory(there)) {
                    folders.put(folder, Disk.mode(there));
                }
            }
        }
        folders.put("", Disk.mode(home.path()));
        return folders;
    }

    private void tenant(String tenant) throws IOException {
        indexes(home.path().relativize(home.tenant(tenant).resolve("index")));
        Path folder = home.tenant(tenant);
        Path catalog = home.catalog(tenant);
        Path copy = staging.resolve("catalog.db");
        Path blobs = staging.resolve("blobs");
        Path adapters = staging.resolve("adapters");
        if (Files.exists(catalog)) {
            for (int attempt = 1; ; attempt++) {
                keep(home.blobs(tenant), blobs);
                keep(home.adapters(tenant), adapters);
                Files.deleteIfExists(copy);
                CatalogCopy.take(catalog, copy);
                keep(home.blobs(tenant), blobs);
                keep(home.adapters(tenant), adapters);
                Set<String> kept = CatalogCopy.contentHashes(copy, Arrival.INPUT);
                Set<String> made = CatalogCopy.adapters(copy);
                if (attempt == ATTEMPTS || (holds(blobs, kept) && holds(adapters, made))) {
                    keepOnly(blobs, kept);
                    keepOnly(adapters, made);
                    break;
                }
            }
            CatalogCopy.forgetIndexes(copy);
            add(name(catalog), copy, Disk.mode(catalog));
            tree(blobs, name(home.blobs(tenant)));
            tree(adapters, name(home.adapters(tenant)));
            Disk.delete(copy);
            Disk.delete(blobs);
            Disk.delete(adapters);
        }
        for (Path each : list(folder)) {
            String file = each.getFileName().toString();
            if (file.endsWith(".db") && !each.equals(catalog)) {
                Path other = staging.resolve(file);
                CatalogCopy.take(each, other);
                add(name(each), other, Disk.mode(each));
                Files.delete(other);
            }
        }
    }

    /** Words before vectors: as after a crash, vectors may be ahead of the words, and never behind what those took back. */
    private void indexes(Path below) throws IOException {
        for (Path collection : list(home.path().resolve(below))) {
            for (Path directory : CollectionIndex.directories(collection)) {
                IndexCopy.take(directory, (file, content) -> {
                    Path there = directory.resolve(file);
                    add(name(there), content, mode(there));
                });
            }
        }
    }

    /** A file of a commit may be gone again by the time that it is asked. */
    private static String mode(Path file) throws IOException {
        try {
            return Disk.mode(file);
        } catch (NoSuchFileException e) {
            return Disk.mode(Disk.parent(file)).replace('x', '-');
        }
    }

    /** Settings, models, and whatever else somebody keeps in the home. */
    private void rest() throws IOException {
        for (Path each : list(home.path())) {
            String name = each.getFileName().toString();
            if (!Set.of("lock", "cache", "tenants").contains(name) && !name.startsWith(".")) {
                tree(each, name);
            }
        }
    }

    private void tree(Path from, String name) throws IOException {
        if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
            for (Path each : list(from)) {
                tree(each, name + "/" + each.getFileName());
            }
        } else if (Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS) && !isLock(from)) {
            add(name, from, Disk.mode(from));
        }
    }

    private static boolean isLock(Path file) {
        return file.getFileName().toString().equals("lock");
    }

    private void add(String name, Path file, String mode) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            add(name, in, mode);
        }
    }

    private void add(String name, InputStream content, String mode) throws IOException {
        var in = new DigestInputStream(content, Sha256.digest());
        archive.putNextEntry(new ZipEntry(name));
        long bytes = in.transferTo(archive);
        archive.closeEntry();
        String hash = HexFormat.of().formatHex(in.getMessageDigest().digest());
        entries.put(name, new Manifest.Entry(bytes, hash, mode));
    }

    private String name(Path file) {
        return home.path().relativize(file).toString().replace('\\', '/');
    }

    /** Copies what is whole there and not here: files under their names, folders with all that is in them. */
    private static void keep(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (Path each : list(from)) {
            Path kept = to.resolve(each.getFileName().toString());
            if (!each.getFileName().toString().matches("[0-9a-f]{64}") || Files.exists(kept)) {
                continue;
            }
            try {
                if (Files.isDirectory(each)) {
                    Path part = to.resolve("part");
                    Disk.delete(part);
                    Files.createDirectory(part);
                    for (Path file : list(each)) {
                        Files.copy(file, part.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
                    }
                    Files.move(part, kept);
                } else {
                    Files.copy(each, kept, StandardCopyOption.COPY_ATTRIBUTES);
                }
            } catch (NoSuchFileException goneMeanwhile) {
                Files.deleteIfExists(kept);
            }
        }
        Disk.delete(to.resolve("part"));
    }

    private static boolean holds(Path folder, Set<String> names) {
        return names.stream().allMatch(name -> Files.exists(folder.resolve(name)));
    }

    private static void keepOnly(Path folder, Set<String> names) throws IOException {
        for (Path each : list(folder)) {
            if (!names.contains(each.getFileName().toString())) {
                Disk.delete(each);
            }
        }
    }

    /** In the order of their names; none where there is no folder. */
    private static List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }
}
