package dev.tandem.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.domain.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cross-encoder small enough to be known by heart, on the real runtime with a real tokenizer. */
class OnnxRerankerTest {

    private static final int VOCABULARY = 30_522;

    @TempDir
    private Path folder;

    @BeforeEach
    void aModelThatLikesOneWord() throws IOException {
        EncoderFiles bundled = EncoderFiles.bundled(OnnxEmbedderTest.CACHE);
        Files.copy(bundled.tokenizer(), folder.resolve("tokenizer.json"));
        Natives.loadTokenizers(OnnxEmbedderTest.CACHE);
        Tokenizer tokenizer = Tokenizer.open(bundled);
        var ids = tokenizer.tokens(List.of("heron"), 512).getFirst().ids();
        tokenizer.close();
        float[] weights = new float[VOCABULARY];
        for (int i = 1; i < ids.limit() - 1; i++) {
            weights[Math.toIntExact(ids.get(i))] = 2f / (ids.limit() - 2);
        }
        TinyCrossEncoder.write(folder.resolve("model.onnx"), weights);
    }

    @Test
    void aPassageIsReadTogetherWithTheQuestionAndTheQuestionsOwnWordsCountForNothing() {
        try (var reranker = OnnxReranker.load(folder, OnnxEmbedderTest.CACHE)) {
            double[] scores = reranker.score(
                    "where does the heron stand", List.of("It stands there.", "A heron wades.", "Heron by heron."));
            assertThat(scores[0]).isCloseTo(.5, within(1e-6));
            assertThat(scores[1]).isCloseTo(1 / (1 + Math.exp(-2)), within(1e-6));
            assertThat(scores[2]).isCloseTo(1 / (1 + Math.exp(-4)), within(1e-6));
        }
    }

    @Test
    void passagesBeyondItsLengthAreCutAtTheirEnd() {
        try (var reranker = OnnxReranker.load(folder, OnnxEmbedderTest.CACHE)) {
            String filler = "words ".repeat(3_000);
            double[] scores = reranker.score("what wades", List.of("heron " + filler, filler + " heron"));
            assertThat(scores[0]).isGreaterThan(.8);
            assertThat(scores[1]).isCloseTo(.5, within(1e-6));
        }
    }

    @Test
    void noPassagesHaveNoScores() {
        try (var reranker = OnnxReranker.load(folder, OnnxEmbedderTest.CACHE)) {
            assertThat(reranker.score("what wades", List.of())).isEmpty();
        }
    }

    @Test
    void aFolderThatIsNoRerankersIsRefusedByName() throws IOException {
        Path model = folder.resolve("model.onnx");
        Files.copy(EncoderFiles.bundled(OnnxEmbedderTest.CACHE).model(), folder.resolve("encoder.onnx"));
        Files.move(folder.resolve("encoder.onnx"), model, StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> OnnxReranker.load(folder, OnnxEmbedderTest.CACHE))
                .isInstanceOfSatisfying(
                        Failure.class, why -> assertThat(why.kind()).isEqualTo(Failure.Kind.INVALID))
                .hasMessageContaining("[batch, 1]");
        Files.writeString(model, "nothing");
        assertThatThrownBy(() -> OnnxReranker.load(folder, OnnxEmbedderTest.CACHE))
                .hasMessageContaining("model.onnx");
        Files.delete(model);
        assertThatThrownBy(() -> OnnxReranker.load(folder, OnnxEmbedderTest.CACHE))
                .hasMessageContaining("has no file model.onnx");
    }
}
