package dev.tandem.assistant;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** How much is quoted of what stands around the sentence that answers, so that it can be understood alone. */
final class Quoting {

    /** Most sentences or list items that follow an announcement such as "Do this:". */
    private static final int MOST_ITEMS = 8;

    private static final int LONGEST = 700;
    private static final Pattern CELL_EDGE = Pattern.compile("\\s\\|(?:\\s|$)");
    private static final Pattern POINTS_BACK =
            Pattern.compile("^(?:It|They|He|She|This|That|These|Those|Its|Their|His|Her|Such)\\b");

    private Quoting() {}

    /** The part's own words, those of a row with the names of its columns. */
    static String alone(Stage.Part part) {
        return part.header().isEmpty() ? part.quote().text() : row(part);
    }

    static Reading.Quote of(Stage.Part part) {
        if (!part.header().isEmpty()) {
            return new Reading.Quote(part.quote(), row(part));
        }
        Passage quote = part.quote();
        List<Passage> sentences = part.stage().sentences();
        int place = part.place();
        if (quote.text().endsWith(":")) {
            int last = place;
            while (last + 1 < sentences.size()
                    && last - place < MOST_ITEMS
                    && sentences.get(last + 1).span().end() - quote.span().start() <= LONGEST
                    && (last == place || !apart(part.stage(), sentences.get(last), sentences.get(last + 1)))) {
                last++;
            }
            quote = last == place ? quote : part.stage().passage().from(quote, sentences.get(last));
        } else if (place > 0
                && POINTS_BACK.matcher(quote.text()).find()
                && !apart(part.stage(), sentences.get(place - 1), sentences.get(place))
                && quote.span().end() - sentences.get(place - 1).span().start() <= LONGEST) {
            quote = part.stage().passage().from(sentences.get(place - 1), quote);
        }
        return new Reading.Quote(quote, SafeText.line(quote.text()));
    }

    /** Whether a blank line parts the two. */
    private static boolean apart(Stage stage, Passage one, Passage next) {
        Passage both = stage.passage().from(one, next);
        int gap = both.text().length() - next.text().length();
        return both.text().substring(one.text().length(), gap).contains("\n\n");
    }

    /** "Message: E4; Meaning: Probe not connected". */
    private static String row(Stage.Part part) {
        List<String> cells =
                CELL_EDGE.splitAsStream(part.quote().text()).map(SafeText::line).toList();
        var named = new ArrayList<String>();
        for (int i = 0; i < cells.size(); i++) {
            String header =
                    i < part.header().size() ? SafeText.line(part.header().get(i)) : "";
            if (!cells.get(i).isEmpty()) {
                named.add(
                        header.isEmpty() || header.equals(cells.get(i)) ? cells.get(i) : header + ": " + cells.get(i));
            }
        }
        return String.join("; ", named);
    }
}
