package dev.tandem.app.cli;

import dev.tandem.catalog.Storage;
import dev.tandem.domain.Failure;
import dev.tandem.evidence.compare.ComparisonReport;
import dev.tandem.evidence.compare.ComparisonReportHtml;
import dev.tandem.evidence.compare.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a comparison of arms goes: a table, or one object with {@code --json}, and a page with {@code --html}. */
final class ComparisonOutput {

    @Option(names = "--json", description = "the report as one JSON object, last line of the output")
    boolean json;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "also write the report as one page: charts, and each case with what the arms looked at")
    @Nullable
    Path html;

    /** Refuses a place that could not be written, before anything is measured. */
    void check() {
        if (html == null) {
            return;
        }
        Path folder = html.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(html)) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The report cannot be written to "
                            + Text.path(html.toAbsolutePath().toString()) + ".",
                    "Name a file in a folder that is there, for example --html report.html.");
        }
    }

    void write(Terminal terminal, ComparisonReport report) {
        if (html != null) {
            page(html.toAbsolutePath(), report);
            terminal.err.println("Report: " + Text.path(html.toAbsolutePath().toString()));
        }
        terminal.out.println(json ? report.toJson() : ComparisonView.of(terminal, report));
    }

    /** Whole or not at all: a reader never sees half a page. */
    private static void page(Path file, ComparisonReport report) {
        try {
            Path beside = Files.createTempFile(file.getParent(), ".report", ".html");
            try {
                Files.writeString(beside, ComparisonReportHtml.of(report));
                Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(beside);
            }
        } catch (IOException e) {
            throw Storage.failure(e, file);
        }
    }

    static Consumer<Progress> progress(ProgressLine line) {
        return at -> line.show(
                at.share(),
                at.arm() + ", " + Text.number(at.done()) + " of " + Text.number(at.total()) + ", "
                        + ProgressLine.words(at.left()) + " left");
    }
}
