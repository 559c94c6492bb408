package dev.tandem.knowledge.backup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/** What backing up and restoring ask of the file system. */
final class Disk {

    private Disk() {}

    /** Of a folder that nobody else may look into, where the file system knows permissions. */
    static FileAttribute<?>[] privateFolder(Path beside) {
        return owned(beside, "rwx------");
    }

    /** Of a file that nobody else may read. */
    static FileAttribute<?>[] privateFile(Path beside) {
        return owned(beside, "rw-------");
    }

    private static FileAttribute<?>[] owned(Path beside, String mode) {
        return hasModes(beside)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    private static boolean hasModes(Path path) {
        return Files.getFileAttributeView(path, PosixFileAttributeView.class) != null;
    }

    /** The folder that it is in; the root is in itself. */
    static Path parent(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        return parent == null ? path : parent;
    }

    /** Such as {@code rw-r-----}; empty where there are none. */
    static String mode(Path file) throws IOException {
        return hasModes(file)
                ? PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS))
                : "";
    }

    static void setMode(Path file, String mode) throws IOException {
        if (!mode.isEmpty() && hasModes(file)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        }
    }

    /** Makes a file's bytes, or a folder's names, survive a power cut. */
    static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** With everything in it; nothing happens where there is none. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
