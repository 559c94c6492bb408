package dev.tandem.evidence.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Renders simulated comparisons into a folder, to be looked at: labels, answers, and labels that leaked. */
final class ComparisonDemo {

    private ComparisonDemo() {}

    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        write(folder, "labels", SimulatedComparison.labels(77, 40), false);
        write(folder, "small", SimulatedComparison.labels(6, 12), true);
        write(folder, "answers", SimulatedComparison.questions(120), false);
    }

    private static void write(Path folder, String name, Suite suite, boolean leaked) throws IOException {
        Setup setup = Setup.of(SimulatedComparison.ANA, "default");
        if (leaked) {
            List<String> seen = suite.cases().stream().map(Case::input).limit(3).toList();
            setup = setup.trainedOn(
                    new Setup.Train("tickets", "0".repeat(64)), Leakage.of(suite, seen, true), Set.of());
        }
        ComparisonReport report = new Comparison(
                        setup,
                        suite,
                        SimulatedComparison.contenders(suite),
                        Journal.inMemory(),
                        SimulatedComparison.everything())
                .run(progress -> {});
        long start = System.nanoTime();
        String html = ComparisonReportHtml.of(report);
        Files.writeString(folder.resolve(name + ".html"), html);
        Files.writeString(folder.resolve(name + ".json"), report.toJson() + "\n");
        System.out.printf(
                "%s: %,d cases in %.2f s, %,d kB of HTML in %.2f s%n",
                name, suite.cases().size(), report.seconds(), html.length() / 1000, (System.nanoTime() - start) / 1e9);
    }
}
