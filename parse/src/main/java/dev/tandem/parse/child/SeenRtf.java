package dev.tandem.parse.child;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * An RTF document without the text that is hidden ({@code \v}). Whoever writes RTF says so at the text itself, whatever its style
 * says, so styles need not be known. Groups, marks of paragraphs and cells, and what is no text stay.
 */
final class SeenRtf {

    private static final String BEGINNING = "{\\rtf";
    private static final int DEEPEST = 1_000_000;
    private static final int LONGEST_WORD = 64;

    /** Groups that hold no text of the document: a style in them may be called hidden, and hides nothing there. */
    private static final Set<String> NO_TEXT =
            Set.of("fonttbl", "colortbl", "stylesheet", "info", "listtable", "pict", "objdata", "fldinst");

    /** Groups of text that stand in such, or are marked as what may be passed over. */
    private static final Set<String> TEXT =
            Set.of("ud", "shptxt", "annotation", "fldrslt", "listtext", "footnote", "header", "footer");

    private static final Set<String> CHARACTERS = Set.of(
            "bullet",
            "endash",
            "emdash",
            "enspace",
            "qmspace",
            "emspace",
            "lquote",
            "rquote",
            "ldblquote",
            "rdblquote");

    /** Groups that a reader passes over for their word alone, and that hold no bytes. */
    private static final Set<String> HELD = Set.of("fonttbl", "colortbl", "stylesheet", "info", "listtable");

    /**
     * What holds in a group until it ends.
     *
     * @param fallback how many characters stand after one in Unicode for readers that know none
     */
    private record State(boolean hidden, boolean isText, int fallback) {

        State hidden(boolean is) {
            return new State(is, isText, fallback);
        }

        State isText(boolean is) {
            return new State(hidden, is, fallback);
        }
    }

    private final PushbackInputStream in;
    private final OutputStream out;
    private final Deque<State> around = new ArrayDeque<>();
    private State state = new State(false, true, 1);
    private boolean mayBePassedOver;
    /** Nothing came yet in this group: only there a word can say that all of it is no text. */
    private boolean begins;

    private int skip;
    private long characters;

    private SeenRtf(InputStream in, OutputStream out) {
        this.in = new PushbackInputStream(in, 2);
        this.out = out;
    }

    static boolean isMeant(byte[] head) {
        return new String(head, StandardCharsets.ISO_8859_1).startsWith(BEGINNING);
    }

    static Seen of(Path file) throws IOException, Refused {
        Path seen = Files.createTempFile(file.getParent(), "seen", "");
        long characters;
        try (var in = new BufferedInputStream(Files.newInputStream(file));
                var out = new BufferedOutputStream(Files.newOutputStream(seen))) {
            var rtf = new SeenRtf(in, out);
            rtf.run();
            characters = rtf.characters;
        }
        if (characters == 0) {
            Files.delete(seen);
            return new Seen(file, 0);
        }
        return new Seen(seen, characters);
    }

    private void run() throws IOException, Refused {
        for (int at = in.read(); at >= 0; at = in.read()) {
            switch (at) {
                case '{' -> {
                    if (around.size() >= DEEPEST) {
                        throw new Refused(
                                "It is nested too deeply to be read.",
                                "Mend or convert the file, then ingest it again.");
                    }
                    around.push(state);
                    begins = true;
                    skip = 0;
                    out.write(at);
                }
                case '}' -> {
                    state = around.isEmpty() ? state : around.pop();
                    begins = false;
                    skip = 0;
                    out.write(at);
                }
                case '\\' -> control();
                case '\r', '\n' -> out.write(at);
                default -> {
                    begins = false;
                    if (isShown(1)) {
                        out.write(at);
                    }
                }
            }
        }
    }

    /** Whether what comes now stays; where not, it is counted, unless it only stands for what was counted. */
    private boolean isShown(int count) {
        if (!state.hidden() || !state.isText()) {
            return true;
        }
        if (skip > 0) {
            skip--;
        } else {
            characters += count;
        }
        return false;
    }

    private void control() throws IOException {
        int first = in.read();
        if (isLetter(first)) {
            word(first);
        } else if (first == '\'') {
            begins = false;
            hex();
        } else if (first >= 0) {
            mayBePassedOver |= first == '*' && begins;
            begins &= first == '*';
            boolean stands = "\\{}~_-".indexOf(first) >= 0;
            if (!stands || isShown(first == '-' ? 0 : 1)) {
                out.write('\\');
                out.write(first);
            }
        }
    }

    private void word(int first) throws IOException {
        var word = new StringBuilder().append((char) first);
        int next = in.read();
        while (isLetter(next) && word.length() < LONGEST_WORD) {
            word.append((char) next);
            next = in.read();
        }
        var number = new StringBuilder();
        while ((isDigit(next) || (next == '-' && number.isEmpty())) && number.length() < LONGEST_WORD) {
            number.append((char) next);
            next = in.read();
        }
        // One blank belongs to the word.
        if (next >= 0 && next != ' ') {
            in.unread(next);
        }
        String name = word.toString();
        long value = value(number.toString());
        boolean shown = true;
        switch (name) {
            case "v" -> state = state.hidden(number.isEmpty() || value != 0);
            case "plain" -> state = state.hidden(false);
            case "uc" -> state = new State(state.hidden(), state.isText(), Math.clamp(value, 0, 100));
            case "u" -> {
                shown = isShown(Character.isLowSurrogate((char) value) ? 0 : 1);
                skip = shown ? 0 : state.fallback();
            }
            default -> {
                if (TEXT.contains(name)) {
                    state = state.isText(true);
                } else if (mayBePassedOver || (begins && NO_TEXT.contains(name) && !isDisguise(name))) {
                    state = state.isText(false);
                } else if (CHARACTERS.contains(name)) {
                    shown = isShown(1);
                }
            }
        }
        mayBePassedOver = false;
        begins = false;
        if (shown) {
            write("\\" + name + number + (next == ' ' ? " " : ""));
        }
        if (name.equals("bin")) {
            // As readers take it: a number that is none of 32 bits is none.
            copy(value == (int) value ? value : 0);
        }
    }

    /** Such a group where all is hidden is of no use, and may be text that a reader takes for some. */
    private boolean isDisguise(String name) {
        return state.hidden() && HELD.contains(name);
    }

    /** A letter by its code; what is no code is left for what follows, as readers do. */
    private void hex() throws IOException {
        int high = in.read();
        int low = high < 0 ? -1 : in.read();
        boolean code = Character.digit(high, 16) >= 0 && Character.digit(low, 16) >= 0;
        if (!code) {
            if (low >= 0) {
                in.unread(low);
            }
            if (high >= 0) {
                in.unread(high);
            }
            return;
        }
        if (isShown(1)) {
            write("\\'");
            out.write(high);
            out.write(low);
        }
    }

    /** Bytes that are no text, and may look like anything. */
    private void copy(long count) throws IOException {
        byte[] block = new byte[1 << 13];
        long left = count;
        while (left > 0) {
            int read = in.read(block, 0, (int) Math.min(block.length, left));
            if (read < 0) {
                return;
            }
            out.write(block, 0, read);
            left -= read;
        }
    }

    private static long value(String number) {
        try {
            return number.isEmpty() ? 0 : Long.parseLong(number);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static boolean isLetter(int at) {
        return (at >= 'a' && at <= 'z') || (at >= 'A' && at <= 'Z');
    }

    private static boolean isDigit(int at) {
        return at >= '0' && at <= '9';
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
