package dev.tandem.behavior.dataset;

import dev.tandem.domain.Failure;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The lines of a file, unpacked where it is gzipped, with what is wrong with a line as text.
 *
 * @param wrong for each line why it cannot be taken; empty where it can
 */
record Lines(List<String> texts, List<String> wrong) {

    /** Characters of a line; longer ones are hardly rows. */
    static final int LONGEST = 1_000_000;

    private static final int MOST_BYTES = 1 << 29;
    private static final int SNIFFED = 8192;

    /** Throws {@link Failure} where there is no such file, or it is no text. */
    static Lines of(Path file) {
        byte[] bytes = bytes(file);
        int start = startsWith(bytes, 0xEF, 0xBB, 0xBF) ? 3 : 0;
        if (startsWith(bytes, 0xFF, 0xFE) || startsWith(bytes, 0xFE, 0xFF)) {
            throw invalid(file, "is UTF-16", "Save it as UTF-8 and import that.");
        }
        for (int i = 0; i < Math.min(bytes.length, SNIFFED); i++) {
            if (bytes[i] == 0) {
                throw invalid(file, "is binary", "Import CSV, TSV or JSON Lines, plain or gzipped.");
            }
        }
        var texts = new ArrayList<String>();
        var wrong = new ArrayList<String>();
        for (int i = start; i < bytes.length; ) {
            int end = i;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            try {
                String line = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes, i, end - i))
                        .toString();
                texts.add(line);
                wrong.add(line.length() > LONGEST ? "longer than 1,000,000 characters" : "");
            } catch (CharacterCodingException _) {
                texts.add(new String(bytes, i, end - i, StandardCharsets.UTF_8));
                wrong.add("not UTF-8");
            }
            i = end + 1;
        }
        return new Lines(texts, wrong);
    }

    boolean isBlank() {
        return texts.stream().allMatch(String::isBlank);
    }

    private static byte[] bytes(Path file) {
        if (Files.isDirectory(file)) {
            throw invalid(file, "is a folder", "Name the files in it, for example " + file + "/*.jsonl.");
        }
        try (var raw = new BufferedInputStream(Files.newInputStream(file));
                InputStream in = isPacked(raw) ? new GZIPInputStream(raw) : raw) {
            var bytes = new ByteArrayOutputStream();
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes.write(buffer, 0, read);
                if (bytes.size() > MOST_BYTES) {
                    throw invalid(file, "holds more than 512 MB", "Divide it, and import the files together.");
                }
            }
            return bytes.toByteArray();
        } catch (EOFException | ZipException e) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The file " + file + " is gzipped, but broken: " + e.getMessage() + ".",
                    "Fetch or pack it again.",
                    e);
        } catch (IOException e) {
            if (!Files.exists(file)) {
                throw new Failure(
                        Failure.Kind.MISSING, "There is no file " + file + ".", "Check its path, or quote it.", e);
            }
            if (e instanceof AccessDeniedException) {
                throw new Failure(
                        Failure.Kind.DENIED,
                        "The file " + file + " may not be read.",
                        "Make it readable for this user.",
                        e);
            }
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The file " + file + " cannot be read: " + e.getMessage() + ".",
                    "Check that it is whole.",
                    e);
        }
    }

    private static boolean isPacked(BufferedInputStream in) throws IOException {
        in.mark(2);
        boolean packed = in.read() == 0x1F && in.read() == 0x8B;
        in.reset();
        return packed;
    }

    private static boolean startsWith(byte[] bytes, int... wanted) {
        for (int i = 0; i < wanted.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xFF) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private static Failure invalid(Path file, String what, String next) {
        return new Failure(Failure.Kind.INVALID, "The file " + file + " " + what + ".", next);
    }
}
