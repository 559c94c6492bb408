package dev.tandem.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.app.cli.CommandLineTester.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandTest {

    @TempDir
    Path home;

    @Test
    void aSettingIsKeptAndGoesBackToItsDefault() {
        var tandem = new CommandLineTester(home);
        assertThat(tandem.run("config", "get", "max-file-mb").out()).isEqualTo("100\n");
        assertThat(tandem.run("config", "set", "max-file-mb", "7").exitCode()).isZero();
        assertThat(tandem.run("config", "get", "max-file-mb").out()).isEqualTo("7\n");
        assertThat(tandem.run("config", "list").out()).containsPattern("max-file-mb +7");
        tandem.run("config", "unset", "max-file-mb");
        assertThat(tandem.run("config", "get", "max-file-mb").out()).isEqualTo("100\n");
    }

    @Test
    void readingSettingsMakesNoHome() {
        Path none = home.resolve("none");
        assertThat(new CommandLineTester(none).run("config", "list").exitCode()).isZero();
        assertThat(none).doesNotExist();
    }

    @Test
    void anUnknownKeyIsRefusedAndTheNearOneNamed() {
        Outcome outcome = new CommandLineTester(home).run("config", "set", "modle", "x");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).isEqualTo("""
                tandem: There is no setting 'modle'.
                Next: Did you mean model? tandem config list shows every setting.
                """);
    }

    @Test
    void anUnknownKeyInTheFileIsFatalAndItsLineNamed() throws Exception {
        Files.writeString(home.resolve("settings.conf"), "# mine\nmodell = x\n");
        Outcome outcome = new CommandLineTester(home).run("config", "get", "model");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err())
                .contains("'modell' in " + home.resolve("settings.conf") + ", line 2", "Did you mean model?");
    }

    @Test
    void aModelOfNoKnownProviderIsRefusedWithThoseThatAre() {
        for (String key : new String[] {"model", "model-fallback"}) {
            for (String wrong : new String[] {"foo", "foo:bar", "openai-compatible:here"}) {
                Outcome outcome = new CommandLineTester(home).run("config", "set", key, wrong);
                assertThat(outcome.exitCode()).isEqualTo(2);
                assertThat(outcome.err()).contains("'" + wrong + "'", "anthropic:NAME", "ollama:NAME");
            }
        }
        assertThat(home.resolve("settings.conf")).doesNotExist();
    }

    @Test
    void whatAHomeHasHadForLongStopsNoCommandThatDoesWithoutIt() throws Exception {
        Files.writeString(home.resolve("settings.conf"), "model = foo\n");
        var tandem = new CommandLineTester(home);
        assertThat(tandem.run("status").exitCode()).isZero();
        assertThat(tandem.run("config", "unset", "model").exitCode()).isZero();
    }

    @Test
    void aKeyItselfIsNeverStored() {
        Outcome outcome = new CommandLineTester(home).run("config", "set", "model-key", "sk-secret");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("env:NAME").doesNotContain("sk-secret");
        assertThat(home.resolve("settings.conf")).doesNotExist();
    }

    @Test
    void aHomeThatCannotBeWrittenIsDenied() throws Exception {
        Path file = Files.writeString(home.resolve("a-file"), "");
        Outcome outcome = new CommandLineTester(file.resolve("home")).run("config", "set", "max-file-mb", "7");
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).contains("could not be written", "Next: Choose a writable home");
    }
}
