package dev.tandem.behavior.tuning;

import dev.tandem.domain.Embedder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * Chooses without any example: the label whose name, and description where one is given, is most similar in meaning. The
 * probabilities only order the labels; nothing was there to calibrate them on.
 */
public final class LabelNames implements Labelling {

    /** Cosines of sentence encoders lie close together: without this every label would look as likely as the next. */
    private static final double TEMPERATURE = 0.02;

    private final List<String> labels;
    private final List<float[]> vectors;

    private LabelNames(List<String> labels, List<float[]> vectors) {
        this.labels = labels;
        this.vectors = vectors;
    }

    /**
     * Reads the names.
     *
     * @param descriptions by label; may be empty
     */
    public static LabelNames of(Iterable<String> labels, Map<String, String> descriptions, Embedder embedder) {
        var sorted = new TreeSet<String>();
        labels.forEach(sorted::add);
        List<String> texts = sorted.stream()
                .map(label -> words(label) + (descriptions.containsKey(label) ? ": " + descriptions.get(label) : ""))
                .toList();
        return new LabelNames(List.copyOf(sorted), embedder.embed(texts, Embedder.Role.PASSAGE));
    }

    /** {@code card_arrival}, {@code card-arrival} and {@code cardArrival} as words. */
    public static String words(String label) {
        return label.replaceAll("(?<=[\\p{Ll}\\p{N}])(?=\\p{Lu})", " ")
                .replaceAll("[_\\-/.:]+", " ")
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    @Override
    public List<String> labels() {
        return labels;
    }

    @Override
    public float[] probabilities(float[] vector) {
        var scores = new double[labels.size()];
        for (int c = 0; c < scores.length; c++) {
            float[] name = vectors.get(c);
            for (int d = 0; d < vector.length; d++) {
                scores[c] += name[d] * vector[d];
            }
        }
        return Softmax.of(scores, TEMPERATURE);
    }
}
