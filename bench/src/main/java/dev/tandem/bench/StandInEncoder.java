package dev.tandem.bench;

import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoder;
import dev.tandem.measure.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Fills an index of any size in minutes: real vectors for a sample of the texts, and for every other text one of these
 * moved some way along the difference of two others, which keeps to the directions that real vectors differ in. For
 * measuring speed and the recall of approximate search; says nothing about the quality of answers.
 */
final class StandInEncoder implements Embedder {

    private static final double LEAST_MOVE = 0.2;
    private static final double MOST_MOVE = 0.8;

    private final Embedder encoder;
    private final Map<String, float[]> real = new HashMap<>();
    private final List<float[]> pool;

    /** Embeds the sample. */
    StandInEncoder(Embedder encoder, List<String> sample) {
        this.encoder = encoder;
        this.pool = encoder.embed(sample, Role.PASSAGE);
        for (int i = 0; i < sample.size(); i++) {
            real.put(sample.get(i), pool.get(i));
        }
    }

    @Override
    public Encoder encoder() {
        return encoder.encoder();
    }

    @Override
    public List<float[]> embed(List<String> texts, Role role) {
        var vectors = new ArrayList<float[]>(texts.size());
        for (String text : texts) {
            float[] known = real.get(text);
            vectors.add(known == null ? standIn(text) : known);
        }
        return vectors;
    }

    /** Always the same for the same text. */
    private float[] standIn(String text) {
        SplittableRandom random = Seeds.stream(1, text);
        float[] near = pool.get(random.nextInt(pool.size()));
        float[] from = pool.get(random.nextInt(pool.size()));
        float[] to = pool.get(random.nextInt(pool.size()));
        double move = random.nextDouble(LEAST_MOVE, MOST_MOVE);
        float[] vector = new float[near.length];
        double squares = 0;
        for (int d = 0; d < vector.length; d++) {
            vector[d] = (float) (near[d] + move * (to[d] - from[d]));
            squares += (double) vector[d] * vector[d];
        }
        for (int d = 0; d < vector.length; d++) {
            vector[d] /= (float) Math.sqrt(squares);
        }
        return vector;
    }

    /** An estimate: nobody asks this encoder how long a text is, but the summary of an ingest. */
    @Override
    public int countTokens(String text) {
        return text.length() / 4;
    }
}
