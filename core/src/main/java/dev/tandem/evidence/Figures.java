package dev.tandem.evidence;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.measure.Interval;
import dev.tandem.measure.Percentiles;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Figures as JSON, rounded to what their intervals can bear. */
public final class Figures {

    private static final int QUALITY_DIGITS = 4;
    private static final int MILLIS_DIGITS = 2;

    private Figures() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static ObjectNode json(Interval interval) {
        ObjectNode node = object();
        node.put("value", rounded(interval.value(), QUALITY_DIGITS));
        node.put("low", rounded(interval.low(), QUALITY_DIGITS));
        node.put("high", rounded(interval.high(), QUALITY_DIGITS));
        return node;
    }

    public static ObjectNode json(Percentiles millis) {
        ObjectNode node = object();
        node.put("p50", rounded(millis.p50(), MILLIS_DIGITS));
        node.put("p95", rounded(millis.p95(), MILLIS_DIGITS));
        node.put("p99", rounded(millis.p99(), MILLIS_DIGITS));
        return node;
    }

    public static double share(double value) {
        return rounded(value, QUALITY_DIGITS);
    }

    public static double rounded(double value, int digits) {
        return BigDecimal.valueOf(value)
                .setScale(digits, RoundingMode.HALF_EVEN)
                .doubleValue();
    }
}
