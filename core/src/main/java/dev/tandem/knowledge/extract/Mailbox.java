package dev.tandem.knowledge.extract;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a mailbox in mbox format (RFC 4155), one at a time, so that a mailbox of any size can be read. A message begins
 * with a line {@code From …} at the start or after a blank line; {@code >From} in a message stands for {@code From}.
 */
public final class Mailbox {

    private static final byte[] FROM = "From ".getBytes(StandardCharsets.US_ASCII);
    /** With a time in it, as every writer has it: a sentence that begins with the word is none. */
    private static final Pattern BEGINNING = Pattern.compile("From \\S.*\\d\\d:\\d\\d.*");

    private static final Pattern ID = Pattern.compile("(?im)^Message-ID:\\s*<([^<>\\s]{1,200})>");
    private static final int LONGEST_HEAD = 1 << 16;
    private static final int LONGEST_BEGINNING = 1_000;

    private final InputStream in;
    private final long longest;
    private final Set<String> ids = new HashSet<>();
    private int number;
    private byte @Nullable [] beginning;

    private Mailbox(InputStream in, long longest) {
        this.in = in;
        this.longest = longest;
    }

    /** A message. */
    public static final class Message {

        private final int number;
        private final String id;
        private final byte @Nullable [] bytes;

        private Message(int number, String id, byte @Nullable [] bytes) {
            this.number = number;
            this.id = id;
            this.bytes = bytes;
        }

        /** From 1. */
        public int number() {
            return number;
        }

        /** Unique in the mailbox: its Message-ID, which stays when others are deleted; else its number. */
        public String id() {
            return id;
        }

        /** As it was sent; null where it is larger than the limit. */
        public byte @Nullable [] bytes() {
            return bytes;
        }
    }

    /** Whether a file of that name is a mailbox. */
    public static boolean handles(String path) {
        return path.toLowerCase(Locale.ROOT).endsWith(".mbox");
    }

    /** Reads from a stream that whoever opened it closes. */
    public static Mailbox of(InputStream in, ExtractLimits limits) {
        return new Mailbox(new BufferedInputStream(in, 1 << 16), limits.maxBytes());
    }

    /** The next message; null after the last. */
    public @Nullable Message next() throws IOException {
        var line = new ByteArrayOutputStream();
        while (beginning == null) {
            if (!line(line)) {
                return null;
            }
            // What stands before the first beginning belongs to no message.
            beginning = begins(line.toByteArray()) ? line.toByteArray() : null;
        }
        number++;
        beginning = null;
        var message = new ByteArrayOutputStream();
        boolean tooLarge = false;
        boolean blank = false;
        while (line(line)) {
            byte[] bytes = line.toByteArray();
            if (blank && begins(bytes)) {
                beginning = bytes;
                break;
            }
            blank = isBlank(bytes);
            int from = isQuotedBeginning(bytes) ? 1 : 0;
            tooLarge |= message.size() + bytes.length > longest;
            if (!tooLarge) {
                message.write(bytes, from, bytes.length - from);
            }
        }
        byte[] whole = message.toByteArray();
        return new Message(number, id(whole), tooLarge ? null : whole);
    }

    /** Reads a line with its end; a longer one than any message in pieces. */
    private boolean line(ByteArrayOutputStream line) throws IOException {
        line.reset();
        for (int next = in.read(); next >= 0; next = in.read()) {
            line.write(next);
            if (next == '\n' || line.size() > longest) {
                return true;
            }
        }
        return line.size() > 0;
    }

    private static boolean begins(byte[] line) {
        return line.length <= LONGEST_BEGINNING
                && startsAt(line, 0)
                && BEGINNING
                        .matcher(new String(line, StandardCharsets.ISO_8859_1).stripTrailing())
                        .matches();
    }

    private static boolean isQuotedBeginning(byte[] line) {
        int at = 0;
        while (at < line.length && line[at] == '>') {
            at++;
        }
        return at > 0 && startsAt(line, at);
    }

    private static boolean startsAt(byte[] line, int at) {
        if (line.length < at + FROM.length) {
            return false;
        }
        for (int i = 0; i < FROM.length; i++) {
            if (line[at + i] != FROM[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(byte[] line) {
        return line.length == 1 || (line.length == 2 && line[0] == '\r');
    }

    private String id(byte[] message) {
        String head = new String(message, 0, Math.min(message.length, LONGEST_HEAD), StandardCharsets.ISO_8859_1);
        Matcher end = Pattern.compile("\\r?\\n\\r?\\n").matcher(head);
        Matcher found = ID.matcher(end.find() ? head.substring(0, end.start()) : head);
        String id = found.find() ? found.group(1) : Integer.toString(number);
        return ids.add(id) ? id : id + "~" + number;
    }
}
