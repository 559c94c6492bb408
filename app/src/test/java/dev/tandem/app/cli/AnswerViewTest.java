package dev.tandem.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.domain.Answer;
import dev.tandem.domain.Chunk;
import dev.tandem.domain.Citation;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Span;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class AnswerViewTest {

    private static final DocumentRef LEAVE = new DocumentRef(
            "0123456789abcdef",
            2,
            "default",
            "Parental leave",
            "people/leave.md",
            "file",
            Instant.EPOCH,
            new TreeMap<>());

    private static final String QUOTE =
            "Every parent gets 16 weeks of fully paid leave, whether by birth, adoption or fostering.";

    @Test
    void whatAnswersComesFirstThenTheQuoteThenWhereItStands() {
        assertThat(plain(view -> view.show(grounded(QUOTE + " [1]", "16 weeks", List.of()))))
                .isEqualTo("""
                16 weeks

                  Every parent gets 16 weeks of fully paid leave, whether by birth, adoption or fostering. [1]

                  [1] Parental leave · people/leave.md · page 3
                      version 2, characters 1,204–1,292, checked word for word
                """);
    }

    @Test
    void whatAModelWroteIsShownBesideTheWordsItStandsOn() {
        String shown = plain(view ->
                view.show(grounded("You get sixteen weeks [1].", null, List.of("The moon is made of cheese."))));
        assertThat(shown)
                .startsWith("  You get sixteen weeks [1].\n")
                .contains("      “Every parent gets 16 weeks")
                .contains("Not backed by any document that you may read:\n  The moon is made of cheese.");
    }

    @Test
    void anAbstentionSaysWhyAndWhatComesNearest() {
        var hit = new Hit(
                LEAVE,
                new Chunk("0123456789abcdef", 2, 0, new Span(0, 3), new Span(0, 3), "", 0, "abc"),
                1,
                0.2,
                Hit.Channel.NONE,
                Hit.Channel.NONE);
        assertThat(plain(view -> view.show(new Answer.Abstained("Nothing fits.", 0.1, List.of(hit)))))
                .isEqualTo("""
                No answer. Nothing fits.

                What comes nearest:
                  · Parental leave · people/leave.md
                """);
    }

    @Test
    void theKeyIsMarkedEvenWhereALineBreakGoesThroughIt() {
        String shown = shown(
                out -> Terminal.colourful(InputStream.nullInputStream(), out, out, 40),
                view -> view.show(grounded(QUOTE + " [1]", "whether by birth, adoption or fostering", List.of())));
        assertThat(shown).contains("\u001b[1m\u001b[36mwhether");
        assertThat(shown.replaceAll("\u001b\\[[0-9;]*m", "").lines()).allMatch(line -> line.length() <= 56);
    }

    @Test
    void documentsCannotReachTheTerminal() {
        String shown = plain(view -> view.show(new Answer.Grounded(
                "evil \u001b]0;title\u0007 text [1]",
                "evil\u001b[2J",
                List.of(new Citation(
                        1,
                        new DocumentRef(
                                "0", 1, "default", "t\u001b[31m", "p\u202e.md", "file", Instant.EPOCH, new TreeMap<>()),
                        0,
                        new Span(0, 4),
                        "evil")),
                0.9,
                "reader",
                List.of())));
        assertThat(shown).doesNotContain("\u001b", "\u0007", "\u202e");
    }

    private static Answer.Grounded grounded(String text, String key, List<String> unverified) {
        return new Answer.Grounded(
                text, key, List.of(new Citation(1, LEAVE, 3, new Span(1204, 1292), QUOTE)), 0.8, "reader", unverified);
    }

    private static String plain(Consumer<AnswerView> show) {
        return shown(out -> Terminal.plain(InputStream.nullInputStream(), out, out), show);
    }

    private static String shown(Function<PrintStream, Terminal> terminal, Consumer<AnswerView> show) {
        var bytes = new ByteArrayOutputStream();
        show.accept(new AnswerView(terminal.apply(new PrintStream(bytes, true, StandardCharsets.UTF_8))));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
