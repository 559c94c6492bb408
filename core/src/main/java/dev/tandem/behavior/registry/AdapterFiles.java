package dev.tandem.behavior.registry;

import dev.tandem.catalog.AdapterEntry;
import dev.tandem.catalog.Home;
import dev.tandem.catalog.Sha256;
import dev.tandem.catalog.Storage;
import dev.tandem.domain.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The folders {@code adapters/<sha256>/} of a tenant: written once, whole or not at all, and checked at every reading. */
final class AdapterFiles {

    private final Path root;

    AdapterFiles(Path root) {
        this.root = root;
    }

    /** SHA-256 in hex of each file, by name. */
    static SortedMap<String, String> hashes(SortedMap<String, byte[]> files) {
        var hashes = new TreeMap<String, String>();
        files.forEach((name, bytes) -> hashes.put(name, Sha256.hex(bytes)));
        return hashes;
    }

    /** The content hash: over names and hashes of the files, in the order of the names. */
    static String hash(SortedMap<String, String> hashes) {
        var text = new StringBuilder();
        hashes.forEach(
                (name, hash) -> text.append(name).append('\n').append(hash).append('\n'));
        return Sha256.hex(text.toString());
    }

    /** Deletes what a process left that died while it wrote: only the holder of the home's lock writes. */
    private void sweep() throws IOException {
        try (Stream<Path> left = Files.list(root)) {
            for (Path folder : left.filter(each -> each.getFileName().toString().startsWith(".new-"))
                    .toList()) {
                deleteFolder(folder);
            }
        }
    }

    /** When this returns, the folder is on disk. */
    void write(String hash, SortedMap<String, byte[]> files) {
        Path folder = root.resolve(hash);
        Path made = root.resolve(
                ".new-" + hash.substring(0, 16) + "-" + ProcessHandle.current().pid());
        try {
            // The same content may be there and in use.
            if (isWhole(folder, files)) {
                // Who made it may have died before it said so to the disk.
                force(root);
                return;
            }
            Storage.createDirectories(root);
            sweep();
            Files.createDirectory(made);
            for (var file : files.entrySet()) {
                try (FileChannel out = FileChannel.open(
                        made.resolve(file.getKey()), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                    ByteBuffer bytes = ByteBuffer.wrap(file.getValue());
                    while (bytes.hasRemaining()) {
                        out.write(bytes);
                    }
                    out.force(true);
                }
            }
            force(made);
            // What was damaged since makes place for what is whole.
            deleteFolder(folder);
            Files.move(made, folder, StandardCopyOption.ATOMIC_MOVE);
            force(root);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            throw new Failure(
                    Failure.Kind.CONFLICT, "Another process writes the adapter " + hash + ".", "Try again.", e);
        } catch (IOException e) {
            throw Storage.failure(e, folder);
        }
    }

    private static boolean isWhole(Path folder, SortedMap<String, byte[]> files) throws IOException {
        for (var file : files.entrySet()) {
            Path there = folder.resolve(file.getKey());
            if (!Files.isRegularFile(there) || !Arrays.equals(Files.readAllBytes(there), file.getValue())) {
                return false;
            }
        }
        return true;
    }

    /**
     * All files of the adapter, by name.
     *
     * @throws Failure BROKEN where one is missing or is not what was registered
     */
    SortedMap<String, byte[]> read(AdapterEntry adapter) {
        Path folder = root.resolve(String.valueOf(adapter.hash()));
        var files = new TreeMap<String, byte[]>();
        for (var wanted : adapter.files().entrySet()) {
            Path file = folder.resolve(wanted.getKey());
            if (!Files.isRegularFile(file)) {
                throw broken(adapter, "its file " + file + " is missing");
            }
            byte[] bytes;
            try {
                bytes = Files.readAllBytes(file);
            } catch (IOException e) {
                throw Storage.failure(e, file);
            }
            if (!Sha256.hex(bytes).equals(wanted.getValue())) {
                throw broken(adapter, "its file " + file + " is not what was registered: it was changed or damaged");
            }
            files.put(wanted.getKey(), bytes);
        }
        if (!hash(adapter.files()).equals(adapter.hash())) {
            throw broken(adapter, "its hash is not that of its files");
        }
        return files;
    }

    /** See {@link Home#merged}. */
    Path merged(String hash) {
        return Home.merged(root.resolve(hash));
    }

    void delete(String hash) {
        try {
            deleteFolder(merged(hash));
            deleteFolder(root.resolve(hash));
        } catch (IOException e) {
            throw Storage.failure(e, root.resolve(hash));
        }
    }

    private static Failure broken(AdapterEntry adapter, String why) {
        return new Failure(
                Failure.Kind.BROKEN,
                "The adapter " + adapter.reference() + " is refused: " + why + ".",
                "Train it again from " + adapter.dataset() + ", which gives the same adapter, or roll back:"
                        + " tandem adapters rollback " + adapter.name() + ".");
    }

    private static void deleteFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
