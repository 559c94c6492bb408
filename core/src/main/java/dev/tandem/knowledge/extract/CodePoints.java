package dev.tandem.knowledge.extract;

/** Turns UTF-16 indices of one text into code point offsets, in constant time, after one pass. */
final class CodePoints {

    private static final int STEP = 256;

    private final String text;
    /** Code points before unit {@code i * STEP}; empty where the text holds no surrogate pair and nothing changes. */
    private final int[] marks;

    CodePoints(String text) {
        this.text = text;
        int points = text.codePointCount(0, text.length());
        if (points == text.length()) {
            marks = new int[0];
            return;
        }
        marks = new int[text.length() / STEP + 1];
        int units = 0;
        int count = 0;
        for (int i = 0; i < marks.length; i++) {
            // A pair that straddles a mark is counted before it: its low half alone would count once more.
            int mark = i * STEP;
            while (units < mark) {
                units += Character.charCount(text.codePointAt(units));
                count++;
            }
            marks[i] = units == mark ? count : -count;
        }
    }

    int at(int unit) {
        if (marks.length == 0) {
            return unit;
        }
        int mark = marks[unit / STEP];
        int from = unit / STEP * STEP;
        // Negative: the mark stands inside a pair, which was counted; go on after the pair.
        return mark >= 0
                ? mark + text.codePointCount(from, unit)
                : -mark + (unit == from ? 0 : text.codePointCount(from + 1, unit));
    }
}
