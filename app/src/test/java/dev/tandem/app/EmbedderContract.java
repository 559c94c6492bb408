package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.domain.Embedder;
import dev.tandem.domain.Embedder.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What every encoder promises, whether it runs in this process or at a server. */
abstract class EmbedderContract {

    abstract Embedder embedder();

    @Test
    void vectorsAreOfTheSaidSizeOfLengthOneAndInTheOrderOfTheTexts() {
        var texts = new ArrayList<String>();
        for (int i = 0; i < 100; i++) {
            texts.add("number " + i % 9 + " of the herons");
        }
        List<float[]> vectors = embedder().embed(texts, Role.PASSAGE);
        assertThat(vectors).hasSize(100).allSatisfy(vector -> {
            assertThat(vector).hasSize(embedder().encoder().dimensions());
            double square = 0;
            for (float each : vector) {
                square += each * each;
            }
            assertThat(square).isCloseTo(1, within(1e-3));
        });
        for (int i = 9; i < 100; i++) {
            assertThat(vectors.get(i)).as("text %d", i).isEqualTo(vectors.get(i % 9));
        }
        assertThat(vectors.get(0)).isNotEqualTo(vectors.get(1));
    }

    @Test
    void whatIsHandedOverAsItComesIsTheSame() {
        var texts = new ArrayList<String>();
        for (int i = 0; i < 70; i++) {
            texts.add("heron " + i);
        }
        var came = new TreeMap<Integer, float[]>();
        Thread caller = Thread.currentThread();
        embedder().embed(texts, Role.PASSAGE, (from, vectors) -> {
            assertThat(Thread.currentThread()).isSameAs(caller);
            for (int i = 0; i < vectors.size(); i++) {
                assertThat(came.put(from + i, vectors.get(i))).isNull();
            }
        });
        List<float[]> whole = embedder().embed(texts, Role.PASSAGE);
        assertThat(came.keySet()).hasSize(70);
        came.forEach((place, vector) -> assertThat(vector).isEqualTo(whole.get(place)));
    }

    @Test
    void noTextsAreNoVectorsAndOddTextIsNotRefused() {
        assertThat(embedder().embed(List.of(), Role.QUERY)).isEmpty();
        assertThat(embedder().embed(List.of("", " ", "日本語", "\uD800", "x".repeat(5_000)), Role.PASSAGE))
                .hasSize(5);
    }

    @Test
    void theIdentityIsTheSameEachTimeItIsAsked() {
        assertThat(embedder().encoder()).isEqualTo(embedder().encoder());
        assertThat(embedder().encoder().hash()).matches("[0-9a-f]{64}");
        assertThat(embedder().countTokens("two words")).isPositive();
        assertThat(Collections.nCopies(2, embedder().server())).doesNotContainNull();
    }
}
