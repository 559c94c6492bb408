package dev.tandem.app.cli;

import dev.tandem.domain.Answer;
import dev.tandem.domain.Citation;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An answer as a person reads it: what answers first, then the words it stands on, then where they stand. */
final class AnswerView {

    private static final Pattern MARK = Pattern.compile("\\[\\d+]");

    private final Terminal terminal;

    AnswerView(Terminal terminal) {
        this.terminal = terminal;
    }

    void show(Answer answer) {
        switch (answer) {
            case Answer.Grounded grounded -> show(grounded);
            case Answer.Abstained abstained -> show(abstained);
            case Answer.Labelled labelled ->
                terminal.out.println(terminal.accent(Text.line(labelled.label(), terminal.width)));
            case Answer.Unbacked unbacked -> {
                terminal.out.println(terminal.bad("Not backed by any document:"));
                lines(String.join("\n", Text.wrap(unbacked.text(), terminal.width - 2)), "  ");
            }
            case Answer.Refused refused ->
                terminal.out.println("Refused: " + Text.line(refused.rule(), Integer.MAX_VALUE));
        }
    }

    private void show(Answer.Grounded grounded) {
        if (grounded.key() != null) {
            terminal.out.println(terminal.accent(Text.line(grounded.key(), terminal.width)));
            terminal.out.println();
        }
        lines(marked(String.join("\n", Text.wrap(grounded.text(), terminal.width - 2)), grounded.key()), "  ");
        terminal.out.println();
        boolean quoted = grounded.citations().stream()
                .allMatch(citation -> oneLine(grounded.text()).contains(oneLine(citation.quote())));
        for (Citation citation : grounded.citations()) {
            source(citation);
            if (!quoted) {
                lines(
                        String.join("\n", Text.wrap("“" + oneLine(citation.quote()) + "”", terminal.width - 6)),
                        "      ");
            }
        }
        if (!grounded.unverified().isEmpty()) {
            terminal.out.println();
            terminal.out.println(terminal.bad("Not backed by any document that you may read:"));
            for (String statement : grounded.unverified()) {
                lines(String.join("\n", Text.wrap(statement, terminal.width - 2)), "  ");
            }
        }
    }

    /** {@code [1] Parental leave · people/leave.md · page 3}, and on a line of its own how it was checked. */
    private void source(Citation citation) {
        String mark = "[" + citation.number() + "]";
        terminal.out.println("  " + terminal.accent(mark) + " "
                + place(citation.document().title(), citation.document().path(), citation.page(), 3 + mark.length()));
        String checked = "version " + citation.document().version() + ", characters "
                + Text.number(citation.span().start()) + "–"
                + Text.number(citation.span().end()) + ", checked word for word";
        Text.wrap(checked, terminal.width - 6).forEach(line -> terminal.out.println("      " + terminal.dim(line)));
    }

    private void show(Answer.Abstained abstained) {
        terminal.out.println(terminal.bold("No answer.") + " " + Text.line(abstained.reason(), Integer.MAX_VALUE));
        if (!abstained.nearest().isEmpty()) {
            terminal.out.println();
            terminal.out.println("What comes nearest:");
            abstained
                    .nearest()
                    .forEach(hit -> terminal.out.println("  · "
                            + place(
                                    hit.document().title(),
                                    hit.document().path(),
                                    hit.chunk().page(),
                                    4)));
        }
    }

    /** Title and path, both whole where they fit beside {@code indent} columns; the path loses its head first. */
    private String place(String title, String path, int page, int indent) {
        String where = page > 0 ? " · page " + page : "";
        int room = terminal.width - indent - where.length() - 3;
        String safePath = Text.path(path);
        String safeTitle = Text.line(title, Math.max(20, room - Math.min(safePath.length(), room / 2)));
        String shownPath = Text.tail(safePath, Math.max(16, room - safeTitle.length()));
        return safeTitle.equals(safePath)
                ? terminal.bold(shownPath) + where
                : terminal.bold(safeTitle) + " · " + shownPath + where;
    }

    /** The citation marks and the first place of the key made visible; a key that was wrapped is found all the same. */
    private String marked(String wrapped, @Nullable String key) {
        String text = wrapped;
        if (key != null && !key.isBlank()) {
            Pattern words = Pattern.compile(Arrays.stream(oneLine(key).split(" ", -1))
                    .map(Pattern::quote)
                    .collect(Collectors.joining("\\s+")));
            Matcher found = words.matcher(text);
            if (found.find()) {
                String styled = found.group().lines().map(terminal::accent).collect(Collectors.joining("\n"));
                text = text.substring(0, found.start()) + styled + text.substring(found.end());
            }
        }
        return MARK.matcher(text).replaceAll(mark -> Matcher.quoteReplacement(terminal.accent(mark.group())));
    }

    private void lines(String text, String indent) {
        text.lines().forEach(line -> terminal.out.println((indent + line).stripTrailing()));
    }

    private static String oneLine(String text) {
        return Text.line(text, Integer.MAX_VALUE);
    }
}
