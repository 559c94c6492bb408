package dev.tandem.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.domain.Failure;
import dev.tandem.evidence.compare.Case;
import dev.tandem.evidence.compare.ComparisonReport;
import dev.tandem.evidence.compare.ComparisonReport.Group;
import dev.tandem.evidence.compare.ComparisonReport.Measured;
import dev.tandem.evidence.compare.ComparisonReport.NotRun;
import dev.tandem.evidence.compare.Leakage;
import dev.tandem.evidence.compare.Outcome;
import dev.tandem.evidence.compare.Suite;
import dev.tandem.evidence.compare.Task;
import dev.tandem.measure.Interval;
import dev.tandem.measure.PairedComparison;
import dev.tandem.measure.Percentiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonViewTest {

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void theTableFitsEightyColumnsAndAHundred() {
        for (int width : new int[] {80, 100}) {
            String text = plain(ComparisonView.of(terminal(width), report(List.of("c1", "c2"))));
            System.out.println(text + "\n");
            assertThat(text.lines())
                    .allSatisfy(line -> assertThat(line.codePointCount(0, line.length()))
                            .as(line)
                            .isLessThanOrEqualTo(width));
            assertThat(text.lines().skip(2).findFirst().orElseThrow()).isEmpty();
            assertThat(text)
                    .contains("LEAKED: 2 of 90 cases stand among the training examples.")
                    .contains("baseline 70.2 (68.6–71.9)    69.0 (67.1–70.8)       3.21    12.8         0    17")
                    .contains("hybrid   not run: no head was trained")
                    .contains("tandem train tickets --hybrid")
                    .contains("rag is better than baseline by 15.5 points (13.7 to 17.3)")
                    .contains("tuned and rag: not significant, 0.3 points (-0.4 to 1.0)");
        }
        assertThat(ComparisonView.of(terminal(100), report(List.of()))).doesNotContain("LEAKED");
    }

    @Test
    void whatStandsInASuiteCannotMoveTheCursor() {
        assertThat(plain(ComparisonView.of(terminal(80), report(List.of()))))
                .doesNotContain("\u0007")
                .contains("�");
    }

    @Test
    void theReportIsWrittenAsATableOrAnObjectAndAPageBeside() throws Exception {
        var output = new ComparisonOutput();
        output.html = folder.resolve("report.html");
        output.check();
        output.write(terminal(100), report(List.of()));
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("baseline").doesNotContain("{\"run\"");
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("report.html");
        assertThat(Files.readString(output.html)).startsWith("<!doctype html>").endsWith("</html>\n");
        try (var all = Files.list(folder)) {
            assertThat(all).containsExactly(output.html);
        }

        out.reset();
        output.json = true;
        output.write(terminal(100), report(List.of()));
        String[] lines = out.toString(StandardCharsets.UTF_8).strip().split("\n", -1);
        assertThat(lines).hasSize(1);
        assertThat(new ObjectMapper().readTree(lines[0]).at("/run").asText()).isEqualTo("abcdef012345");
    }

    @Test
    void aPlaceThatCannotBeWrittenIsRefusedBeforeAnythingIsMeasured() {
        var output = new ComparisonOutput();
        output.html = folder.resolve("nowhere/report.html");
        assertThatThrownBy(output::check).isInstanceOf(Failure.class).hasMessageContaining("nowhere/report.html");
        output.html = folder;
        assertThatThrownBy(output::check).isInstanceOf(Failure.class);
    }

    private Terminal terminal(int width) {
        return Terminal.colourful(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                width);
    }

    private static String plain(String coloured) {
        return coloured.replaceAll("\u001b\\[[0-9;]*m", "");
    }

    private static ComparisonReport report(List<String> leaked) {
        var cases = new ArrayList<Case>();
        for (int i = 0; i < 90; i++) {
            cases.add(new Case("c" + i, "text " + i, List.of("class " + i % 9), List.of()));
        }
        var classes = new ArrayList<Group>();
        for (int i = 0; i < 9; i++) {
            classes.add(new Group(
                    i == 0 ? "a\u0007class whose name is much too long for a table" : "class " + i,
                    10,
                    scores(0.1 * i, 0.9, 1)));
        }
        return new ComparisonReport(
                "abcdef012345",
                Suite.of(
                        "banking\u001b[31m and so on, a very long name that would not fit on a line with the rest",
                        Task.CLASSIFY,
                        cases),
                null,
                new Leakage(leaked, true),
                List.of(
                        arm("baseline", 0.702, 3.214, 12.81, 0, cases),
                        arm("rag", 1, 1210, 98_123.4, 0.001234, cases),
                        arm("tuned", 0.915, 0.01, 0.02, 12.5, cases),
                        new NotRun(
                                "hybrid",
                                "no head was trained on what retrieval finds, and so there is nothing that could blend the"
                                        + " two",
                                "tandem train tickets --hybrid")),
                List.of(
                        new PairedComparison("rag", "baseline", new Interval(0.155, 0.137, 0.173), 0.001, 0.003),
                        new PairedComparison("tuned", "rag", new Interval(0.003, -0.004, 0.01), 0.4, 0.4)),
                classes,
                List.of(new Group("short", 45, scores(0.5, 0.6, 0.7))),
                1.25);
    }

    private static Measured arm(String name, double value, double p50, double p95, double cost, List<Case> cases) {
        SequencedMap<String, Interval> figures = new LinkedHashMap<>();
        figures.put("accuracy", new Interval(value, value - 0.016, Math.min(1, value + 0.017)));
        figures.put("macro_f1", new Interval(value - 0.012, value - 0.031, value + 0.006));
        return new Measured(
                name,
                figures,
                0.05,
                new Percentiles(p50, p95, p95),
                cost,
                17,
                cases.stream()
                        .map(each -> new Outcome(each.id(), "x", "labelled", 0, 0, 0.5, 1, 0, List.of()))
                        .toList());
    }

    private static SequencedMap<String, Double> scores(double... all) {
        SequencedMap<String, Double> scores = new LinkedHashMap<>();
        scores.put("baseline", all[0]);
        scores.put("rag", all[1]);
        scores.put("tuned", all[2]);
        return scores;
    }
}
