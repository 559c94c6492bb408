package dev.tandem.parse.child;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a child says, one thing at a time: a byte for its kind, a number, and texts; a length stands before each. Neither
 * side believes what the other says of lengths beyond {@link #LONGEST}.
 *
 * @param number the level of a heading, the number of a page, milliseconds since 1970 for {@link Kind#MODIFIED}, bytes for
 *     {@link Kind#MEMBER},
 *     characters for {@link Kind#HIDDEN}
 */
public record Frame(Kind kind, long number, List<String> texts) {

    /** Bytes of one frame's texts; longer blocks are cut by who writes them. */
    public static final int LONGEST = 4 << 20;

    private static final int MOST_TEXTS = 20_000;

    /** What is said; its ordinal is the byte on the wire. */
    public enum Kind {
        /** The child waits for its next file. */
        READY,
        HEADING,
        PARAGRAPH,
        ITEMS,
        ROW,
        TABLE_END,
        PAGE,
        /** A file inside the file begins: its name, and the level of that as a heading. */
        PART,
        TITLE,
        /** A key and its value. */
        METADATA,
        MODIFIED,
        /** How many characters were left out because no reader sees them. */
        HIDDEN,
        /** All was said. */
        DONE,
        /** Reason and next step: what was said before is void. */
        FAILED,
        /** The pages of a PDF show no text, and what they are: what was said before is void. */
        NO_TEXT_LAYER,
        /** More of the paragraph before. */
        CONTINUED,
        /** A file of an archive, its name and its length: so many bytes follow, outside of any frame. */
        MEMBER
    }

    public Frame {
        texts = List.copyOf(texts);
    }

    static Frame of(Kind kind, String... texts) {
        return new Frame(kind, 0, List.of(texts));
    }

    static Frame of(Kind kind, long number, String... texts) {
        return new Frame(kind, number, List.of(texts));
    }

    /** The text at that place; empty where it was not said. */
    public String text(int index) {
        return index < texts.size() ? texts.get(index) : "";
    }

    /** The next frame; null at the end. */
    public static @Nullable Frame read(DataInputStream in) throws IOException {
        int kind = in.read();
        if (kind < 0) {
            return null;
        }
        if (kind >= Kind.values().length) {
            throw new IOException("no frame starts with " + kind);
        }
        long number = in.readLong();
        int count = in.readInt();
        if (count < 0 || count > MOST_TEXTS) {
            throw new IOException("no frame has " + count + " texts");
        }
        var texts = new ArrayList<String>(Math.min(count, 16));
        int left = LONGEST;
        for (int i = 0; i < count; i++) {
            int length = in.readInt();
            if (length < 0 || length > left) {
                throw new IOException("no text has " + length + " bytes");
            }
            left -= length;
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new IOException("cut off");
            }
            texts.add(new String(bytes, StandardCharsets.UTF_8));
        }
        return new Frame(Kind.values()[kind], number, texts);
    }

    @SuppressWarnings("EnumOrdinal") // both sides are of one build
    void write(DataOutputStream out) throws IOException {
        var encoded = new ArrayList<byte[]>();
        int left = LONGEST;
        for (String text : texts.subList(0, Math.min(texts.size(), MOST_TEXTS))) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            if (bytes.length > left) {
                throw new IOException("a frame holds " + LONGEST + " bytes at most");
            }
            left -= bytes.length;
            encoded.add(bytes);
        }
        out.writeByte(kind.ordinal());
        out.writeLong(number);
        out.writeInt(encoded.size());
        for (byte[] bytes : encoded) {
            out.writeInt(bytes.length);
            out.write(bytes);
        }
    }
}
