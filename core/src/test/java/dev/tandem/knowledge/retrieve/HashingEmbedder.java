package dev.tandem.knowledge.retrieve;

import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.Language;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/** A real, if simple, encoder: each word has a random direction, a text is the direction of its words' sum. */
public class HashingEmbedder implements Embedder {

    public static final int DIMENSIONS = 64;

    private final Encoder encoder;

    public HashingEmbedder() {
        this("a");
    }

    /** Another digit makes another encoder. */
    public HashingEmbedder(String digit) {
        this.encoder = new Encoder("hashing-" + digit, digit.repeat(64), DIMENSIONS, 512);
    }

    /** One that is said to know these languages and no others. */
    public HashingEmbedder(Set<Language> languages) {
        this.encoder = new Encoder("hashing-a", "a".repeat(64), DIMENSIONS, 512, languages);
    }

    @Override
    public Encoder encoder() {
        return encoder;
    }

    @Override
    public List<String> endpoints() {
        return List.of();
    }

    @Override
    public List<float[]> embed(List<String> texts, Role role) {
        return texts.stream().map(this::embed).toList();
    }

    private float[] embed(String text) {
        double[] sum = new double[DIMENSIONS];
        sum[0] = 1e-3;
        for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+", -1)) {
            var random =
                    new SplittableRandom(31L * word.hashCode() + encoder.hash().hashCode());
            for (int i = 0; i < DIMENSIONS; i++) {
                sum[i] += random.nextDouble(-1, 1);
            }
        }
        double square = 0;
        for (double each : sum) {
            square += each * each;
        }
        float[] unit = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            unit[i] = (float) (sum[i] / Math.sqrt(square));
        }
        return unit;
    }

    @Override
    public int countTokens(String text) {
        return text.split("\\s+", -1).length + 2;
    }
}
