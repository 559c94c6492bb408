package dev.tandem.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.model.EncoderShape;
import dev.tandem.behavior.model.FloatTensor;
import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.model.LoraSettings;
import dev.tandem.behavior.tuning.Linear;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.OpenSpanReader;
import dev.tandem.onnx.OnnxBase;
import dev.tandem.onnx.OnnxEmbedder;
import dev.tandem.onnx.OnnxReader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forward pass against ONNX Runtime, the gradients against differences. */
class BertTest {

    private static final Path CACHE = Path.of(System.getProperty("tandem.root", ".."), "target", "encoder-cache");

    private static final List<String> TEXTS = List.of(
            "How do I reset my card's PIN?",
            "My card was declined at a supermarket in Lisbon yesterday evening, and nobody at the counter could say why.",
            "top up",
            "Herons wade at dawn. ".repeat(60));

    private static OnnxBase base() {
        return OnnxBase.bundled(CACHE, name -> BertTest.class.getResource("/" + name));
    }

    private static double furthest(List<float[]> vectors, List<float[]> others) {
        double furthest = 0;
        for (int i = 0; i < vectors.size(); i++) {
            for (int j = 0; j < vectors.get(i).length; j++) {
                furthest = Math.max(furthest, Math.abs(vectors.get(i)[j] - others.get(i)[j]));
            }
        }
        return furthest;
    }

    private static List<float[]> rows(Tensor matrix) {
        float[] values = Numbers.floats(matrix);
        int columns = (int) matrix.size(1);
        return IntStream.range(0, (int) matrix.size(0))
                .mapToObj(row -> Arrays.copyOfRange(values, row * columns, (row + 1) * columns))
                .toList();
    }

    @Test
    void theForwardPassIsThatOfOnnxRuntime() {
        OnnxBase base = base();
        try (OnnxEmbedder embedder = base.embedder();
                var _ = new PointerScope()) {
            var bert = new Bert(base.model(), (LoraSettings) null, Numbers.FLOAT32, 0);
            Tensor sentences = bert.sentence(Batch.of(base.tokens(TEXTS, Embedder.Role.PASSAGE, 512)), false);
            assertThat(furthest(rows(sentences), embedder.embed(TEXTS, Embedder.Role.PASSAGE)))
                    .as("largest difference of a component")
                    .isLessThan(1e-4);
        }
    }

    @Test
    void whatIsMergedIntoTheOnnxFileIsWhatWasTrained(@TempDir Path folder) {
        OnnxBase base = base();
        BaseModel model = base.model();
        Lora lora = random(model, LoraSettings.ofRank(8), 7);
        try (OnnxEmbedder merged = base.embedder(lora.merged(model), folder.resolve("merged"));
                OnnxEmbedder plain = base.embedder();
                var _ = new PointerScope()) {
            Tensor sentences = new Bert(model, lora, Numbers.FLOAT32)
                    .sentence(Batch.of(base.tokens(TEXTS, Embedder.Role.PASSAGE, 512)), false);
            List<float[]> served = merged.embed(TEXTS, Embedder.Role.PASSAGE);
            assertThat(furthest(rows(sentences), served)).isLessThan(1e-4);
            assertThat(furthest(plain.embed(TEXTS, Embedder.Role.PASSAGE), served))
                    .isGreaterThan(1e-2);
        }
    }

    /** On whole numbers as on float32, but for what rounding does, which is little beside what was tuned. */
    @Test
    void whatStandsBesideTheBundledEncoderReadsAsWhatIsMerged(@TempDir Path folder) {
        OnnxBase base = OnnxBase.bundled(folder, name -> BertTest.class.getResource("/" + name));
        BaseModel model = base.model();
        var settings = LoraSettings.ofRank(4);
        Lora lora = random(model, settings, 9);
        var nothing = new TreeMap<String, Lora.Factors>();
        lora.factors()
                .forEach((layer, factors) -> nothing.put(
                        layer,
                        new Lora.Factors(
                                factors.a(),
                                FloatTensor.matrix(
                                        factors.b().shape().get(0),
                                        4,
                                        new float[factors.b().values().length]))));
        var weights =
                gaussian(2, model.shape().hidden(), new SplittableRandom(3)).values();
        var top = new Linear(2, model.shape().hidden(), weights, new float[] {.5f, -.5f});
        String question = "What does the heron eat?";
        try (OpenSpanReader merged = base.reader(lora, top, hash('a'));
                OpenSpanReader plain = base.reader(new Lora(settings, nothing), top, hash('b'));
                OpenSpanReader beside = OnnxReader.beside(lora, top, hash('c'), folder);
                OpenSpanReader plainBeside = OnnxReader.beside(new Lora(settings, nothing), top, hash('d'), folder)) {
            double[] wanted = margins(merged, question);
            assertThat(apart(margins(beside, question), wanted))
                    .isLessThan(.35 * apart(margins(plain, question), wanted));
            assertThat(apart(margins(plainBeside, question), margins(plain, question)))
                    .isLessThan(.35 * apart(margins(plain, question), wanted));
        }
    }

    private static String hash(char of) {
        return String.valueOf(of).repeat(64);
    }

    private static double[] margins(OpenSpanReader reader, String question) {
        return reader.read(question, TEXTS).stream()
                .mapToDouble(found -> found.orElseThrow().margin())
                .toArray();
    }

    private static double apart(double[] some, double[] others) {
        return IntStream.range(0, some.length)
                .mapToDouble(i -> Math.abs(some[i] - others[i]))
                .average()
                .orElseThrow();
    }

    private static Lora random(BaseModel model, LoraSettings settings, long seed) {
        var random = new SplittableRandom(seed);
        var factors = new TreeMap<String, Lora.Factors>();
        settings.layers(model.shape())
                .forEach((layer, sizes) -> factors.put(
                        layer,
                        new Lora.Factors(
                                gaussian(settings.rank(), sizes.get(1), random),
                                gaussian(sizes.get(0), settings.rank(), random))));
        return new Lora(settings, factors);
    }

    private static FloatTensor gaussian(int rows, int columns, SplittableRandom random) {
        var values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian(0, .05);
        }
        return FloatTensor.matrix(rows, columns, values);
    }

    /** In float64, by central differences of 1e-5: every single weight of A and B of a small encoder. */
    @Test
    void theGradientsAreThoseOfTheLoss() {
        BaseModel model = Tiny.model(3);
        Batch batch = Batch.of(List.of(new int[] {2, 5, 7, 9, 3}, new int[] {2, 11, 3}, new int[] {2, 8, 8, 3}));
        for (boolean rankStabilised : new boolean[] {false, true}) {
            var settings = new LoraSettings(3, 6, rankStabilised, 0, EncoderShape.LINEAR_PARTS, 0);
            try (var _ = new PointerScope()) {
                var bert = new Bert(model, random(model, settings, 5), Numbers.FLOAT64);
                loss(bert, batch).backward();
                int checked = 0;
                for (Tensor learned : bert.learned()) {
                    double[] gradient = Numbers.doubles(learned.grad());
                    // The second way only scales; a sample of it is enough.
                    for (int i = 0; i < gradient.length; i += rankStabilised ? 7 : 1) {
                        double slope =
                                (moved(bert, batch, learned, i, 1e-5) - moved(bert, batch, learned, i, -1e-5)) / 2e-5;
                        assertThat(gradient[i]).isCloseTo(slope, offset(1e-7));
                        checked++;
                    }
                }
                assertThat(checked).isGreaterThan(rankStabilised ? 100 : 500);
            }
        }
    }

    private static double moved(Bert bert, Batch batch, Tensor learned, int at, double by) {
        try (var _ = new PointerScope()) {
            Tensor one = learned.detach().view(-1).select(0, at);
            one.add_(Numbers.scalar(by));
            double loss = loss(bert, batch).item_double();
            one.sub_(Numbers.scalar(by));
            return loss;
        }
    }

    /** Something smooth that every component of every text has a part in. */
    private static Tensor loss(Bert bert, Batch batch) {
        Tensor sentences = bert.sentence(batch, false);
        return torch.log_softmax(sentences.matmul(sentences.transpose(0, 1)), 1)
                .pow(Numbers.scalar(2))
                .sum();
    }
}
