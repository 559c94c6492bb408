package dev.tandem.app.cli;

import dev.tandem.knowledge.ingest.Event;
import dev.tandem.knowledge.ingest.Summary;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What happens during an ingest as a person follows it: what is different now, a line of progress, and the sum. */
final class IngestView {

    /** More lines than this of one kind tell a person nothing. */
    private static final int MOST_LINES = 20;

    /** Which lines are counted together; the order is that of the sum. */
    private enum Kind {
        ADDED,
        CHANGED,
        RENAMED,
        DELETED,
        ACCESS,
        HIDDEN,
        FAILED
    }

    private final Terminal terminal;
    private final boolean quiet;
    private final ProgressLine progress;
    private final Map<Kind, Integer> lines = new EnumMap<>(Kind.class);
    private final Set<String> stepsSaid = new HashSet<>();

    /** @param quiet whether only the sum and what failed are told */
    IngestView(Terminal terminal, boolean quiet) {
        this.terminal = terminal;
        this.quiet = quiet;
        this.progress = new ProgressLine(terminal);
    }

    void show(Event event) {
        switch (event) {
            case Event.Added it -> line(Kind.ADDED, terminal.good("added   "), it.path());
            case Event.Changed it -> line(Kind.CHANGED, terminal.good("changed "), it.path());
            case Event.Renamed it ->
                line(Kind.RENAMED, terminal.good("renamed "), Text.path(it.from()) + " → " + Text.path(it.path()));
            case Event.Deleted it -> line(Kind.DELETED, terminal.bad("deleted "), it.path());
            case Event.AccessChanged it -> line(Kind.ACCESS, "access  ", it.path());
            case Event.Hid it -> hidden(it);
            case Event.Failed it -> failed(it);
            case Event.Progress it -> progress(it);
            case Event.Scanned it ->
                progress.show(0, "found " + Text.count(it.files(), "file") + ", " + ProgressLine.megabytes(it.bytes()));
            case Event.Done it -> {
                progress.clear();
                done(it.summary());
            }
            case Event.Switched it -> {
                progress.clear();
                terminal.out.println("questions of " + it.collection() + " are answered with "
                        + terminal.bold(Text.line(it.to(), 40)) + " from now on; before: " + Text.line(it.from(), 40));
            }
            case Event.Watching _, Event.Waiting _ -> {} // for WatchView
            case Event.Acknowledged _, Event.Unchanged _, Event.Indexed _, Event.Embedded _ -> {}
        }
    }

    /** Takes the line of progress off the screen, when something else has to be said. */
    void clear() {
        progress.clear();
    }

    private void line(Kind kind, String word, String path) {
        if (quiet) {
            return;
        }
        if (lines.merge(kind, 1, Integer::sum) <= MOST_LINES) {
            progress.clear();
            terminal.out.println(word + "  " + Text.tail(Text.path(path), terminal.width - 10));
        }
    }

    private void failed(Event.Failed failed) {
        if (lines.merge(Kind.FAILED, 1, Integer::sum) <= MOST_LINES) {
            progress.clear();
            terminal.err.println(
                    terminal.errBad("failed  ") + "  " + Text.tail(Text.path(failed.path()), terminal.width - 10));
            Text.wrap(failed.reason(), terminal.width - 10)
                    .forEach(line -> terminal.err.println(" ".repeat(10) + line));
            // What is to be done about it is said with the first of its kind.
            if (!failed.nextStep().isEmpty() && stepsSaid.add(failed.nextStep())) {
                Text.wrap("Next: " + failed.nextStep(), terminal.width - 10)
                        .forEach(line -> terminal.err.println(" ".repeat(10) + line));
            }
        }
    }

    private void hidden(Event.Hid it) {
        if (lines.merge(Kind.HIDDEN, 1, Integer::sum) <= MOST_LINES) {
            progress.clear();
            String what = "  " + Text.count(it.hidden().total(), "character");
            terminal.err.println(terminal.errBad("hidden  ") + "  "
                    + Text.tail(Text.path(it.path()), terminal.width - 10 - what.length()) + what);
        }
    }

    private void progress(Event.Progress at) {
        progress.show(at.total() == 0 ? 1 : (double) at.done() / at.total(), rate(at));
    }

    /** {@code embedding, 5,120 tokens/s, 1 min 20 s left}. */
    static String rate(Event.Progress at) {
        String rate = switch (at.work()) {
            case READING -> "reading, " + ProgressLine.megabytes(Math.round(at.perSecond())) + "/s";
            case VISITING -> "visiting, " + Text.number(at.done()) + " of " + Text.number(at.total());
            case EMBEDDING -> "embedding, " + Text.number(Math.round(at.tokensPerSecond())) + " tokens/s";
        };
        return rate + (at.left() == null ? "" : ", " + ProgressLine.words(at.left()) + " left");
    }

    private void done(Summary sum) {
        lines.forEach((kind, count) -> {
            if (count > MOST_LINES) {
                terminal.out.println("… and " + Text.number(count - MOST_LINES) + " more " + word(kind));
            }
        });
        var parts = new StringBuilder();
        part(parts, sum.added(), "added");
        part(parts, sum.changed(), "changed");
        part(parts, sum.renamed(), "renamed");
        part(parts, sum.deleted(), "deleted");
        part(parts, sum.accessChanged(), "with other readers");
        part(parts, sum.unchanged(), "unchanged");
        part(parts, sum.failed(), "failed");
        if (parts.isEmpty()) { // only vectors were missing
            part(parts, sum.embedded(), "embedded");
            part(parts, sum.reused(), "with known vectors");
        }
        terminal.out.println(terminal.bold(parts.isEmpty() ? "nothing to do" : parts.toString())
                + (sum.chunks() == 0 ? "" : ", " + Text.count(sum.chunks(), "chunk"))
                + " in " + ProgressLine.words(sum.elapsed()));
        if (sum.hidden() > 0) {
            terminal.err.println(Text.count(sum.hidden(), "document") + " held hidden text: removed "
                    + Text.count(sum.hiddenCharacters(), "character") + ". Which: tandem documents --hidden");
        }
        if (sum.failed() > 0) {
            terminal.err.println("Why: tandem documents --failed");
        }
    }

    private static void part(StringBuilder parts, long count, String word) {
        if (count > 0) {
            parts.append(parts.isEmpty() ? "" : ", ")
                    .append(Text.number(count))
                    .append(' ')
                    .append(word);
        }
    }

    private static String word(Kind kind) {
        return switch (kind) {
            case ADDED -> "added";
            case CHANGED -> "changed";
            case RENAMED -> "renamed";
            case DELETED -> "deleted";
            case ACCESS -> "with other readers";
            case HIDDEN -> "with hidden text";
            case FAILED -> "failed";
        };
    }
}
