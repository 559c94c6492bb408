package dev.tandem.assistant;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A passage taken apart into what may be quoted. Headings and questions (of lists of frequent questions) are no answers
 * themselves, but what stands under them answers them; rows of a table are read together with its first row.
 */
final class Stage {

    /**
     * A sentence, list item or table row.
     *
     * @param stage where it stands
     * @param place among the sentences of the stage
     * @param quote without a list mark
     * @param words with punctuation
     * @param stems of its words; of a row, those of the names of its columns too
     * @param answers stems of a question right before it, which it answers
     * @param before stems of what stands before it and belongs to it: the sentence before, the heading above
     * @param header the cells of its table's first row; empty outside tables
     */
    record Part(
            Stage stage,
            int place,
            Passage quote,
            List<Words.Word> words,
            Set<String> stems,
            Set<String> answers,
            Set<String> before,
            List<String> header) {

        /** Stems of the heading of the column that a word stands in. */
        Set<String> column(int word) {
            int column = 0;
            for (int i = 0; i < word; i++) {
                column += words.get(i).shape() == Shape.BAR ? 1 : 0;
            }
            return column < header.size() ? Words.contentStems(header.get(column)) : Set.of();
        }
    }

    private static final Pattern LIST_MARK = Pattern.compile("^(?:[-*•‣–]|\\(?\\d{1,3}[.)]|[a-z][.)])\\s+");
    private static final Pattern CLOSED = Pattern.compile("[.!?:;…]['\"”’)\\]]*$");
    private static final Pattern CELL_EDGE = Pattern.compile("\\s\\|(?:\\s|$)");
    private static final int LONGEST_HEADING = 9;

    private final Passage passage;
    private final List<Passage> sentences;
    private final Set<String> stems;
    private final Set<String> heading;
    private final List<Part> parts = new ArrayList<>();

    private Stage(Passage passage) {
        this.passage = passage;
        this.sentences = passage.sentences();
        this.stems = stems(Words.of(passage.text()));
        this.heading = stems(Words.of(passage.document().title() + " " + passage.headingPath()));
        this.stems.addAll(heading);
    }

    static Stage of(Passage passage) {
        var stage = new Stage(passage);
        stage.read();
        return stage;
    }

    Passage passage() {
        return passage;
    }

    /** All of them, with those that cannot be quoted. */
    List<Passage> sentences() {
        return sentences;
    }

    /** Stems of the whole passage, its title and its headings. */
    Set<String> stems() {
        return stems;
    }

    /** Stems of its title and its headings. */
    Set<String> heading() {
        return heading;
    }

    List<Part> parts() {
        return parts;
    }

    private void read() {
        Set<String> before = Set.of();
        Set<String> asked = Set.of();
        Set<String> above = Set.of();
        List<String> header = List.of();
        for (int i = 0; i < sentences.size(); i++) {
            Passage quote = unmarked(sentences.get(i));
            List<Words.Word> words = Words.withPunctuation(quote.text());
            Set<String> own = stems(words);
            boolean row = isRow(quote.text());
            boolean last = i == sentences.size() - 1;
            if (own.isEmpty()) {
                continue;
            }
            if (!row) {
                header = List.of();
            } else if (header.isEmpty()) {
                header =
                        CELL_EDGE.splitAsStream(quote.text()).map(String::strip).toList();
                above = before;
                if (!last && isRow(sentences.get(i + 1).text())) {
                    continue; // it names the columns
                }
            }
            if (!last && quote.text().endsWith("?")) {
                asked = own;
                continue;
            }
            if (!last && !row && isHeading(quote.text(), words)) {
                before = own;
                continue;
            }
            var context = new HashSet<>(row ? above : before);
            var stems = new HashSet<>(own);
            header.forEach(cell -> stems.addAll(Words.contentStems(cell)));
            parts.add(new Part(this, i, quote, words, stems, asked, context, header));
            before = own;
            asked = Set.of();
        }
    }

    private static Passage unmarked(Passage sentence) {
        Matcher mark = LIST_MARK.matcher(sentence.text());
        return mark.find() && mark.end() < sentence.text().length() ? sentence.without(mark.end()) : sentence;
    }

    private static boolean isRow(String text) {
        return text.contains(" | ");
    }

    private static boolean isHeading(String text, List<Words.Word> words) {
        return words.size() <= LONGEST_HEADING
                && !CLOSED.matcher(text).find()
                && words.stream()
                        .noneMatch(word ->
                                word.shape() == Shape.VERB || word.shape().numeric())
                && !text.contains(":");
    }

    private static Set<String> stems(List<Words.Word> words) {
        var stems = new HashSet<String>();
        for (Words.Word word : words) {
            if (!word.shape().punctuation()) {
                stems.add(word.stem());
            }
        }
        return stems;
    }
}
