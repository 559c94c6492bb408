package dev.tandem.app.cli;

import dev.tandem.domain.Hit;
import dev.tandem.domain.Language;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Hits as a person reads them: where, then the words; with the reasons for the rank where they are asked for. */
final class HitView {

    private static final int SNIPPET_LINES = 3;

    private final Terminal terminal;
    private final boolean explain;
    private final boolean scores;
    private final Predicate<Language> known;

    /**
     * @param scores whether the asker may read the whole collection: others learn ranks, never scores
     * @param known the languages that the collection's encoder knows; asked where reasons are
     */
    HitView(Terminal terminal, boolean explain, boolean scores, Predicate<Language> known) {
        this.terminal = terminal;
        this.explain = explain;
        this.scores = scores;
        this.known = known;
    }

    void show(Hit hit) {
        String rank = String.format(Locale.ROOT, "%2d", hit.rank());
        String score = scores ? String.format(Locale.ROOT, "  %.2f", hit.score()) : "";
        terminal.out.println(terminal.accent(rank) + "  " + place(hit, terminal.width - 4 - score.length()) + score);
        if (!hit.chunk().headingPath().isEmpty()) {
            terminal.out.println("    " + terminal.dim(Text.line(hit.chunk().headingPath(), terminal.width - 4)));
        }
        List<String> lines = Text.wrap(Text.line(hit.chunk().text(), Integer.MAX_VALUE), terminal.width - 4);
        for (int i = 0; i < Math.min(SNIPPET_LINES, lines.size()); i++) {
            boolean cut = i == SNIPPET_LINES - 1 && lines.size() > SNIPPET_LINES;
            terminal.out.println("    " + (cut ? Text.line(lines.get(i) + " …", terminal.width - 4) : lines.get(i)));
        }
        if (explain) {
            explanation(hit).forEach(line -> terminal.out.println("    " + terminal.dim(line)));
        }
        terminal.out.println();
    }

    private String place(Hit hit, int width) {
        String page = hit.chunk().page() > 0 ? ", page " + hit.chunk().page() : "";
        String path = Text.path(hit.document().path());
        String title = Text.line(hit.document().title(), width / 2);
        String rest = " · " + Text.tail(path, Math.max(12, width - title.length() - 3 - page.length())) + page;
        return terminal.bold(title) + rest + " ".repeat(Math.max(0, width - title.length() - rest.length()));
    }

    /** Which channel found it, at which rank, and what its score is made of. */
    private List<String> explanation(Hit hit) {
        var lines = new ArrayList<String>();
        Language language = hit.document().language();
        boolean wordsOnly = !known.test(language);
        lines.add("found " + (wordsOnly ? byWords(hit) : reason(hit)) + "; chunk "
                + hit.chunk().id());
        if (wordsOnly) {
            lines.add(language.word() + " words alone: the encoder does not know that language");
        }
        if (scores) {
            lines.add(channel("words", "BM25", hit.lexical()) + "   " + channel("meaning", "cosine", hit.dense()));
        }
        return lines;
    }

    private static String byWords(Hit hit) {
        return "by its words (rank " + hit.lexical().rank() + ")";
    }

    static String reason(Hit hit) {
        boolean byWords = hit.lexical().rank() > 0;
        boolean byMeaning = hit.dense().rank() > 0;
        if (byWords && byMeaning) {
            return "by its words (rank " + hit.lexical().rank() + ") and by its meaning (rank "
                    + hit.dense().rank() + ")";
        }
        if (byWords) {
            return byWords(hit)
                    + (Double.isNaN(hit.dense().raw()) ? "; it has no vector yet" : "; its meaning is scored as well");
        }
        return "by its meaning (rank " + hit.dense().rank() + ")"
                + (Double.isNaN(hit.lexical().raw())
                        ? "; no word in common with the question"
                        : "; its words are scored as well");
    }

    private static String channel(String name, String measure, Hit.Channel channel) {
        return Double.isNaN(channel.raw())
                ? name + " –"
                : String.format(Locale.ROOT, "%s %.2f (%s %.3f)", name, channel.normalised(), measure, channel.raw());
    }
}
