package dev.tandem.evidence.advice;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Optional;

/**
 * The recommendation and what it rests on.
 *
 * @param basis whether figures were measured on the user's own cases
 * @param reasons heaviest first
 * @param wouldChange what would lead to another recommendation, each tried out
 * @param notMeasured what nobody knows yet, and why
 */
public record Advice(
        Arm recommendation,
        Basis basis,
        List<Reason> reasons,
        List<String> wouldChange,
        List<String> notMeasured,
        Cost cost) {

    /** What the recommendation rests on. */
    public enum Basis {
        /** Published rules and the user's constraints. */
        PRIOR,
        /** Figures measured on the user's own cases, and nothing else. */
        MEASURED,
        /** Both: a hard constraint, a published rule or a published price beside what was measured. */
        MIXED;

        @Override
        public String toString() {
            return Words.of(this);
        }
    }

    public Advice {
        reasons = List.copyOf(reasons);
        wouldChange = List.copyOf(wouldChange);
        notMeasured = List.copyOf(notMeasured);
    }

    /** What retrieval and tuning cost over the months, and where they break even, as an SVG image. */
    public String chart() {
        return CostChart.of(cost, recommendation);
    }

    /**
     * One line: {@code {"recommendation","basis","reasons":[{"rule"|"figure","kind","text","source"}],"would_change":[…],
     * "not_measured":[…],"cost":{…}}}.
     */
    public String toJson() {
        ObjectNode json = object();
        json.put("recommendation", recommendation.toString());
        json.put("basis", basis.toString());
        ArrayNode why = json.putArray("reasons");
        for (Reason reason : reasons) {
            ObjectNode each = why.addObject();
            each.put(reason.isRule() ? "rule" : "figure", reason.name());
            each.put("kind", reason.kind().toString());
            each.put("text", reason.text());
            each.put("source", reason.source());
        }
        wouldChange.forEach(json.putArray("would_change")::add);
        notMeasured.forEach(json.putArray("not_measured")::add);
        json.set("cost", json(cost));
        return json.toString();
    }

    private static ObjectNode json(Cost cost) {
        ObjectNode json = object();
        json.put("currency", "USD");
        json.put("tier", cost.tier().toString());
        json.put("volume_a_month", cost.volume());
        json.put("volume_given", cost.volumeGiven());
        ArrayNode arms = json.putArray("arms");
        for (Arm arm : Arm.values()) {
            ArmCost of = cost.of(arm);
            ObjectNode each = arms.addObject();
            each.put("arm", arm.toString());
            each.set("setup", json(of.setup()));
            each.set("monthly", json(of.monthly()));
            each.set("per_query", json(of.perQuery()));
            each.put("per_query_measured", of.measured());
            if (of.paidNothing()) {
                each.put("measured_usd_a_query", 0);
            }
            each.set("total_12_months", json(cost.total(arm, 12)));
            each.set("total_36_months", json(cost.total(arm, 36)));
            each.put("time", cost.time().get(arm));
            Range cases = cost.workSaved().get(arm);
            if (cases != null) {
                each.set("cases_until_work_saved_pays", json(cases));
            }
            each.put("source", of.source());
        }
        ArrayNode paybacks = json.putArray("break_even");
        for (Cost.Comparison comparison : cost.paybacks()) {
            ObjectNode each = paybacks.addObject();
            each.put("arm", comparison.arm().toString());
            each.put("against", comparison.against().toString());
            each.set("best", json(comparison.best()));
            each.set("worst", json(comparison.worst()));
        }
        cost.assumptions().forEach(json.putArray("assumptions")::add);
        return json;
    }

    private static ObjectNode json(Payback payback) {
        ObjectNode json = object();
        put(json, "extra_setup", payback.extra());
        put(json, "gap_a_query", payback.gap());
        put(json, "gap_a_month", payback.fixed());
        put(json, "total_queries", payback.queries());
        put(json, "payback_months", payback.months());
        put(json, "monthly_volume_for_12_months", Optional.of(payback.volumeFor12()));
        put(json, "monthly_volume_for_36_months", Optional.of(payback.volumeFor36()));
        return json;
    }

    /** A number, a word where it is none, null where it is unknown. */
    private static void put(ObjectNode json, String field, Optional<BreakEven> value) {
        if (value.isEmpty()) {
            json.putNull(field);
            return;
        }
        switch (value.orElseThrow()) {
            case BreakEven.After(BigDecimal amount) -> put(json, field, amount);
            case BreakEven.AtOnce() -> json.put(field, 0);
            case BreakEven.Until until -> json.put(field, until.words());
            case BreakEven.Never never -> json.put(field, never.words());
        }
    }

    private static ObjectNode json(Range range) {
        ObjectNode json = object();
        put(json, "low", range.low());
        put(json, "high", range.high());
        if (range.open()) {
            json.put("or_more", true);
        }
        return json;
    }

    private static void put(ObjectNode json, String field, BigDecimal value) {
        json.put(field, value.round(MathContext.DECIMAL32).doubleValue());
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
