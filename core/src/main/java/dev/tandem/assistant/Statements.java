package dev.tandem.assistant;

import dev.tandem.knowledge.extract.Sentence;
import dev.tandem.knowledge.extract.Sentences;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A language model's text taken apart: what is stated, and which sources it points at for each statement. */
final class Statements {

    /**
     * One statement.
     *
     * @param lead what stood before it, to put the text together again: a line break, a list mark or nothing
     * @param text without its marks
     * @param marks of the sources it points at, as the model wrote them; may name sources that do not exist
     */
    record Statement(String lead, String text, SortedSet<Integer> marks) {}

    private static final Pattern MARKS =
            Pattern.compile("(?:\\s*[\\[【]\\s*\\d{1,4}(?:\\s*[,;]\\s*\\d{1,4})*\\s*[]】])+");
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final Pattern LEAD = Pattern.compile("^\\s*(?:[-*•]\\s+|\\d+[.)]\\s+)?");

    private Statements() {}

    /**
     * Statements in order. A mark belongs to the sentence that it stands in or right behind; a sentence without one takes
     * those of the next marked sentence of its paragraph, because models often put one mark behind two sentences.
     */
    static List<Statement> of(String text) {
        var statements = new ArrayList<Statement>();
        for (String paragraph : text.lines().toList()) {
            String lead = statements.isEmpty() ? "" : "\n";
            var inParagraph = new ArrayList<Statement>();
            int from = 0;
            Matcher marks = MARKS.matcher(paragraph);
            while (marks.find()) {
                add(paragraph.substring(from, marks.start()), numbers(marks.group()), lead, inParagraph);
                from = marks.end();
            }
            add(paragraph.substring(from), new TreeSet<>(), lead, inParagraph);
            statements.addAll(inParagraph);
        }
        return statements;
    }

    private static void add(String text, SortedSet<Integer> marks, String lead, List<Statement> statements) {
        String rest = text;
        if (!statements.isEmpty()) {
            // "…in May [1]." leaves its full stop behind the mark: give it back
            Matcher stop = Pattern.compile("^\\s*[.!?;,]+").matcher(rest);
            if (stop.find()) {
                Statement last = statements.removeLast();
                String ended = last.text().matches("(?s).*[.!?]$")
                        ? last.text()
                        : last.text() + stop.group().strip();
                statements.add(new Statement(last.lead(), ended, last.marks()));
                rest = rest.substring(stop.end());
            }
        }
        for (Sentence part : Sentences.of(rest)) {
            String sentence = part.text();
            Matcher list = LEAD.matcher(sentence);
            String bullet = list.find() && statements.isEmpty() ? list.group() : "";
            String said = sentence.substring(bullet.length()).strip();
            if (Words.of(said).isEmpty()) {
                continue;
            }
            String before = statements.isEmpty() ? lead + bullet : " ";
            statements.add(new Statement(before, said, marks));
        }
    }

    private static SortedSet<Integer> numbers(String marks) {
        var numbers = new TreeSet<Integer>();
        Matcher number = NUMBER.matcher(marks);
        while (number.find()) {
            numbers.add(Integer.parseInt(number.group()));
        }
        return numbers;
    }
}
