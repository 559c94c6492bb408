package dev.tandem.tune;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.model.LoraFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What transformers and PEFT gave for a tiny model in float64: logits, gradients, the losses of some steps and the logits
 * after them. In float64 to a millionth; in float32 to a ten-thousandth, but for the last, where Adam makes steps of one size
 * out of gradients that are nothing but rounding. See {@code tune/reference/make_fixtures.py}.
 */
class ReferenceTest {

    private static final int MEAN = 1;
    private static final int IGNORED = -100;

    private final Path reference = Reference.FOLDER;
    private final BaseModel base = Reference.base();

    private static List<int[]> texts(JsonNode ids) {
        var texts = new ArrayList<int[]>();
        for (JsonNode row : ids) {
            texts.add(IntStream.range(0, row.size())
                    .map(i -> row.get(i).asInt())
                    .filter(id -> id != 0)
                    .toArray());
        }
        return texts;
    }

    @ParameterizedTest
    @CsvSource({"lora, FLOAT64, 1e-6", "rslora, FLOAT64, 1e-6", "lora, FLOAT32, 1e-4", "rslora, FLOAT32, 1e-4"})
    void logitsGradientsAndLossesAreThoseOfPeft(String name, Numbers numbers, double close) throws IOException {
        JsonNode wanted =
                new ObjectMapper().readTree(reference.resolve(name + ".json").toFile());
        Batch batch = Batch.of(texts(wanted.path("ids")));
        long[] labels = IntStream.range(0, batch.size())
                .mapToLong(i -> wanted.path("labels").get(i).asLong())
                .toArray();
        try (var _ = new PointerScope()) {
            Lora lora = Reference.adapter(name);
            var bert = new Bert(base, lora, numbers);
            Tensor weight = numbers.of(
                            Reference.floats(wanted.path("head.weight")),
                            List.of(3, base.shape().hidden()))
                    .set_requires_grad(true);
            Tensor bias = numbers.of(Reference.floats(wanted.path("head.bias")), List.of(3))
                    .set_requires_grad(true);
            Reference.assertClose(scores(bert, batch, weight, bias), wanted.path("logits"), "logits", close);
            var optimizer = new AdamW(
                    List.of(new AdamW.Group(bert.learned(), .02, .01), new AdamW.Group(List.of(weight, bias), .05, 0)));
            int step = 0;
            for (JsonNode loss : wanted.path("losses")) {
                Tensor found = torch.cross_entropy_loss(
                        scores(bert, batch, weight, bias),
                        Tensor.create(labels, labels.length),
                        new TensorOptional(),
                        MEAN,
                        IGNORED,
                        .05);
                assertThat(Math.abs(found.item_double() - loss.asDouble()))
                        .as("loss of step " + step)
                        .isLessThan(close);
                found.backward();
                if (step == 0) {
                    List<String> layers = new ArrayList<>(lora.factors().keySet());
                    for (int i = 0; i < layers.size(); i++) {
                        for (String factor : List.of("A", "B")) {
                            String key = layers.get(i) + ".lora_" + factor + ".weight";
                            Tensor learned = bert.learned().get(factor.equals("A") ? i : layers.size() + i);
                            Reference.assertClose(
                                    learned.grad(), wanted.path("gradients").path(key), key, close);
                        }
                    }
                    Reference.assertClose(
                            weight.grad(), wanted.path("gradients").path("head.weight"), "head.weight", close);
                    Reference.assertClose(bias.grad(), wanted.path("gradients").path("head.bias"), "head.bias", close);
                }
                optimizer.step(1);
                step++;
            }
            assertThat(step).isEqualTo(6);
            Tensor after = scores(bert, batch, weight, bias);
            if (numbers == Numbers.FLOAT64) {
                Reference.assertClose(after, wanted.path("logits_after"), "logits after the steps", close);
            } else {
                write(bert.lora(), wanted.path("ids"), weight, bias, after, name);
            }
        }
    }

    private static Tensor scores(Bert bert, Batch batch, Tensor weight, Tensor bias) {
        return torch.linear(bert.sentence(batch, true), weight, new TensorOptional(bias));
    }

    /** For {@code tune/reference/load_adapter.py}, which reads it with PEFT. */
    private void write(Lora lora, JsonNode ids, Tensor weight, Tensor bias, Tensor logits, String name)
            throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "written-" + name));
        for (var file : LoraFiles.write(lora, base).entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
        ObjectNode expected = new ObjectMapper().createObjectNode();
        expected.set("ids", ids);
        for (var each : new TreeMap<>(Map.of("head.weight", weight, "head.bias", bias, "logits", logits)).entrySet()) {
            var array = expected.putArray(each.getKey());
            for (float value : Numbers.floats(each.getValue())) {
                array.add(value);
            }
        }
        Files.writeString(folder.resolve("expected.json"), expected.toString());
    }
}
