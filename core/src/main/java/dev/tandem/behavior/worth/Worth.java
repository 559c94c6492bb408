package dev.tandem.behavior.worth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.domain.Failure;
import dev.tandem.measure.Interval;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Losses held against their budgets, as they stand in an adapter's figures, and the gate before an alias that rests on them. */
public final class Worth {

    /** Where it stands in an adapter's figures. */
    public static final String FIELD = "worth";

    /** What was measured since it was registered. */
    public static final String AGAIN = "revalidated";

    private static final String WHY = "exceeded";

    private Worth() {}

    /** What is more than its budget, each in a sentence's part. */
    public static List<String> exceeded(List<Loss> losses, Budgets budgets) {
        var exceeded = new ArrayList<String>();
        for (Loss loss : losses) {
            Double most = budgets.most().get(loss.budget());
            if (most != null && loss.exceeds(most)) {
                exceeded.add(loss.words(most));
            }
        }
        return List.copyOf(exceeded);
    }

    /** {@code {"losses":[{"budget","of","by":{"value","low","high"}}],"budgets":{…},"exceeded":["…"]}}. */
    public static ObjectNode json(List<Loss> losses, Budgets budgets) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        var all = json.putArray("losses");
        losses.forEach(loss -> all.addObject()
                .put("budget", loss.budget())
                .put("of", loss.of())
                .set("by", json(loss.by())));
        ObjectNode most = json.putObject("budgets");
        budgets.most().forEach(most::put);
        var why = json.putArray(WHY);
        exceeded(losses, budgets).forEach(why::add);
        return json;
    }

    /** {@code {"value","low","high"}}, to four digits. */
    public static ObjectNode json(Interval interval) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("value", rounded(interval.value()));
        json.put("low", rounded(interval.low()));
        json.put("high", rounded(interval.high()));
        return json;
    }

    /** An interval as {@link #json(Interval)} wrote it. */
    public static Interval interval(JsonNode figure) {
        return new Interval(
                figure.path("value").asDouble(),
                figure.path("low").asDouble(),
                figure.path("high").asDouble());
    }

    private static double rounded(double value) {
        return BigDecimal.valueOf(value).setScale(4, RoundingMode.HALF_EVEN).doubleValue();
    }

    /** Why no alias is pointed at it; empty where nothing is in the way. */
    public static List<String> against(AdapterEntry adapter) {
        var against = new ArrayList<String>();
        JsonNode figures = figures(adapter);
        figures.path(FIELD).path(WHY).forEach(each -> against.add(each.asText()));
        figures.path(AGAIN).path(WHY).forEach(each -> against.add(each.asText()));
        JsonNode over = figures.path("over_frozen");
        if (!figures.has(FIELD) && over.path("high").asDouble() < 0) {
            // Registered before budgets were.
            against.add(String.format(
                    Locale.ROOT,
                    "accuracy: worse than the head on the frozen encoder by %.1f points (%.1f to %.1f)",
                    -100 * over.path("value").asDouble(),
                    -100 * over.path("high").asDouble(),
                    -100 * over.path("low").asDouble()));
        }
        return List.copyOf(against);
    }

    /**
     * To be asked before an alias is pointed at an adapter.
     *
     * @throws Failure CONFLICT where it was measured to be worse than its budgets allow, and not by chance
     */
    public static void require(AdapterEntry adapter) {
        List<String> against = against(adapter);
        if (!against.isEmpty()) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "The adapter " + adapter.reference() + " is worse than its budgets allow: "
                            + String.join("; ", against) + ".",
                    "Serve the head on the frozen encoder, tandem train classifier --data " + adapter.dataset()
                            + " --promote, or give the reason to promote it all the same: tandem adapters promote "
                            + adapter.reference() + " --force \"REASON\".");
        }
    }

    /** The adapter's figures. */
    public static JsonNode figures(AdapterEntry adapter) {
        try {
            return new ObjectMapper().readTree(adapter.figures());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the catalog holds JSON", e);
        }
    }
}
