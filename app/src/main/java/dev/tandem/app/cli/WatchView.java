package dev.tandem.app.cli;

import dev.tandem.knowledge.ingest.Event;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * What a watch does as a person follows it: a line with the time for each document that is different, and, while something
 * takes long, one at the foot that is written over.
 */
final class WatchView {

    /** More lines than this of one group of changes tell a person nothing. */
    private static final int MOST_LINES = 20;

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final Terminal terminal;
    private final boolean quiet;
    private final ProgressLine progress;
    private int lines;

    /** @param quiet whether only what failed is told */
    WatchView(Terminal terminal, boolean quiet) {
        this.terminal = terminal;
        this.quiet = quiet;
        this.progress = new ProgressLine(terminal);
    }

    void show(Event event) {
        switch (event) {
            case Event.Added it -> line(terminal.good("added   "), Text.path(it.path()));
            case Event.Changed it -> line(terminal.good("changed "), Text.path(it.path()));
            case Event.Renamed it ->
                line(terminal.good("renamed "), Text.path(it.from()) + " → " + Text.path(it.path()));
            case Event.Deleted it -> line(terminal.bad("deleted "), Text.path(it.path()));
            case Event.AccessChanged it -> line("access  ", Text.path(it.path()));
            case Event.Hid it ->
                say("hidden text in " + Text.path(it.path()) + ": removed "
                        + Text.count(it.hidden().total(), "character"));
            case Event.Failed it -> failed(it);
            case Event.Progress it ->
                progress.show(it.total() == 0 ? 1 : (double) it.done() / it.total(), IngestView.rate(it));
            case Event.Watching it ->
                say("watching " + Text.count(it.files(), "file") + " in " + Text.count(it.folders(), "folder")
                        + "; Ctrl-C ends");
            case Event.Waiting it -> say(it.reason() + " This waits, and goes on after it.");
            case Event.Done _ -> done();
            case Event.Scanned _,
                    Event.Acknowledged _,
                    Event.Unchanged _,
                    Event.Indexed _,
                    Event.Embedded _,
                    Event.Switched _ -> {}
        }
    }

    /** Takes the line at the foot off the screen. */
    void clear() {
        progress.clear();
    }

    private void done() {
        progress.clear();
        if (lines > MOST_LINES) {
            terminal.out.println(time() + "… and " + Text.number(lines - MOST_LINES) + " more");
        }
        lines = 0;
    }

    private void line(String word, String path) {
        lines++;
        if (!quiet && lines <= MOST_LINES) {
            progress.clear();
            terminal.out.println(time() + word + "  " + Text.tail(path, terminal.width - 20));
        }
    }

    private void failed(Event.Failed failed) {
        progress.clear();
        terminal.err.println(errTime() + terminal.errBad("failed  ") + "  "
                + Text.tail(Text.path(failed.path()), terminal.width - 20));
        Text.wrap(failed.reason(), terminal.width - 20).forEach(line -> terminal.err.println(" ".repeat(20) + line));
    }

    private void say(String what) {
        progress.clear();
        terminal.err.println(errTime() + terminal.errDim(Text.line(what, terminal.width - 10)));
    }

    private String time() {
        return terminal.dim(CLOCK.format(LocalTime.now(ZoneId.systemDefault()))) + "  ";
    }

    private String errTime() {
        return terminal.errDim(CLOCK.format(LocalTime.now(ZoneId.systemDefault()))) + "  ";
    }
}
