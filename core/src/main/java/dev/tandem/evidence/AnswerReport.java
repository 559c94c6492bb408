package dev.tandem.evidence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.measure.Interval;
import org.jspecify.annotations.Nullable;

/**
 * How well questions were answered.
 *
 * @param exactMatch over all cases, abstaining being right where nothing answers the question
 * @param tokenF1 likewise
 * @param answered cases with a grounded answer
 * @param abstention null where the suite has no unanswerable case
 */
public record AnswerReport(
        int cases,
        Interval exactMatch,
        Interval tokenF1,
        int answered,
        @Nullable Abstention abstention,
        Cited citations) {

    /**
     * Abstaining as a classifier of unanswerable questions.
     *
     * @param precision of the cases abstained from, how many cannot be answered
     * @param recall of the cases that cannot be answered, how many were abstained from
     */
    public record Abstention(double precision, double recall) {
        /** Harmonic mean of the two. */
        public double f1() {
            return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
        }
    }

    /**
     * What the citations are worth.
     *
     * @param verbatim share of all citations whose quote stands in that version at that span, word for word; 1 where
     *     nothing was cited
     * @param overlapsGold share of the answerable cases that were answered in which a citation touches a right answer
     *     where it stands in a document that holds it; 0 where there is no such case
     */
    public record Cited(double verbatim, double overlapsGold, Supported supported) {}

    /**
     * How far statements stand in the quotes that they name, by words alone, which is no entailment; see
     * {@link dev.tandem.measure.QuoteSupport}. All are 1 where no statement names a quote.
     *
     * @param aligned mean share of a statement's words
     * @param numbers share of the statements whose numbers all stand in the quote
     * @param negation share of the statements that deny where the quote denies, and only there
     */
    public record Supported(double aligned, double numbers, double negation) {}

    /** One line: {@code {"cases","exact_match":{…},"token_f1":{…},"answered","abstention":{…},"citations":{…}}}. */
    public String toJson() {
        ObjectNode json = Figures.object();
        json.put("cases", cases);
        json.set("exact_match", Figures.json(exactMatch));
        json.set("token_f1", Figures.json(tokenF1));
        json.put("answered", answered);
        if (abstention == null) {
            json.putNull("abstention");
        } else {
            ObjectNode shares = json.putObject("abstention");
            shares.put("precision", Figures.share(abstention.precision()));
            shares.put("recall", Figures.share(abstention.recall()));
            shares.put("f1", Figures.share(abstention.f1()));
        }
        ObjectNode cited = json.putObject("citations");
        cited.put("verbatim", Figures.share(citations.verbatim()));
        cited.put("overlaps_gold", Figures.share(citations.overlapsGold()));
        ObjectNode supported = cited.putObject("supported");
        supported.put("aligned", Figures.share(citations.supported().aligned()));
        supported.put("numbers", Figures.share(citations.supported().numbers()));
        supported.put("negation", Figures.share(citations.supported().negation()));
        return json.toString();
    }
}
