package dev.tandem.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.app.Wiring;
import dev.tandem.catalog.Comparisons;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Printable;
import dev.tandem.evidence.advice.Measurements;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The report of a comparison of the asker's own, by its id, or of any file that holds one. */
final class StoredReports implements RunReports {

    /** Names a run and no path. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private final Path home;
    private final Map<String, String> environment;
    private final Principal asker;

    StoredReports(Path home, Map<String, String> environment, Principal asker) {
        this.home = home;
        this.environment = environment;
        this.asker = asker;
    }

    @Override
    public Measurements of(String run) {
        if (ID.matcher(run).matches()) {
            Optional<Comparisons.Entry> kept = kept(run);
            if (kept.isPresent()) {
                return finished(run, kept.get().report());
            }
        }
        Path file = Path.of(run);
        if (Files.isRegularFile(file)) {
            return Measurements.read(file);
        }
        throw new Failure(
                Failure.Kind.MISSING,
                "There is no run and no report file " + Printable.of(run) + ".",
                "Give the id of a finished comparison of yours, or a file with the JSON object that it printed.");
    }

    private Optional<Comparisons.Entry> kept(String run) {
        try (Wiring wiring = Wiring.of(home, environment)) {
            return wiring.catalog(asker).comparisons().find(asker, run);
        }
    }

    private static Measurements finished(String run, @org.jspecify.annotations.Nullable String report) {
        if (report == null) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The run " + run + " is not finished: it has no report yet.",
                    "Start the same tandem compare again, which goes on where it was; then ask for advice.");
        }
        try {
            return Measurements.read(new ObjectMapper().readTree(report));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the catalog holds JSON", e);
        }
    }
}
