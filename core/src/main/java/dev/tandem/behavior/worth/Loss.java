package dev.tandem.behavior.worth;

import dev.tandem.measure.Interval;
import java.util.Locale;

/**
 * How much worse an adapter is in something than what it began from.
 *
 * @param budget name of the budget that it counts against
 * @param of what exactly, in a few words: {@code accuracy on texts with typos}
 * @param by share of one; above zero is worse
 */
public record Loss(String budget, String of, Interval by) {

    /** Whether it is surely more than so much. */
    boolean exceeds(double most) {
        return by.low() > most;
    }

    String words(double most) {
        return String.format(
                Locale.ROOT,
                "%s: worse by %.1f points (%.1f to %.1f), of which %s=%s allows %.1f",
                of,
                100 * by.value(),
                100 * by.low(),
                100 * by.high(),
                budget,
                most,
                100 * most);
    }
}
