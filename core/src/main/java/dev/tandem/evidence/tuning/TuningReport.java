package dev.tandem.evidence.tuning;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.domain.RetrievalSettings;
import dev.tandem.measure.Interval;
import java.util.List;

/**
 * What was tried and what came of it. Figures are {@code reach}: the share of the quoted words among the first 220, 440, 880 and
 * 1,760 tokens retrieved, averaged; or nDCG@10 over documents where no words are quoted.
 *
 * @param documents that were searched
 * @param dev questions that settings were chosen by
 * @param report questions that they were measured on afterwards
 * @param lost questions whose quote or document was not found
 * @param cuts ways of cutting, each with its figure on dev
 * @param weights what words weigh, each with its figure on dev
 * @param passages how many chunks are retrieved, each with what they hold of what answers, on dev
 * @param reranked without a reranker and with it, on dev; empty where none was given
 * @param current as the collection is searched now, and its figure on report
 * @param best the settings chosen on dev, and their figure on report
 * @param difference best less current on report, paired
 */
public record TuningReport(
        int documents,
        int dev,
        int report,
        List<String> lost,
        List<Cut> cuts,
        List<Weight> weights,
        List<Passages> passages,
        List<Reranked> reranked,
        Measured current,
        Measured best,
        Interval difference) {

    /**
     * One way of cutting.
     *
     * @param chunks strategy and target: {@code structure:220}
     * @param count of chunks
     * @param parted share of quoted spans that no chunk holds whole; NaN where nothing is quoted
     * @param cutting seconds
     * @param embedding seconds, indexing included
     */
    public record Cut(String chunks, int count, double parted, double reach, double cutting, double embedding) {}

    public record Weight(double words, double reach) {}

    public record Passages(int count, double held) {}

    /**
     * The order of a cross-encoder.
     *
     * @param reranker its name; empty for none
     * @param millis of a search, the median
     */
    public record Reranked(String reranker, double reach, double millis) {}

    public record Measured(RetrievalSettings settings, Interval reach, double millis) {}

    public TuningReport {
        lost = List.copyOf(lost);
        cuts = List.copyOf(cuts);
        weights = List.copyOf(weights);
        passages = List.copyOf(passages);
        reranked = List.copyOf(reranked);
    }

    /** Whether what was chosen is better on questions that it was not chosen by, and not by chance. */
    public boolean isBetter() {
        return difference.low() > 0;
    }

    /** One line. */
    public String toJson() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("documents", documents).put("dev", dev).put("report", report);
        var gone = json.putArray("lost");
        lost.forEach(gone::add);
        var tried = json.putArray("cuts");
        for (Cut cut : cuts) {
            ObjectNode each = tried.addObject().put("chunks", cut.chunks()).put("count", cut.count());
            if (Double.isNaN(cut.parted())) {
                each.putNull("parted");
            } else {
                each.put("parted", cut.parted());
            }
            each.put("reach", cut.reach())
                    .put("cutting_seconds", cut.cutting())
                    .put("embedding_seconds", cut.embedding());
        }
        var weighed = json.putArray("weights");
        weights.forEach(
                each -> weighed.addObject().put("lexical_weight", each.words()).put("reach", each.reach()));
        var counted = json.putArray("passages");
        passages.forEach(
                each -> counted.addObject().put("passages", each.count()).put("held", each.held()));
        var ordered = json.putArray("rerankers");
        reranked.forEach(each -> ordered.addObject()
                .put("reranker", each.reranker())
                .put("reach", each.reach())
                .put("p50_ms", each.millis()));
        put(json.putObject("current"), current);
        put(json.putObject("best"), best);
        put(json.putObject("difference"), difference);
        json.put("better", isBetter());
        return json.toString();
    }

    private static void put(ObjectNode json, Measured measured) {
        json.put("chunks", measured.settings().chunks())
                .put("lexical_weight", measured.settings().lexicalWeight())
                .put("passages", measured.settings().passages())
                .put("reranker", measured.settings().reranker());
        put(json.putObject("reach"), measured.reach());
        json.put("p50_ms", measured.millis());
    }

    private static void put(ObjectNode json, Interval interval) {
        json.put("value", interval.value()).put("low", interval.low()).put("high", interval.high());
    }
}
