package dev.tandem.knowledge.ingest;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Files under the paths of a request, in order of their names. Inside a folder everything is taken that is a regular file,
 * but what is hidden, links (which lead out of the folder, or to the same file twice) and the home itself; a file that is
 * named is taken whatever it is called.
 */
final class Scan {

    private static final Pattern GLOB = Pattern.compile("[*?\\[{]");

    /** A file as it looked to the scan. */
    record Found(Path file, FileRead.Look look) {
        String path() {
            return file.toString();
        }

        long bytes() {
            return look.bytes();
        }
    }

    /** Something that could not be looked into, and everything below it. */
    record Closed(Path path, IOException why) {}

    /**
     * Where files were looked for: what is known there and was not found may be gone.
     *
     * @param path a file, or a folder with everything below it
     * @param covers which of it
     */
    record Root(Path path, Predicate<Path> covers) {
        /** How the names of files below it begin. */
        String prefix() {
            String separator = path.getFileSystem().getSeparator();
            return path.toString().endsWith(separator) ? path.toString() : path + separator;
        }
    }

    /** Nothing is there. */
    record Missing(String written, Root root) {}

    private final TreeMap<Path, Found> found = new TreeMap<>();
    private final List<Closed> closed = new ArrayList<>();
    private final List<Root> roots = new ArrayList<>();
    private final List<Missing> missing = new ArrayList<>();
    private final List<Path> folders = new ArrayList<>();
    private final Path home;
    private long bytes;

    private Scan(Path home) {
        this.home = home;
    }

    /** @param home never looked into: it may lie inside the folder of documents */
    static Scan of(List<String> paths, Path home) {
        var scan = new Scan(home);
        paths.forEach(scan::add);
        return scan;
    }

    /** Of these alone, whatever their names look like; of one that is gone, everything that was below it. */
    static Scan exactly(Collection<Path> paths, Path home) {
        var scan = new Scan(home);
        for (Path path : paths) {
            if (!scan.take(path)) {
                scan.missing.add(new Missing(path.toString(), new Root(path, file -> file.startsWith(path))));
            }
        }
        return scan;
    }

    /** Those in which a new file would have been found, by name or by being there. */
    List<Path> folders() {
        return folders;
    }

    List<Found> found() {
        return List.copyOf(found.values());
    }

    List<Closed> closed() {
        return closed;
    }

    /** Named, and not there: but what is known of it may be gone. */
    List<Missing> missing() {
        return missing;
    }

    /** Everywhere that was looked, or would have been. */
    List<Root> allRoots() {
        var all = new ArrayList<>(roots);
        missing.forEach(each -> all.add(each.root()));
        return all;
    }

    long bytes() {
        return bytes;
    }

    private void add(String written) {
        Path path;
        try {
            path = Path.of(written).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "'" + Printable.of(written) + "' cannot be a path here: " + e.getReason() + ".",
                    "Check the name; names beyond ASCII need a UTF-8 locale, for example LC_ALL=C.UTF-8.",
                    e);
        }
        if (take(path)) {
            return;
        }
        if (GLOB.matcher(written).find()) {
            glob(written, path);
        } else {
            missing.add(new Missing(written, new Root(path, path::equals)));
        }
    }

    /** Whether there is something of that name. */
    private boolean take(Path path) {
        if (Files.isDirectory(path)) {
            walk(path, _ -> true);
            return true;
        }
        if (path.getParent() != null && Files.isDirectory(path.getParent())) {
            folders.add(path.getParent());
        }
        if (!Files.exists(path)) {
            return false;
        }
        roots.add(new Root(path, path::equals));
        try {
            add(path, Files.readAttributes(path, BasicFileAttributes.class));
        } catch (IOException e) {
            closed.add(new Closed(path, e));
        }
        return true;
    }

    /** The shell expands most globs; this is for those in quotes, and for {@code **}. */
    private void glob(String written, Path pattern) {
        Path base = pattern.getRoot();
        int names = 0;
        while (!GLOB.matcher(pattern.getName(names).toString()).find()) {
            base = base.resolve(pattern.getName(names++));
        }
        Path rest = pattern.subpath(names, pattern.getNameCount());
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + rest);
        Path from = base;
        Predicate<Path> wanted = file -> file.startsWith(from) && matcher.matches(from.relativize(file));
        int before = found.size();
        if (Files.isDirectory(base)) {
            walk(base, wanted);
        }
        if (found.size() == before) {
            missing.add(new Missing(written, new Root(base, wanted)));
        }
    }

    private void walk(Path folder, Predicate<Path> wanted) {
        roots.add(new Root(folder, wanted));
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
                    boolean skip = (!each.equals(folder) && isHidden(each)) || each.equals(home);
                    if (!skip) {
                        folders.add(each);
                    }
                    return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile() && !isHidden(file) && wanted.test(file)) {
                        add(file, attributes);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    closed.add(new Closed(file, e));
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path each, IOException e) {
                    if (e != null) {
                        closed.add(new Closed(each, e));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            closed.add(new Closed(folder, e));
        }
    }

    private static boolean isHidden(Path path) {
        return path.getFileName() != null && path.getFileName().toString().startsWith(".");
    }

    private void add(Path file, BasicFileAttributes attributes) {
        if (found.put(file, new Found(file, FileRead.Look.of(file, attributes))) == null) {
            bytes += attributes.size();
        }
    }
}
