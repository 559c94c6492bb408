package dev.tandem.parse;

import dev.tandem.domain.Failure;
import dev.tandem.knowledge.extract.OtherFormats.Member;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Files of an archive, kept in a temporary folder until they are handed over: whoever takes them may need the child that is
 * still unpacking.
 */
final class Unpacked implements AutoCloseable {

    private final Path folder;
    private final long mostBytes;
    private final int mostFiles;
    private final Map<String, Path> files = new LinkedHashMap<>();
    private long bytes;
    private @Nullable Failure failure;

    Unpacked(ParseLimits limits) throws IOException {
        this.folder = Files.createTempDirectory("tandem-unpack-");
        this.mostBytes = limits.unpackedMegabytes() * 1_000_000L;
        this.mostFiles = limits.parts();
    }

    /** Keeps the next so many bytes. What a child says is not believed beyond its limits. */
    void keep(String name, long length, DataInputStream in) throws IOException {
        bytes += length;
        if (length < 0 || bytes > mostBytes || files.size() >= mostFiles) {
            throw new IOException("it says too much");
        }
        String unique = files.containsKey(name) ? name + "~" + (files.size() + 1) : name;
        Path file = folder.resolve(Integer.toString(files.size()));
        byte[] buffer = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long left = length; left > 0; ) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new EOFException();
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        }
        files.put(unique, file);
    }

    /** That these are not all, and why. */
    void failed(Failure why) {
        failure = why;
    }

    /** Hands over what there is, and throws the reason where that is not all. */
    void each(Consumer<Member> out) {
        files.forEach((name, file) -> {
            try {
                byte[] member = Files.readAllBytes(file);
                Files.delete(file);
                out.accept(new Member(name, member));
            } catch (IOException e) {
                throw new Failure(
                        Failure.Kind.BUSY,
                        "Its unpacked files could not be read again: " + e.getMessage() + ".",
                        "Check that there is space for temporary files, then ingest it again.",
                        e);
            }
        });
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() {
        for (Path file : files.values()) {
            file.toFile().delete();
        }
        folder.toFile().delete();
    }
}
