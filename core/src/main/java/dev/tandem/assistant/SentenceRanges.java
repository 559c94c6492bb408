package dev.tandem.assistant;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the sentences of a passage stand: UTF-16 offsets, surrounding space left out. */
final class SentenceRanges {

    private static final Pattern END =
            Pattern.compile("[.!?][\"”')\\]]*(?=\\s+[\\p{Lu}\\p{N}\"“(\\[])|\\n\\s*\\n|\\n(?=\\s*([-*•|]|\\d+\\.)\\s)");
    private static final Pattern ABBREVIATION = Pattern.compile(
            "(?:^|[\\s(])(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Prof|No|vs|e\\.g|i\\.e|etc|Inc|Ltd|Co|Fig|Jr|Sr|[A-Z]\\.[A-Z])$");

    private SentenceRanges() {}

    static List<int[]> of(String text) {
        var ranges = new ArrayList<int[]>();
        Matcher end = END.matcher(text);
        int from = 0;
        while (end.find()) {
            boolean stop = text.charAt(end.start()) == '.'
                    && ABBREVIATION
                            .matcher(text.substring(Math.max(from, end.start() - 12), end.start()))
                            .find();
            if (!stop) {
                add(text, from, end.end(), ranges);
                from = end.end();
            }
        }
        add(text, from, text.length(), ranges);
        return ranges;
    }

    private static void add(String text, int from, int to, List<int[]> ranges) {
        int start = from;
        int end = to;
        while (start < end && Character.isWhitespace(text.charAt(start))) {
            start++;
        }
        while (end > start && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        if (start < end) {
            ranges.add(new int[] {start, end});
        }
    }
}
