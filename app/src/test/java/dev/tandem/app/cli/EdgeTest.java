package dev.tandem.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.app.cli.CommandLineTester.Outcome;
import dev.tandem.domain.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EdgeTest {

    @TempDir
    Path home;

    @Test
    void aMistypedCommandNamesTheNearOne() {
        Outcome outcome = new CommandLineTester(home).run("confg");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).startsWith("tandem: ").contains("'confg'", "Did you mean config?");
    }

    @Test
    void aMistypedOptionNamesTheNearOne() {
        Outcome outcome = new CommandLineTester(home).run("config", "list", "--hom", "x");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("--hom", "Did you mean --home?", "See tandem config list --help.");
    }

    @Test
    void nothingTypedCanMoveTheCursor() {
        Outcome outcome = new CommandLineTester(home).run("con\u001b[2Jfig\u202e");
        assertThat(outcome.err()).doesNotContain("\u001b", "\u202e");
    }

    @Test
    void anUnexpectedErrorIsBrokenAndSaysHowToSeeMore() {
        Failure failure = Edge.translate(new IllegalStateException("a\nb"));
        assertThat(failure.kind()).isEqualTo(Failure.Kind.BROKEN);
        assertThat(failure.getMessage()).doesNotContain("\n");
        assertThat(failure.nextStep()).contains("TANDEM_TRACE=1");
    }

    @Test
    void aFailureInsideAnotherExceptionIsTheOneThatIsSaid() {
        var failure = new Failure(Failure.Kind.MISSING, "Not there.", "Look elsewhere.");
        assertThat(Edge.translate(new RuntimeException(failure))).isSameAs(failure);
    }

    @Test
    void fullDisksAndForbiddenFilesAreSaidPlainly() {
        Failure full = Edge.translate(new UncheckedIOException(new IOException("No space left on device")));
        assertThat(full.kind()).isEqualTo(Failure.Kind.BUSY);
        assertThat(full.getMessage()).isEqualTo("The disk that holds the home is full.");
        Failure forbidden = Edge.translate(new UncheckedIOException(new AccessDeniedException("/secret")));
        assertThat(forbidden.kind()).isEqualTo(Failure.Kind.DENIED);
        assertThat(forbidden.getMessage()).contains("/secret");
    }
}
