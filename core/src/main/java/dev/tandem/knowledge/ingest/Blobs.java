package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.Sha256;
import dev.tandem.catalog.Storage;
import dev.tandem.knowledge.extract.ExtractLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What cannot be read again from where it came, by the SHA-256 of its bytes; on disk before it is acknowledged. */
final class Blobs {

    private static final String PART = "incoming";

    private final Path folder;

    Blobs(Path folder) {
        this.folder = folder;
    }

    Path of(String contentHash) {
        return folder.resolve(contentHash);
    }

    /** Keeps all that is left of the stream; throws INVALID where it is more than the limit. */
    Path keep(InputStream in, ExtractLimits limits) {
        Path part = folder.resolve(PART);
        try {
            Storage.createDirectories(folder);
            byte[] bytes = in.readNBytes((int) limits.maxBytes() + 1);
            limits.check(bytes.length);
            try (FileChannel out = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(bytes);
                while (rest.hasRemaining()) {
                    out.write(rest);
                }
                out.force(true);
            }
            Path blob = of(Sha256.hex(bytes));
            Files.move(part, blob, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel entry = FileChannel.open(folder, StandardOpenOption.READ)) {
                entry.force(true);
            }
            return blob;
        } catch (IOException e) {
            throw Storage.failure(e, folder);
        }
    }

    /** Those that are not what their names say. */
    List<Path> damaged() {
        var damaged = new ArrayList<Path>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> all = Files.list(folder)) {
                for (Path each : all.sorted().toList()) {
                    String name = each.getFileName().toString();
                    if (!name.equals(PART)
                            && !Sha256.hex(Files.readAllBytes(each)).equals(name)) {
                        damaged.add(each);
                    }
                }
            } catch (IOException e) {
                throw Storage.failure(e, folder);
            }
        }
        return damaged;
    }

    /** Drops what no document needs any more. */
    void keepOnly(Set<String> contentHashes) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> all = Files.list(folder)) {
            for (Path each : all.toList()) {
                if (!contentHashes.contains(each.getFileName().toString())) {
                    Files.delete(each);
                }
            }
        } catch (IOException e) {
            throw Storage.failure(e, folder);
        }
    }
}
