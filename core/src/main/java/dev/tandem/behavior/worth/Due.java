package dev.tandem.behavior.worth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.catalog.AdapterEntry;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Until when an adapter's figures are taken for what it does: what it learned from does not change, and the world does. */
public final class Due {

    /** Days that they are good for, where nothing else is said. */
    public static final int DAYS = 90;

    /** Where the date stands in an adapter's figures. */
    public static final String FIELD = "due";

    private Due() {}

    /** The day, of UTC; from before it was kept, that many days after training. */
    public static LocalDate of(AdapterEntry adapter) {
        JsonNode kept = Worth.figures(adapter).path(FIELD);
        return kept.isTextual()
                ? LocalDate.parse(kept.asText())
                : adapter.at().atZone(ZoneOffset.UTC).toLocalDate().plusDays(DAYS);
    }

    /** Whether that day is over. */
    public static boolean isOver(AdapterEntry adapter, LocalDate today) {
        return !adapter.failed() && of(adapter).isBefore(today);
    }

    public static LocalDate in(int days) {
        return today().plusDays(days);
    }

    /** Of UTC. */
    public static LocalDate today() {
        return LocalDate.now(ZoneOffset.UTC);
    }
}
