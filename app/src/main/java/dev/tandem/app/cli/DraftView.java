package dev.tandem.app.cli;

/**
 * A language model's text while it is being written: faint, on a terminal only, and gone when the answer with its checked
 * citations takes its place.
 */
final class DraftView {

    /** More lines than this may have left the window, where they cannot be taken back. */
    private static final int MOST_LINES = 20;

    private final Terminal terminal;
    private int column;
    private int lines;
    private boolean full;

    DraftView(Terminal terminal) {
        this.terminal = terminal;
    }

    void add(String piece) {
        if (!terminal.live || full) {
            return;
        }
        var shown = new StringBuilder();
        Text.safe(piece).codePoints().forEach(c -> {
            if (c == '\n' || column == terminal.width - 1) {
                shown.append('\n');
                column = 0;
                lines++;
            }
            if (c != '\n') {
                shown.appendCodePoint(c);
                column++;
            }
        });
        terminal.err.print(terminal.errDim(shown.toString()));
        terminal.err.flush();
        full = lines >= MOST_LINES;
    }

    /** Takes the draft off the screen. */
    void erase() {
        if (lines > 0 || column > 0) {
            terminal.err.print("\r" + (lines > 0 ? "\u001b[" + lines + "A" : "") + "\u001b[J");
            terminal.err.flush();
            lines = 0;
            column = 0;
        }
    }
}
