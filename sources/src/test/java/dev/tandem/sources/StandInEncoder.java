package dev.tandem.sources;

import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoder;
import java.util.List;

/** Every text in a direction of its own; these tests search by words. */
final class StandInEncoder implements Embedder {

    private static final int DIMENSIONS = 16;

    @Override
    public Encoder encoder() {
        return new Encoder("stand-in", "a".repeat(64), DIMENSIONS, 512);
    }

    @Override
    public List<float[]> embed(List<String> texts, Role role) {
        return texts.stream()
                .map(text -> {
                    float[] vector = new float[DIMENSIONS];
                    vector[Math.floorMod(text.hashCode(), DIMENSIONS)] = 1;
                    return vector;
                })
                .toList();
    }

    @Override
    public int countTokens(String text) {
        return text.length() / 4;
    }
}
