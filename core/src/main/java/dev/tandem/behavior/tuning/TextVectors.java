package dev.tandem.behavior.tuning;

import dev.tandem.catalog.Sha256;
import dev.tandem.catalog.Vectors;
import dev.tandem.domain.Embedder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Vectors of texts: from the catalog where the same text was embedded before, from the encoder else, and then kept, a few
 * hundred at a time, so that an interruption costs seconds.
 */
public final class TextVectors {

    private static final int KEEP_EVERY = 512;

    private final Vectors kept;
    private final Embedder embedder;
    private final Map<String, float[]> known = new HashMap<>();
    private int embedded;

    public TextVectors(Vectors kept, Embedder embedder) {
        this.kept = kept;
        this.embedder = embedder;
    }

    /** Told after each few hundred: texts embedded of those that had to be. */
    @FunctionalInterface
    public interface Listener {
        void embedded(int done, int of);
    }

    /** Makes sure that all of them are at hand. */
    public void prepare(Collection<String> texts, Listener listener) {
        var missing = new ArrayList<String>();
        for (String text : new LinkedHashSet<>(texts)) {
            if (known.containsKey(text)) {
                continue;
            }
            kept.of(Sha256.hex(text)).ifPresentOrElse(vector -> known.put(text, vector), () -> missing.add(text));
        }
        missing.sort(Comparator.comparingInt(String::length));
        for (int from = 0; from < missing.size(); from += KEEP_EVERY) {
            List<String> batch = missing.subList(from, Math.min(missing.size(), from + KEEP_EVERY));
            List<float[]> vectors = embedder.embed(batch, Embedder.Role.PASSAGE);
            var byHash = new HashMap<String, float[]>();
            for (int i = 0; i < batch.size(); i++) {
                known.put(batch.get(i), vectors.get(i));
                byHash.put(Sha256.hex(batch.get(i)), vectors.get(i));
            }
            kept.keep(byHash);
            embedded += batch.size();
            listener.embedded(from + batch.size(), missing.size());
        }
    }

    /** Of a text that is at hand, or is embedded now and not kept. */
    public float[] of(String text) {
        float[] vector = known.get(text);
        return vector == null
                ? embedder.embed(List.of(text), Embedder.Role.PASSAGE).getFirst()
                : vector;
    }

    public List<float[]> of(List<String> texts) {
        return texts.stream().map(this::of).toList();
    }

    /** Texts that the encoder had to be asked for. */
    public int embedded() {
        return embedded;
    }
}
