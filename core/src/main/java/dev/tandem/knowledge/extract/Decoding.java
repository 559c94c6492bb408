package dev.tandem.knowledge.extract;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * From bytes to characters without being told the charset: a byte order mark, then strict UTF-8, then UTF-16 by where
 * its zero bytes stand, then the single-byte charset whose reading looks most like words.
 */
final class Decoding {

    private static final int SAMPLE = 64 * 1024;

    /** In order of preference where two read alike. */
    private static final List<Charset> SINGLE_BYTE = List.of(
            Charset.forName("windows-1252"),
            Charset.forName("windows-1251"),
            Charset.forName("KOI8-R"),
            Charset.forName("IBM866"));

    private Decoding() {}

    /** Throws a Failure of kind INVALID when the bytes are no text. */
    static String text(byte[] bytes) {
        return new String(bytes, charset(bytes));
    }

    static Charset charset(byte[] bytes) {
        if (startsWith(bytes, 0xEF, 0xBB, 0xBF)) {
            return StandardCharsets.UTF_8;
        }
        if (startsWith(bytes, 0xFF, 0xFE) || startsWith(bytes, 0xFE, 0xFF)) {
            return StandardCharsets.UTF_16;
        }
        if (looksBinary(bytes)) {
            throw Unreadable.because("It is not text: its bytes belong to a binary format that is not read.");
        }
        Optional<Charset> wide = utf16(bytes);
        if (wide.isPresent()) {
            return wide.get();
        }
        return isUtf8(bytes) ? StandardCharsets.UTF_8 : mostLikeWords(bytes);
    }

    /** Zero bytes outside UTF-16, or more control characters than text ever has. */
    static boolean looksBinary(byte[] bytes) {
        if (startsWith(bytes, 0xFF, 0xFE)
                || startsWith(bytes, 0xFE, 0xFF)
                || utf16(bytes).isPresent()) {
            return false;
        }
        int length = Math.min(bytes.length, SAMPLE);
        int controls = 0;
        for (int i = 0; i < length; i++) {
            int b = bytes[i] & 0xFF;
            if (b == 0) {
                return true;
            }
            if (b < 0x20 && b != '\n' && b != '\r' && b != '\t' && b != '\f' && b != 0x1B) {
                controls++;
            }
        }
        return controls > length / 50;
    }

    /** Text of Latin script in UTF-16 has a zero in nearly every second byte and hardly any in the others. */
    private static Optional<Charset> utf16(byte[] bytes) {
        int length = Math.min(bytes.length, SAMPLE) & ~1;
        int even = 0;
        int odd = 0;
        for (int i = 0; i < length; i += 2) {
            even += bytes[i] == 0 ? 1 : 0;
            odd += bytes[i + 1] == 0 ? 1 : 0;
        }
        int pairs = length / 2;
        if (pairs < 2) {
            return Optional.empty();
        }
        if (odd > pairs * .7 && even < pairs * .05) {
            return Optional.of(StandardCharsets.UTF_16LE);
        }
        return even > pairs * .7 && odd < pairs * .05 ? Optional.of(StandardCharsets.UTF_16BE) : Optional.empty();
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException notUtf8) {
            return mostlyUtf8(bytes);
        }
    }

    /** A few broken bytes in a UTF-8 file stay broken; they do not turn every accent in it into two characters. */
    private static boolean mostlyUtf8(byte[] bytes) {
        String read = new String(bytes, StandardCharsets.UTF_8);
        long broken = read.chars().filter(c -> c == '\uFFFD').count();
        long whole = read.chars().filter(c -> c > 0x7F && c != '\uFFFD').count();
        return whole > 20 * broken;
    }

    private static Charset mostLikeWords(byte[] bytes) {
        byte[] sample = bytes.length <= SAMPLE ? bytes : java.util.Arrays.copyOf(bytes, SAMPLE);
        Charset best = SINGLE_BYTE.getFirst();
        double bestScore = Double.NEGATIVE_INFINITY;
        for (Charset charset : SINGLE_BYTE) {
            double score = wordiness(new String(sample, charset));
            if (score > bestScore) {
                best = charset;
                bestScore = score;
            }
        }
        return best;
    }

    /**
     * Non-ASCII letters that continue a word of their own script in lower case speak for a reading; symbols inside words,
     * capitals after small letters and scripts mixed in one word speak against it. Accented Latin letters count when they
     * stand beside plain ones.
     */
    private static double wordiness(String text) {
        double score = 0;
        char last = ' ';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0x7F || last > 0x7F) {
                if (Character.isLetter(c) && Character.isLetter(last)) {
                    boolean mixed = isCyrillic(c) != isCyrillic(last);
                    boolean jump = Character.isUpperCase(c) && Character.isLowerCase(last);
                    boolean twoAccents = c > 0x7F && last > 0x7F && !isCyrillic(c);
                    score += mixed ? -2 : jump ? -1 : twoAccents ? -.5 : 1;
                } else if (c > 0x7F && !Character.isLetter(c) && Character.isLetter(last) && !isPunctuation(c)) {
                    score -= 1;
                }
            }
            last = c;
        }
        return score;
    }

    private static boolean isPunctuation(char c) {
        return (c >= '\u2010' && c <= '\u2026') || c == '\u00A0' || c == '\u00BB' || c == '\u00AE' || c == '\u2122';
    }

    private static boolean isCyrillic(char c) {
        return c >= 0x400 && c < 0x530;
    }

    private static boolean startsWith(byte[] bytes, int... head) {
        if (bytes.length < head.length) {
            return false;
        }
        for (int i = 0; i < head.length; i++) {
            if ((bytes[i] & 0xFF) != head[i]) {
                return false;
            }
        }
        return true;
    }
}
