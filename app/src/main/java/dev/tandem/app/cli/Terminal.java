package dev.tandem.app.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * What a command reads from and writes to: data to {@link #out}, everything else to {@link #err}. Colours and the
 * progress line appear only where a person looks: on a terminal, and colours only when {@code NO_COLOR} is not set.
 */
public final class Terminal {

    /** Lines are never wider than this, however wide the window is: longer ones are hard to read. */
    static final int WIDEST = 100;

    private static final int NARROWEST = 40;

    final InputStream in;
    final PrintStream out;
    final PrintStream err;
    /** Whether standard error is a terminal, where a line can be written over. */
    final boolean live;
    /** Whether somebody types and sees what is asked: what is read then is on the screen already, and wants a prompt. */
    final boolean typed;
    /** Columns to fill. */
    final int width;

    private final boolean colours;
    private final boolean errColours;

    private Terminal(
            InputStream in,
            PrintStream out,
            PrintStream err,
            boolean colours,
            boolean errColours,
            boolean live,
            boolean typed,
            int width) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.colours = colours;
        this.errColours = errColours;
        this.live = live;
        this.typed = typed;
        this.width = width;
    }

    /** Of this process. Which streams are terminals is told by the launcher, as a JVM cannot see it of each by itself. */
    public static Terminal ofProcess() {
        List<String> terminals =
                List.of(System.getProperty("tandem.terminal", "").split(","));
        boolean colour = wantsColour(System.getenv());
        boolean live = terminals.contains("err");
        return new Terminal(
                System.in,
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err),
                colour && terminals.contains("out"),
                colour && live,
                live,
                live && terminals.contains("in"),
                width(System.getProperty("tandem.columns", "")));
    }

    /** Plain text into two streams, as a pipe gets it. */
    public static Terminal plain(InputStream in, PrintStream out, PrintStream err) {
        return new Terminal(in, out, err, false, false, false, false, WIDEST);
    }

    /** As a person sees it in a window of {@code columns}. */
    static Terminal colourful(InputStream in, PrintStream out, PrintStream err, int columns) {
        return new Terminal(in, out, err, true, true, true, false, width(String.valueOf(columns)));
    }

    /** Colour by the conventions of no-color.org and terminfo. */
    static boolean wantsColour(Map<String, String> environment) {
        return environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
    }

    Ansi ansi() {
        return Ansi.valueOf(colours);
    }

    Ansi errAnsi() {
        return Ansi.valueOf(errColours);
    }

    String bold(String text) {
        return styled(colours, text, Style.bold);
    }

    String dim(String text) {
        return styled(colours, text, Style.faint);
    }

    String good(String text) {
        return styled(colours, text, Style.fg_green);
    }

    /** What the eye should find first: marks of citations, the key span. */
    String accent(String text) {
        return styled(colours, text, Style.bold, Style.fg_cyan);
    }

    String bad(String text) {
        return styled(colours, text, Style.fg_red);
    }

    String errBold(String text) {
        return styled(errColours, text, Style.bold);
    }

    String errBad(String text) {
        return styled(errColours, text, Style.bold, Style.fg_red);
    }

    String errDim(String text) {
        return styled(errColours, text, Style.faint);
    }

    private static String styled(boolean colours, String text, IStyle... styles) {
        return colours ? Style.on(styles) + text + Style.off(styles) : text;
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor), 8192), true, StandardCharsets.UTF_8);
    }

    private static int width(String columns) {
        return columns.matches("\\d{1,4}") ? Math.clamp(Integer.parseInt(columns), NARROWEST, WIDEST) : WIDEST;
    }
}
