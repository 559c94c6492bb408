package dev.tandem.app.cli;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Filter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that narrow what is searched. */
final class Filters {

    @Option(
            names = "--where",
            paramLabel = "KEY=VALUE",
            description = "only documents whose metadata say so; also source=, title=, path=, document=")
    Map<String, String> where = new LinkedHashMap<>();

    @Option(names = "--since", paramLabel = "DATE", description = "only documents modified on or after this day")
    @Nullable
    String since;

    @Option(names = "--until", paramLabel = "DATE", description = "only documents modified on or before this day")
    @Nullable
    String until;

    Filter filter() {
        List<Filter> all = new ArrayList<>();
        where.forEach((key, value) -> all.add(new Filter.Equals(key.toLowerCase(Locale.ROOT), value)));
        if (since != null || until != null) {
            all.add(new Filter.Modified(
                    since == null ? null : startOf(day(since)),
                    until == null ? null : startOf(day(until).plusDays(1))));
        }
        return switch (all.size()) {
            case 0 -> Filter.everything();
            case 1 -> all.getFirst();
            default -> new Filter.All(all);
        };
    }

    /** In words, for an explanation; empty where nothing is asked. */
    String words() {
        var parts = new ArrayList<String>();
        where.forEach((key, value) -> parts.add(key + "=" + value));
        if (since != null) {
            parts.add("modified since " + since);
        }
        if (until != null) {
            parts.add("modified until " + until);
        }
        return String.join(", ", parts);
    }

    private static Instant startOf(LocalDate day) {
        return day.atStartOfDay(ZoneId.systemDefault()).toInstant();
    }

    private static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "'" + Text.line(text, 40) + "' is not a day.",
                    "Write days like 2026-01-31.",
                    e);
        }
    }
}
