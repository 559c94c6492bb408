package dev.tandem.knowledge.extract;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Dates as documents write them. */
final class Dates {

    private static final List<Function<String, Instant>> FORMS = List.of(
            text -> OffsetDateTime.parse(text).toInstant(),
            text -> LocalDateTime.parse(text).toInstant(ZoneOffset.UTC),
            text -> LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC),
            text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant(),
            text -> OffsetDateTime.parse(text, DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss[ ]XX"))
                    .toInstant());

    private Dates() {}

    /** ISO 8601 with or without time and offset (UTC where there is none), or as mail and HTTP write it; else null. */
    static @Nullable Instant parse(@Nullable String text) {
        if (text == null || text.length() > 40) {
            return null;
        }
        String date = text.strip();
        if (date.length() > 10 && date.charAt(10) == ' ' && date.indexOf(' ', 11) < 0) {
            date = date.substring(0, 10) + "T" + date.substring(11);
        }
        for (var form : FORMS) {
            try {
                return form.apply(date);
            } catch (DateTimeException anotherForm) {
                // The next form may fit; when none does, the document tells no date.
            }
        }
        return null;
    }
}
