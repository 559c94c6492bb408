package dev.tandem.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.catalog.Home;
import dev.tandem.catalog.Usage;
import dev.tandem.domain.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A collection whose vectors come from a server, from the setting to the answer. */
class ServedEncoderTest {

    @TempDir
    private Path folder;

    private LoopbackEncoder server;
    private CommandLineTester tandem;
    private Path documents;

    @BeforeEach
    void served() throws IOException {
        server = new LoopbackEncoder();
        tandem = new CommandLineTester(folder.resolve("home"));
        documents = Files.createDirectories(folder.resolve("documents"));
        Files.writeString(documents.resolve("shop.md"), "# Shop\n\nThe shop opens at ten.\n");
        Files.writeString(documents.resolve("leave.md"), "# Leave\n\nStaff get 28 days of leave.\n");
        tandem.run("config", "set", "encoder", server.reference());
    }

    @AfterEach
    void stopped() {
        server.close();
    }

    private long spent() {
        return Usage.of(Home.at(folder.resolve("home")), Principal.DEFAULT_TENANT)
                .month()
                .microUsd();
    }

    @Test
    void aCollectionMayHaveAnEncoderOfItsOwn() {
        tandem.run("config", "set", "encoder", "");
        String served = server.reference();
        assertThat(tandem.run("ingest", documents.toString(), "-c", "served", "--encoder", served)
                        .exitCode())
                .isZero();
        assertThat(server.texts()).isEqualTo(3);
        assertThat(tandem.run("ingest", documents.toString(), "-c", "other").exitCode())
                .isZero();
        assertThat(server.texts()).isEqualTo(3);
        assertThat(tandem.run("ask", "When does the shop open?", "-c", "served").out())
                .contains("ten");
        assertThat(server.texts()).isEqualTo(4);
        assertThat(tandem.run("ingest", documents.toString(), "-c", "served").exitCode())
                .isZero();
        assertThat(server.texts()).isEqualTo(4);

        var refused = tandem.run("ingest", documents.toString(), "-c", "other", "--encoder", served);
        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.err()).contains("'other'", "the bundled encoder", "tandem reembed --encoder");

        assertThat(tandem.run("reembed", "-c", "served", "--encoder", "bundled").exitCode())
                .isZero();
        assertThat(tandem.run("ask", "When does the shop open?", "-c", "served").out())
                .contains("ten");
        assertThat(server.texts()).isEqualTo(4);
    }

    @Test
    void itIsPaidForOnceAndBookedOnTheTenant() {
        tandem.run("config", "set", "encoder-price", "2");
        var ingested = tandem.run("ingest", documents.toString());
        assertThat(ingested.exitCode()).as(ingested.err()).isZero();
        // One text to find out the size, and the two documents.
        assertThat(server.texts()).isEqualTo(3);
        assertThat(spent()).isEqualTo(3 * 10 * 2);
        assertThat(tandem.run("ask", "When does the shop open?").out()).contains("ten");
        assertThat(server.texts()).isEqualTo(4);
        assertThat(tandem.run("ingest", documents.toString()).exitCode()).isZero();
        assertThat(server.texts()).isEqualTo(4);
        assertThat(tandem.run("status").out()).contains("vectors by small");
    }

    @Test
    void aBudgetThatDoesNotReachStopsItBeforeTheCallAndWordsStillAnswer() throws Exception {
        tandem.run("config", "set", "budget-usd", "0.01");
        assertThat(tandem.run("ingest", documents.toString()).err()).contains("encoder-price");
        tandem.run("config", "set", "encoder-price", "200");
        Files.writeString(documents.resolve("long.md"), "The shop sells books. ".repeat(40));
        var refused = tandem.run("ingest", documents.toString(), "--yes");
        assertThat(refused.exitCode()).isEqualTo(3);
        assertThat(refused.err()).contains("budget");
        assertThat(spent()).isBetween(1L, 10_000L);
        assertThat(tandem.run("search", "leave").out()).contains("28 days");
    }

    @Test
    void aPriceThatIsSaidLaterHoldsForWhatIsThereAlready() {
        tandem.run("ingest", documents.toString());
        assertThat(spent()).isZero();
        tandem.run("config", "set", "encoder-price", "2");
        tandem.run("config", "set", "budget-usd", "1");
        assertThat(tandem.run("search", "shop").exitCode()).isZero();
        assertThat(spent()).isEqualTo(10 * 2);
    }

    @Test
    void aLargeRunWaitsForConsentAndGoesOnWithIt() throws Exception {
        tandem.run("config", "set", "encoder-price", "999");
        for (int i = 0; i < 10; i++) {
            Files.writeString(documents.resolve("more-" + i + ".md"), ("Line " + i + " of the shop. ").repeat(10));
        }
        var asked = tandem.run("ingest", documents.toString());
        assertThat(asked.exitCode()).isEqualTo(2);
        assertThat(asked.err()).contains("embedding 12 texts").contains("$").contains("--yes");
        int before = server.texts();
        assertThat(tandem.run("search", "leave").out()).contains("28 days");
        assertThat(tandem.run("ingest", documents.toString(), "--yes").exitCode())
                .isZero();
        assertThat(server.texts()).isEqualTo(before + 12);
    }

    @Test
    void whenTheServerIsAwayTheFailureSaysSoAndNothingIsLost() throws Exception {
        assertThat(tandem.run("ingest", documents.toString()).exitCode()).isZero();
        server.close();
        Files.writeString(documents.resolve("parking.md"), "# Parking\n\nThe garage closes at nine.\n");
        var failed = tandem.run("ingest", documents.toString());
        assertThat(failed.exitCode()).isEqualTo(7);
        assertThat(failed.err()).contains("cannot be reached").contains("setting encoder");
        assertThat(tandem.run("reembed", "--encoder", "bundled").exitCode()).isZero();
        assertThat(tandem.run("search", "garage").out()).contains("closes at nine");
        assertThat(tandem.run("search", "shop").out()).contains("opens at ten");
    }

    @Test
    void whileTheServerIsAwayWordsAnswerAndSaySo() throws Exception {
        tandem.run("ingest", documents.toString());
        assertThat(tandem.run("search", "shop", "--json").out()).contains("\"words_alone\":false");
        server.close();

        var found = tandem.run("search", "shop", "--json");
        assertThat(found.exitCode()).isZero();
        assertThat(found.out()).contains("opens at ten").contains("\"words_alone\":true");
        assertThat(found.err()).contains("by words alone").contains("cannot be reached");
        for (int i = 0; i < 2; i++) {
            var answered = tandem.run("ask", "When does the shop open?", "--json");
            assertThat(answered.out()).contains("ten").contains("\"words_alone\":true", "\"cached\":false");
        }
        assertThat(tandem.runWithInput("When does the shop open?\n", "chat").err())
                .contains("by words alone");
    }

    @Test
    void aServerThatWasNeverThereLeavesNothingBehind() {
        server.close();
        assertThat(tandem.run("ingest", documents.toString()).exitCode()).isEqualTo(7);
        tandem.run("config", "set", "encoder", "");
        assertThat(tandem.run("ingest", documents.toString()).exitCode()).isZero();
        assertThat(tandem.run("search", "shop").out()).contains("opens at ten");
    }

    @Test
    void whatIsNoReferenceIsRefusedWithWhatIsOne() {
        for (String wrong : new String[] {"openai:", "bogus:x"}) {
            var refused = tandem.run("config", "set", "encoder", wrong);
            assertThat(refused.exitCode()).isEqualTo(2);
            assertThat(refused.err()).contains("names no ", "cohere:NAME, ollama:NAME", "folder");
            assertThat(tandem.run("reembed", "--encoder", wrong).err()).contains("cohere:NAME, ollama:NAME");
        }
        assertThat(tandem.run("config", "get", "encoder").out()).isEqualTo(server.reference() + "\n");
        tandem.run("config", "set", "encoder", "cohere:embed-v4.0");
        assertThat(tandem.run("ingest", documents.toString()).err()).contains("encoder-key");
    }
}
