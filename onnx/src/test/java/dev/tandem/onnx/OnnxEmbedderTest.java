package dev.tandem.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.Embedder.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxEmbedderTest {

    static final Path CACHE = Path.of(System.getProperty("tandem.root", "."), "target", "encoder-cache");

    private static final String QUERY_PREFIX = "Represent this sentence for searching relevant passages: ";

    private static OnnxEmbedder embedder;

    @BeforeAll
    static void open() {
        embedder = OnnxEmbedder.bundled(CACHE);
    }

    @AfterAll
    static void close() {
        embedder.close();
    }

    @Test
    void theBundledHashIsTheHashOfItsFiles() {
        assertThat(EncoderFiles.bundled(CACHE).hash()).isEqualTo(EncoderFiles.BUNDLED_HASH);
        assertThat(embedder.encoder().hash()).isEqualTo(EncoderFiles.BUNDLED_HASH);
    }

    @Test
    void aFileThatAnotherProcessIsStillUnpackingIsNotPartOfTheHash(@TempDir Path cache) throws Exception {
        EncoderFiles files = EncoderFiles.bundled(cache);
        Files.writeString(Unpacked.part(files.model()), "half of a model");
        assertThat(files.hash()).isEqualTo(EncoderFiles.BUNDLED_HASH);
    }

    @Test
    void vectorsAreOfTheSaidSizeAndOfLengthOne() {
        assertThat(embedder.encoder().dimensions()).isEqualTo(384);
        for (float[] vector : embedder.embed(List.of("", "a", "Two words.", "word ".repeat(700)), Role.PASSAGE)) {
            assertThat(vector).hasSize(384);
            assertThat(cosine(vector, vector)).isCloseTo(1, within());
        }
    }

    @Test
    void aQuestionIsNearerToItsAnswerThanToAnythingElse() {
        float[] question = query("How many days of leave do I get?");
        List<float[]> passages = embedder.embed(
                List.of(
                        "Employees receive 28 days of paid leave a year.",
                        "The database listens on port 5432.",
                        "Bananas are rich in potassium."),
                Role.PASSAGE);
        double answer = cosine(question, passages.get(0));
        assertThat(answer).isGreaterThan(0.65);
        assertThat(cosine(question, passages.get(1))).isLessThan(answer - 0.15);
        assertThat(cosine(question, passages.get(2))).isLessThan(answer - 0.15);
    }

    @Test
    void aTextsVectorDoesNotDependOnItsNeighboursTheirNumberOrTheirOrder() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            texts.add(sentence(random, i % 10 == 0 ? 300 : 1 + random.nextInt(40)));
        }
        List<float[]> alone = new ArrayList<>();
        texts.forEach(text -> alone.add(passage(text)));
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, texts.size()).boxed().toList());
        Collections.shuffle(order, random);
        List<String> shuffled = order.stream().map(texts::get).toList();
        try (var callers = Executors.newFixedThreadPool(3)) {
            List<Future<List<float[]>>> calls = new ArrayList<>();
            for (int call = 0; call < 3; call++) {
                calls.add(callers.submit(() -> embedder.embed(shuffled, Role.PASSAGE)));
            }
            for (Future<List<float[]>> call : calls) {
                List<float[]> together = call.get();
                for (int i = 0; i < order.size(); i++) {
                    assertThat(together.get(i)).as("text %d, seed %d", i, seed).isEqualTo(alone.get(order.get(i)));
                }
            }
        }
    }

    @Test
    void vectorsComeInTheOrderOfTheTextsOverSlicesToo() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            texts.add("n" + i % 7);
        }
        List<float[]> vectors = embedder.embed(texts, Role.PASSAGE);
        assertThat(vectors).hasSize(600);
        for (int i = 7; i < 600; i++) {
            assertThat(vectors.get(i)).as("text %d", i).isEqualTo(vectors.get(i % 7));
        }
        assertThat(vectors.get(0)).isNotEqualTo(vectors.get(1));
    }

    @Test
    void onlyQueriesCarryThePrefix() {
        assertThat(query("red shoes")).isEqualTo(passage(QUERY_PREFIX + "red shoes"));
        assertThat(query("red shoes")).isNotEqualTo(passage("red shoes"));
    }

    @Test
    void whatIsBeyondTheTokenLimitChangesNothing() {
        String limit = "alpha ".repeat(510);
        assertThat(embedder.countTokens(limit)).isEqualTo(512);
        assertThat(embedder.countTokens(limit + "beta")).isEqualTo(513);
        assertThat(passage(limit + "beta gamma")).isEqualTo(passage(limit));
        assertThat(passage("alpha ".repeat(509) + "beta")).isNotEqualTo(passage(limit));
        assertThat(passage(limit + "beta gamma. ".repeat(100_000))).isEqualTo(passage(limit));
    }

    @Test
    void aVeryLongTextIsReadToItsFirstWordsHoweverFarTheyAre() {
        assertThat(passage(" ".repeat(100_000) + "needle")).isEqualTo(passage("needle"));
    }

    @Test
    void oddTextIsEmbeddedAndNotRefused() {
        List<String> odd = List.of(
                "",
                " \n\t",
                "\uD800 half a pair",
                "half a pair \uDC00",
                "\0nul\u0007bell",
                "🙂🙃",
                "日本語",
                "x".repeat(5_000));
        assertThat(embedder.embed(odd, Role.QUERY))
                .hasSize(odd.size())
                .allSatisfy(vector -> assertThat(cosine(vector, vector)).isCloseTo(1, within()));
        assertThat(passage("shoes \uD800")).isEqualTo(passage("shoes \uFFFD"));
        assertThat(embedder.embed(List.of(), Role.QUERY)).isEmpty();
    }

    @Test
    void nothingIsLoadedOrUnpackedBeforeTheFirstText(@TempDir Path cache) throws Exception {
        try (var fresh = OnnxEmbedder.bundled(cache.resolve("cache"))) {
            assertThat(fresh.encoder().name()).contains("bge-small-en-v1.5");
            assertThat(Files.exists(cache.resolve("cache"))).isFalse();
        }
    }

    @Test
    void aModelLeftHalfUnpackedIsUnpackedAgain(@TempDir Path cache) throws Exception {
        EncoderFiles files = EncoderFiles.bundled(cache);
        Files.write(files.model(), new byte[1_000]);
        try (var repaired = OnnxEmbedder.bundled(cache)) {
            repaired.warmUp();
            assertThat(repaired.embed(List.of("red shoes"), Role.PASSAGE).getFirst())
                    .isEqualTo(passage("red shoes"));
        }
    }

    @Test
    void theFormKeptFromTheFirstRunGivesTheSameVectorsAndIsMadeAnewWhenItIsBroken(@TempDir Path cache)
            throws Exception {
        String text = sentence(new Random(7), 60);
        Path kept = OptimisedModel.of(EncoderFiles.BUNDLED_HASH, cache).file();
        for (String state : List.of("first run", "kept", "broken", "cannot be kept")) {
            switch (state) {
                case "broken" -> Files.writeString(kept, "broken");
                case "cannot be kept" -> {
                    Files.delete(kept);
                    Files.delete(kept.getParent());
                    Files.writeString(kept.getParent(), "in the way");
                }
                default -> {}
            }
            try (var run = OnnxEmbedder.bundled(cache)) {
                assertThat(run.embed(List.of(text), Role.PASSAGE).getFirst())
                        .as(state)
                        .isEqualTo(passage(text));
            }
            if (!state.equals("cannot be kept")) {
                assertThat(Files.size(kept)).as(state).isGreaterThan(30_000_000);
                assertThat(kept.getParent().toFile().list()).as(state).hasSize(1);
            }
        }
    }

    @Test
    void closingWaitsForWhatIsBeingEmbeddedAndEndsIt() throws Exception {
        var closing = OnnxEmbedder.bundled(CACHE);
        float[] expected = passage("word ".repeat(200));
        try (var caller = Executors.newSingleThreadExecutor()) {
            closing.embed(List.of("open"), Role.PASSAGE);
            Future<List<float[]>> embedding =
                    caller.submit(() -> closing.embed(Collections.nCopies(20, "word ".repeat(200)), Role.PASSAGE));
            Thread.sleep(100);
            closing.close();
            closing.close();
            assertThat(embedding.get())
                    .hasSize(20)
                    .allSatisfy(vector -> assertThat(vector).isEqualTo(expected));
        }
        assertThatThrownBy(() -> closing.embed(List.of("late"), Role.QUERY)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> closing.countTokens("late")).isInstanceOf(IllegalStateException.class);
    }

    private static float[] passage(String text) {
        return embedder.embed(List.of(text), Role.PASSAGE).getFirst();
    }

    private static float[] query(String text) {
        return embedder.embed(List.of(text), Role.QUERY).getFirst();
    }

    private static String sentence(Random random, int words) {
        String[] vocabulary = {
            "river", "contract", "of", "the", "blue", "engine", "pays", "quickly", "7", "Zürich", "and"
        };
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(vocabulary[random.nextInt(vocabulary.length)]).append(' ');
        }
        return text.toString();
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.data.Offset.offset(1e-5);
    }

    static double cosine(float[] a, float[] b) {
        double dot = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
        }
        return dot;
    }
}
