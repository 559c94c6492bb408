package dev.tandem.evidence.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.domain.Answer;
import dev.tandem.evidence.AnswerEvaluation;
import dev.tandem.evidence.Figures;
import dev.tandem.measure.AnswerText;
import java.util.List;
import java.util.stream.Stream;

/**
 * What one arm made of one case.
 *
 * @param said the label, or the text that is measured; empty where the arm abstained or refused
 * @param kind {@code labelled}, {@code grounded}, {@code unbacked}, {@code abstained} or {@code refused}
 * @param exact 1 where it is right, else 0: the label itself, or SQuAD's exact match
 * @param tokenF1 overlap with the nearest right answer, in [0, 1]; of a label the same as exact
 * @param probability that the arm gave its label; NaN where it gave none
 * @param millis how long it took; NaN where it was not timed
 * @param costUsd what it cost
 */
public record Outcome(
        String caseId,
        String said,
        String kind,
        double exact,
        double tokenF1,
        double probability,
        double millis,
        double costUsd,
        List<Evidence> evidence) {

    public static final String WITHHELD = "withheld";

    private static final ObjectMapper JSON = new ObjectMapper();

    public Outcome {
        evidence = List.copyOf(evidence);
    }

    static Outcome of(Task task, Case asked, Answer answer, double millis, double costUsd) {
        String said = AnswerEvaluation.said(answer);
        double exact = switch (task) {
            case CLASSIFY -> asked.answers().getFirst().equals(said) ? 1 : 0;
            case ANSWER -> AnswerText.exactMatch(said, asked.answers());
        };
        double tokenF1 = switch (task) {
            case CLASSIFY -> exact;
            case ANSWER -> AnswerText.f1(said, asked.answers());
        };
        double probability = answer instanceof Answer.Labelled labelled ? labelled.probability() : Double.NaN;
        return new Outcome(
                asked.id(), said, kind(answer), exact, tokenF1, probability, millis, costUsd, Evidence.of(answer));
    }

    private static String kind(Answer answer) {
        return switch (answer) {
            case Answer.Grounded _ -> "grounded";
            case Answer.Labelled _ -> "labelled";
            case Answer.Unbacked _ -> "unbacked";
            case Answer.Abstained _ -> "abstained";
            case Answer.Refused _ -> "refused";
        };
    }

    /** By which arms are compared: in [0, 1], 1 is best. */
    public double score(Task task) {
        return switch (task) {
            case CLASSIFY -> exact;
            case ANSWER -> tokenF1;
        };
    }

    public boolean abstained() {
        return kind.equals("abstained");
    }

    /** Ids of the documents it shows something of. */
    Stream<String> documents() {
        return evidence.stream()
                .filter(each -> each instanceof Evidence.Passage)
                .map(each -> ((Evidence.Passage) each).document());
    }

    /** The figures without the words: what stays when a document that it stands on may no longer be read. */
    Outcome withheld() {
        return new Outcome(caseId, "", WITHHELD, exact, tokenF1, probability, millis, costUsd, List.of());
    }

    String toJson() {
        ObjectNode json = Figures.object();
        json.put("case", caseId);
        json.put("said", said);
        json.put("kind", kind);
        json.put("exact", exact);
        json.put("token_f1", tokenF1);
        if (!Double.isNaN(probability)) {
            json.put("probability", probability);
        }
        if (!Double.isNaN(millis)) {
            json.put("ms", millis);
        }
        json.put("cost_usd", costUsd);
        Evidence.write(evidence, json.putArray("evidence"));
        return json.toString();
    }

    static Outcome read(String line) {
        JsonNode json;
        try {
            json = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an outcome in the journal is no JSON", e);
        }
        return new Outcome(
                json.path("case").asText(),
                json.path("said").asText(),
                json.path("kind").asText(),
                json.path("exact").asDouble(),
                json.path("token_f1").asDouble(),
                json.has("probability") ? json.path("probability").asDouble() : Double.NaN,
                json.has("ms") ? json.path("ms").asDouble() : Double.NaN,
                json.path("cost_usd").asDouble(),
                Evidence.read(json.path("evidence")));
    }
}
