package dev.tandem.behavior.tuning;

import dev.tandem.domain.Answer;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** From probabilities to an answer. */
public final class Likeliest {

    private Likeliest() {}

    /** The likeliest label with the {@code shown} likeliest beside it; of equals the first by name. */
    public static Answer.Labelled answer(
            Labelling labelling, float[] vector, int shown, List<Answer.Neighbour> neighbours, String by) {
        float[] probabilities = labelling.probabilities(vector);
        List<String> labels = labelling.labels();
        List<Answer.LabelScore> ranked = IntStream.range(0, probabilities.length)
                .boxed()
                .sorted(Comparator.comparingDouble(c -> -probabilities[c]))
                .limit(shown)
                .map(c -> new Answer.LabelScore(labels.get(c), probabilities[c]))
                .toList();
        Answer.LabelScore best = ranked.getFirst();
        return new Answer.Labelled(best.label(), best.probability(), ranked, neighbours, by);
    }
}
