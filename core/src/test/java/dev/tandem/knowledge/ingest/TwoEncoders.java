package dev.tandem.knowledge.ingest;

import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.EncoderSource;
import dev.tandem.domain.Encoders;
import dev.tandem.domain.Failure;
import dev.tandem.knowledge.retrieve.HashingEmbedder;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Encoders by a letter, one of them configured. */
final class TwoEncoders implements Encoders {

    final Map<String, Embedder> there = new TreeMap<>();
    String configured = "a";

    TwoEncoders() {
        there.put("a", new HashingEmbedder("a"));
        there.put("b", new HashingEmbedder("b"));
    }

    @Override
    public EncoderSource wanted(String collection) {
        return EncoderSource.of(configured);
    }

    @Override
    public Embedder open(String tenant, EncoderSource source, @Nullable Encoder as) {
        Embedder embedder = there.get(source.reference());
        if (embedder == null) {
            throw new Failure(Failure.Kind.INVALID, "There is no encoder " + source + ".", "Bring it back.");
        }
        return Encoders.same(embedder, source, as);
    }

    Embedder of(Encoder encoder) {
        return there.values().stream()
                .filter(each -> each.encoder().hash().equals(encoder.hash()))
                .findFirst()
                .orElseThrow();
    }
}
