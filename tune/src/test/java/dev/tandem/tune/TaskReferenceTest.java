package dev.tandem.tune;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.tuning.Trainer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What transformers and PEFT gave for a tiny model, in float64, as loss and gradients of each thing that can be learned: the
 * same here in float32 to a ten-thousandth, in one thread and in two. See {@code tune/reference/make_tasks.py}.
 */
class TaskReferenceTest {

    private static final double CLOSE = 1e-4;

    private final BaseModel base = Reference.base();
    private final JsonNode wanted = wanted();

    private JsonNode wanted() {
        try {
            return new ObjectMapper()
                    .readTree(Reference.FOLDER.resolve("tasks.json").toFile());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Integer> integers(JsonNode array) {
        return IntStream.range(0, array.size())
                .mapToObj(i -> array.get(i).asInt())
                .toList();
    }

    private List<int[]> texts(String name) {
        var texts = new ArrayList<int[]>();
        wanted.path(name)
                .forEach(row -> texts.add(
                        integers(row).stream().mapToInt(Integer::intValue).toArray()));
        return texts;
    }

    private Task task(String name) {
        List<Integer> seconds = integers(wanted.path("seconds"));
        double temperature = wanted.path("temperature").asDouble();
        int hidden = base.shape().hidden();
        return switch (name) {
            case "reading" -> {
                var spans = new Trainer.Spans(
                        texts("pairs"), seconds, integers(wanted.path("firsts")), integers(wanted.path("lasts")));
                yield new Reading(spans, spans, hidden, 1);
            }
            case "judging" -> {
                var judged = new Trainer.Judged(texts("pairs"), seconds, integers(wanted.path("relevant")));
                yield new Judging(judged, judged, hidden, 1);
            }
            case "ranking" -> {
                var matches = new ArrayList<Trainer.Ranked.Match>();
                wanted.path("matches")
                        .forEach(each -> matches.add(new Trainer.Ranked.Match(
                                each.get(0).asInt(), each.get(1).asInt(), integers(each.get(2)))));
                var ranked = new Trainer.Ranked(texts("queries"), texts("passages"), matches);
                yield new Ranking(ranked, ranked, temperature);
            }
            default -> {
                var labelled = new Trainer.Labelled(texts("labelled"), integers(wanted.path("labels")));
                yield new Contrasting(labelled, labelled, temperature);
            }
        };
    }

    @ParameterizedTest
    @CsvSource({
        "reading, 1",
        "reading, 2",
        "judging, 1",
        "judging, 2",
        "ranking, 1",
        "ranking, 2",
        "contrasting, 1",
        "contrasting, 2"
    })
    void lossAndGradientsAreThoseOfPeft(String name, int threads) throws IOException {
        JsonNode expected = wanted.path("tasks").path(name);
        Lora lora = Reference.adapter("lora");
        try (var _ = new PointerScope();
                var encoder = new Replicas(new Bert(base, lora, Numbers.FLOAT32), threads)) {
            Task task = task(name);
            for (Map.Entry<String, Tensor> part : task.heads().entrySet()) {
                set(part.getValue(), expected.path("head").path(part.getKey()).path("value"));
            }
            List<Integer> step =
                    name.equals("ranking") ? integers(wanted.path("step")) : Order.all(task.lengths().length);
            Tensor loss = task.loss(encoder, step);
            assertThat(Math.abs(loss.item_double() - expected.path("loss").asDouble()))
                    .as("loss")
                    .isLessThan(CLOSE);
            loss.backward();
            encoder.back();
            List<String> layers = new ArrayList<>(lora.factors().keySet());
            for (int i = 0; i < layers.size(); i++) {
                for (String factor : List.of("A", "B")) {
                    String key = layers.get(i) + ".lora_" + factor + ".weight";
                    Tensor learned = encoder.first().learned().get(factor.equals("A") ? i : layers.size() + i);
                    Reference.assertClose(
                            learned.grad(), expected.path("gradients").path(key), key, CLOSE);
                }
            }
            for (Map.Entry<String, Tensor> part : task.heads().entrySet()) {
                Reference.assertClose(
                        part.getValue().grad(),
                        expected.path("head").path(part.getKey()).path("gradient"),
                        "head." + part.getKey(),
                        CLOSE);
            }
        }
    }

    private static void set(Tensor tensor, JsonNode values) {
        float[] floats = Reference.floats(values);
        try (var _ = new NoGradGuard()) {
            tensor.copy_(Tensor.create(floats, floats.length).view(tensor.sizes()));
        }
    }
}
