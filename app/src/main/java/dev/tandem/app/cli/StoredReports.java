package dev.tandem.app.cli;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import dev.tandem.evidence.advice.Measurements;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The report of a run from {@code runs/<id>/report.json} of a home, or from any file that holds one. */
final class StoredReports implements RunReports {

    /** Names a run and no path. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private final Path home;

    StoredReports(Path home) {
        this.home = home;
    }

    @Override
    public Measurements of(String run) {
        if (ID.matcher(run).matches()) {
            Path folder = home.resolve("runs").resolve(run);
            Path kept = folder.resolve("report.json");
            if (Files.isRegularFile(kept)) {
                return Measurements.read(kept);
            }
            if (Files.isDirectory(folder)) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "The run " + run + " is not finished: it has no report yet.",
                        "Let it come to its end, then ask for advice again.");
            }
        }
        Path file = Path.of(run);
        if (Files.isRegularFile(file)) {
            return Measurements.read(file);
        }
        throw new Failure(
                Failure.Kind.MISSING,
                "There is no run and no report file " + Printable.of(run) + ".",
                "Give the id of a finished comparison in this home, or a file with the JSON object that it printed.");
    }
}
