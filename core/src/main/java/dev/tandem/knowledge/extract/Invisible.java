package dev.tandem.knowledge.extract;

import dev.tandem.domain.HiddenText.Kind;
import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Characters that no reader sees and every program reads. Whole messages can be written in them, one bit or one byte each, so
 * they go, but for those that change how the letters around them look: joiners in scripts that join, the parts of an emoji.
 * Of those only one at a time is kept, and only where it has that effect.
 */
final class Invisible {

    /** Below this, all are seen or are control characters. */
    private static final char FIRST = '\u034F';

    private static final int ZERO_WIDTH_JOINER = 0x200D;
    private static final int EMOJI_STYLE = 0xFE0F;
    private static final int BLACK_FLAG = 0x1F3F4;

    /** Flags whose regions are written in tags: of England, Scotland and Wales. There are no others. */
    private static final List<String> TAGGED = List.of(tags("gbeng"), tags("gbsct"), tags("gbwls"));

    /** Scripts whose letters join, or form others where they meet. */
    private static final Set<UnicodeScript> JOINING = EnumSet.of(
            UnicodeScript.ARABIC,
            UnicodeScript.SYRIAC,
            UnicodeScript.MANDAIC,
            UnicodeScript.NKO,
            UnicodeScript.MONGOLIAN,
            UnicodeScript.PHAGS_PA,
            UnicodeScript.DEVANAGARI,
            UnicodeScript.BENGALI,
            UnicodeScript.GURMUKHI,
            UnicodeScript.GUJARATI,
            UnicodeScript.ORIYA,
            UnicodeScript.TAMIL,
            UnicodeScript.TELUGU,
            UnicodeScript.KANNADA,
            UnicodeScript.MALAYALAM,
            UnicodeScript.SINHALA,
            UnicodeScript.TIBETAN,
            UnicodeScript.MYANMAR,
            UnicodeScript.KHMER,
            UnicodeScript.BALINESE,
            UnicodeScript.JAVANESE);

    private Invisible() {}

    /** How the code point that begins there is hidden; null where a reader sees it, or sees what it does. */
    static @Nullable Kind at(CharSequence text, int i) {
        if (text.charAt(i) < FIRST) {
            return null;
        }
        int point = Character.codePointAt(text, i);
        if (isDirection(point)) {
            return Kind.BIDI;
        }
        boolean seen;
        if (point == 0x200C || point == ZERO_WIDTH_JOINER) {
            seen = joins(text, i, point);
        } else if (isVariation(point)) {
            seen = i > 0 && varies(Character.codePointBefore(text, i), point);
        } else if (isTag(point)) {
            seen = isOfFlag(text, i);
        } else {
            seen = !isEmpty(point);
        }
        return seen ? null : Kind.ZERO_WIDTH;
    }

    private static boolean isDirection(int point) {
        return point == 0x061C
                || point == 0x200E
                || point == 0x200F
                || (point >= 0x202A && point <= 0x202E)
                || (point >= 0x2066 && point <= 0x2069);
    }

    /** Default-ignorable code points that are nothing else. */
    private static boolean isEmpty(int point) {
        return switch (point) {
            case 0x034F, 0x17B4, 0x17B5, 0x180E, 0x200B, 0x3164, 0xFEFF, 0xFFA0 -> true;
            default ->
                (point >= 0x2060 && point <= 0x2065)
                        || (point >= 0x206A && point <= 0x206F)
                        || (point >= 0xFFF0 && point <= 0xFFFB)
                        || (point >= 0x1BCA0 && point <= 0x1BCA3)
                        || (point >= 0x1D173 && point <= 0x1D17A)
                        || (point >= 0xE0000 && point <= 0xE0FFF);
        };
    }

    private static boolean joins(CharSequence text, int i, int point) {
        int before = i == 0 ? -1 : Character.codePointBefore(text, i);
        int after = i + 1 < text.length() ? Character.codePointAt(text, i + 1) : -1;
        if (point == ZERO_WIDTH_JOINER && isPicture(before) && isPicture(after)) {
            return true;
        }
        int base = before;
        // Vowel signs and the like belong to no script of their own.
        for (int at = i; base >= 0 && UnicodeScript.of(base) == UnicodeScript.INHERITED; ) {
            if (!isMark(base)) {
                return false;
            }
            at -= Character.charCount(base);
            base = at == 0 ? -1 : Character.codePointBefore(text, at);
        }
        return base >= 0 && (Character.isLetter(base) || isMark(base)) && JOINING.contains(UnicodeScript.of(base));
    }

    private static boolean isMark(int point) {
        int type = Character.getType(point);
        return !isVariation(point)
                && point != FIRST
                && (type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK);
    }

    private static boolean isPicture(int point) {
        return point == EMOJI_STYLE
                || (point >= 0 && (Character.isExtendedPictographic(point) || Character.isEmojiModifier(point)));
    }

    private static boolean isVariation(int point) {
        return (point >= 0xFE00 && point <= 0xFE0F)
                || (point >= 0xE0100 && point <= 0xE01EF)
                || (point >= 0x180B && point <= 0x180D)
                || point == 0x180F;
    }

    private static boolean varies(int before, int point) {
        if (point == EMOJI_STYLE || point == EMOJI_STYLE - 1) {
            return Character.isEmoji(before);
        }
        boolean mongolian = point <= 0x180F;
        return mongolian
                ? UnicodeScript.of(before) == UnicodeScript.MONGOLIAN && Character.isLetter(before)
                : Character.isIdeographic(before);
    }

    private static boolean isTag(int point) {
        return point >= 0xE0020 && point <= 0xE007F;
    }

    private static boolean isOfFlag(CharSequence text, int i) {
        int start = i;
        int longest = TAGGED.getFirst().length();
        while (start >= 2 && i - start < longest && isTag(Character.codePointBefore(text, start))) {
            start -= 2;
        }
        return start >= 2
                && i - start < longest
                && Character.codePointBefore(text, start) == BLACK_FLAG
                && text.length() - start >= longest
                && TAGGED.contains(text.subSequence(start, start + longest).toString());
    }

    private static String tags(String region) {
        var tags = new StringBuilder();
        region.chars().forEach(letter -> tags.appendCodePoint(0xE0000 + letter));
        return tags.appendCodePoint(0xE007F).toString();
    }
}
