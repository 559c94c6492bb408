package dev.tandem.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.app.cli.CommandLineTester.Outcome;
import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.Home;
import dev.tandem.catalog.HomeLock;
import dev.tandem.domain.Principal;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** {@code tandem advise} from the command line: what it prints, writes and refuses. */
class AdviseCommandTest {

    private static final String REPORT = """
            {"run":"r-1","task":"classify","metric":"accuracy","cases":3080,"leakage":{"cases":0,"allowed":false},
             "arms":[
              {"arm":"rag","status":"measured","figures":{"accuracy":{"value":0.84,"low":0.83,"high":0.85}},
               "latency_ms":{"p50":40,"p95":90},"cost_per_case_usd":0.004},
              {"arm":"tuned","status":"measured","figures":{"accuracy":{"value":0.93,"low":0.92,"high":0.94}},
               "latency_ms":{"p50":5,"p95":9},"cost_per_case_usd":0.0},
              {"arm":"hybrid","status":"not run","reason":"No adapter fits.","command":"tandem train x"}],
             "pairs":[{"left":"tuned","right":"rag","metric":"accuracy",
               "difference":{"value":0.09,"low":0.08,"high":0.10},"p_holm":0.001,"significant":true}]}
            """;

    @TempDir
    Path folder;

    private Path home;
    private CommandLineTester tandem;

    @BeforeEach
    void aHome() {
        home = folder.resolve("home");
        tandem = new CommandLineTester(home);
    }

    @Test
    void theMixedCaseIsSaidInWordsThatFitAndDrawn() throws Exception {
        Outcome outcome = tandem.run(mixed());
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.lines().getFirst()).startsWith("rag  ").endsWith("basis: prior");
        assertThat(outcome.out())
                .doesNotContain("\u001b")
                .contains("Hard constraints", "r1  ", "S2:6,15,86,101", "contested", "at risk, measure")
                .contains("Would change it", "Not measured", "Cost in USD, tier start, 100,000 queries a month")
                .contains("queries in all            at best 50,000", "at worst never");
        assertThat(outcome.lines()).allMatch(line -> line.codePointCount(0, line.length()) <= 100);
        Path chart = Home.at(home).advice(Scope.systemUser()).resolve("cost-start-100000.svg");
        assertThat(outcome.lines().getLast()).startsWith("Chart: ").endsWith("cost-start-100000.svg");
        Document svg = xml(Files.readString(chart));
        assertThat(svg.getDocumentElement().getAttribute("role")).isEqualTo("img");
        assertThat(svg.getElementsByTagName("title").getLength()).isEqualTo(1);
        assertThat(svg.getElementsByTagName("desc").item(0).getTextContent())
                .contains("rag (recommended): $2,450–12,500 over 12 months");
        assertThat(svg.getElementsByTagName("polygon").getLength()).isEqualTo(2);
        assertThat(Files.readString(chart))
                .contains("months", "USD in all", "at best after 0.5 months (50,000 queries)");
    }

    @Test
    void aChartIsItsAskersAlone() {
        assertThat(tandem.run("advise", "--as", "tenant:acme,user:ana").exitCode())
                .isZero();
        assertThat(home.resolve("tenants/acme/advice/ana/cost-start-100000.svg"))
                .isRegularFile();
        assertThat(home.resolve("advice")).doesNotExist();
    }

    @Test
    void thePageShowsWhatTheCommandPrints() throws Exception {
        String page = Files.readString(
                Path.of(System.getProperty("tandem.root", "..")).resolve("docs/advice.md"));
        String block = page.substring(page.indexOf("$ tandem ") + 9, page.indexOf("```", page.indexOf("$ tandem ")));
        String[] command = block.lines().findFirst().orElseThrow().split(" ", -1);
        String printed = tandem.run(command).out();
        assertThat(block.substring(block.indexOf('\n') + 1).strip())
                .isEqualTo(printed.substring(0, printed.indexOf("Chart: ")).strip());
    }

    @Test
    void jsonIsOneObjectWithTheFieldsThatWerePromised() throws Exception {
        JsonNode json = json(tandem.run(with(mixed(), "--json")));
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly("recommendation", "basis", "reasons", "would_change", "not_measured", "cost");
        assertThat(json.path("recommendation").asText()).isEqualTo("rag");
        assertThat(json.path("basis").asText()).isEqualTo("prior");
        assertThat(json.path("reasons")).allSatisfy(reason -> {
            assertThat(reason.path("rule").asText()).matches("[rx]\\d+");
            assertThat(reason.path("text").asText()).isNotBlank();
            assertThat(reason.path("source").asText()).matches("S\\d:.*published, directional\\)");
        });
        JsonNode cost = json.path("cost");
        assertThat(cost.path("arms")).hasSize(4);
        assertThat(cost.path("arms").path(1).path("total_12_months").path("low").asDouble())
                .isEqualTo(2450);
        JsonNode tuned = cost.path("break_even").path(0);
        assertThat(tuned.path("best").path("total_queries").asInt()).isEqualTo(50_000);
        assertThat(tuned.path("best").path("payback_months").asDouble()).isEqualTo(0.5);
        assertThat(tuned.path("worst").path("total_queries").asText()).isEqualTo("never");
    }

    @Test
    void aReportIsFoundByItsRunAndByItsFileAndOverridesPriors() throws Exception {
        comparison("r-1", REPORT);
        Path kept = Files.writeString(folder.resolve("kept.json"), REPORT);
        for (String report : List.of("r-1", kept.toString())) {
            JsonNode json = json(tandem.run("advise", "--documents", "9000", "--report", report, "--json"));
            assertThat(json.path("recommendation").asText()).isEqualTo("tuned");
            assertThat(json.path("basis").asText()).isEqualTo("measured");
            assertThat(json.path("reasons").path(0).path("figure").asText()).isEqualTo("accuracy");
            assertThat(json.path("not_measured").toString()).contains("hybrid: No adapter fits; tandem train x");
        }
        JsonNode cited = json(tandem.run("advise", "--needs", "citations", "--report", "r-1", "--json"));
        assertThat(cited.path("recommendation").asText()).isEqualTo("rag");
        assertThat(cited.path("basis").asText()).isEqualTo("mixed");
        assertThat(tandem.run("advise", "--report", "r-1").lines())
                .allMatch(line -> line.codePointCount(0, line.length()) <= 100)
                .anyMatch(line -> line.startsWith("tuned  "));
    }

    @Test
    void pricesCanBeShownEditedAndUsed() throws Exception {
        Outcome shown = tandem.run("advise", "--show-prices");
        assertThat(shown.out()).contains("rag.query\t0.002\t0.01\tUSD a query\tstart\tS0:126\t2026");
        assertThat(shown.err()).isEmpty();
        Path mine = folder.resolve("prices.tsv");
        Files.writeString(mine, shown.out().replace("rag.setup.start\t50\t500", "rag.setup.start\t70\t700"));
        assertThat(tandem.run("advise", "--prices", mine.toString()).out()).contains("$70–700");
        Files.writeString(mine, shown.out().replaceFirst("(?m)^rag.query\t.*\n", ""));
        refused(
                tandem.run("advise", "--prices", mine.toString()),
                2,
                "prices.tsv lacks the price rag.query",
                "Add its line");
        refused(
                tandem.run("advise", "--tokens", "2000"),
                2,
                "built-in prices file lacks the price token.price",
                "--prices");
        refused(tandem.run("advise", "--prices", "nowhere.tsv"), 4, "nowhere.tsv", "--show-prices");
    }

    @Test
    void whatIsWrongIsSaidInOneLineWithTheNextStep() throws Exception {
        refused(
                tandem.run("advise", "--needs", "citatons"),
                2,
                "There is no need 'citatons'",
                "Did you mean citations?");
        refused(tandem.run("advise", "--needs", "citations,,tone"), 2, "''", "Choose from");
        refused(tandem.run("advise", "--changes", "dayly"), 2, "'dayly'", "Did you mean daily?");
        refused(tandem.run("advise", "--task", "clasify"), 2, "'clasify'", "Did you mean classify?");
        refused(tandem.run("advise", "--tier", "huge"), 2, "'huge'", "start, business, enterprise");
        refused(tandem.run("advise", "--examples", "-1"), 2, "-1 is no value for the examples", "from 0");
        refused(tandem.run("advise", "--volume", "0"), 2, "0 is no value for the volume", "from 1");
        refused(tandem.run("advise", "--volume", "many"), 2, "--volume", "tandem advise --help");
        refused(tandem.run("advise", "--budget", "-5"), 2, "-5 is no value for the budget", "not negative");
        refused(tandem.run("advise", "--bar", "NaN"), 2, "no value for the bar", "0.85");
        refused(tandem.run("advise", "--prompt-score", "0.9"), 2, "bar", "--bar");
        refused(tandem.run("advise", "--wage", "30"), 2, "together", "--hours-saved");
        refused(tandem.run("advise", "--months", "0"), 2, "0 is no value for the months", "from 1");
        refused(
                tandem.run("advise", "--needs", "citations,local-only", "--no-index-on-device"),
                2,
                "leave no arm",
                "Give up");
        refused(tandem.run("advise", "--report", "r-9"), 4, "r-9", "finished comparison");
        refused(tandem.run("advise", "--report", "../../etc/passwd-"), 4, "passwd-", "");
        comparison("r-2", null);
        refused(tandem.run("advise", "--report", "r-2"), 2, "not finished", "goes on where it was");
        comparison("r-3", REPORT);
        refused(tandem.run("advise", "--report", "r-3", "--as", "user:somebody-else"), 4, "no run", "of yours");
        refused(
                report(REPORT.replace("\"rag\",\"status\"", "\"ragg\",\"status\"")),
                2,
                "unknown arm 'ragg'",
                "Did you mean rag?");
        refused(report("not json"), 2, "not one JSON object", "as it was printed");
        refused(report(REPORT.replace("\"measured\"", "\"not run\"")), 2, "measured no arm", "--report");
        refused(
                tandem.run("advise", "--task", "answer", "--report", "r-3"),
                2,
                "measured the task classify, and advice is asked for the task answer",
                "Leave --task out");
        Path nowhere = folder.resolve("nowhere/cost.svg");
        Outcome chart = tandem.run("advise", "--chart", nowhere.toString());
        assertThat(chart.exitCode()).isEqualTo(2);
        assertThat(chart.err()).contains("cannot be written", "Name a file");
    }

    /** A comparison of the system user's, finished where it has a report. */
    private void comparison(String id, @Nullable String report) {
        Principal owner = Scope.systemUser();
        try (HomeLock lock = Home.at(home).lock();
                CatalogWriter writer = CatalogWriter.open(lock, owner.tenant())) {
            writer.comparisons().open(owner.user(), id, "{}", Set.of());
            if (report != null) {
                writer.comparisons().finish(owner.user(), id, report);
            }
        }
    }

    private Outcome report(String text) throws Exception {
        return tandem.run(
                "advise",
                "--report",
                Files.writeString(folder.resolve("report.json"), text).toString());
    }

    private static String[] mixed() {
        return "advise --volume 100000 --changes weekly --needs citations,permissions,local-only,format --latency-ms 300 --examples 800"
                .split(" ", -1);
    }

    private static String[] with(String[] command, String option) {
        var longer = java.util.Arrays.copyOf(command, command.length + 1);
        longer[command.length] = option;
        return longer;
    }

    private static JsonNode json(Outcome outcome) throws Exception {
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.lines()).hasSize(1);
        return new ObjectMapper().readTree(outcome.out());
    }

    private static Document xml(String text) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(text)));
    }

    private static void refused(Outcome outcome, int exitCode, String what, String next) {
        assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(exitCode);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines().toList()).as(outcome.err()).hasSize(2);
        assertThat(outcome.err().lines().toList().get(0)).startsWith("tandem: ").contains(what);
        assertThat(outcome.err().lines().toList().get(1)).startsWith("Next: ").contains(next);
    }
}
