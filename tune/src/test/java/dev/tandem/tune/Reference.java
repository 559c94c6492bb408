package dev.tandem.tune;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.model.HuggingFaceFolder;
import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.model.LoraFiles;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/** What the programs under {@code tune/reference} made: a tiny model, its adapters, and the numbers that were found. */
final class Reference {

    static final Path FOLDER = folder();

    private Reference() {}

    private static Path folder() {
        try {
            return Path.of(Reference.class.getResource("/reference").toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static BaseModel base() {
        return HuggingFaceFolder.read(FOLDER.resolve("base"));
    }

    static Lora adapter(String name) throws IOException {
        var files = new TreeMap<String, byte[]>();
        for (String file : List.of(LoraFiles.CONFIG, LoraFiles.WEIGHTS)) {
            files.put(file, Files.readAllBytes(FOLDER.resolve(name).resolve(file)));
        }
        return LoraFiles.read(files, base().shape());
    }

    private static double[] numbers(JsonNode array) {
        return IntStream.range(0, array.size())
                .mapToDouble(i -> array.get(i).asDouble())
                .toArray();
    }

    static float[] floats(JsonNode array) {
        var floats = new float[array.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) array.get(i).asDouble();
        }
        return floats;
    }

    static void assertClose(Tensor tensor, JsonNode wanted, String what, double close) {
        double[] found = Numbers.doubles(tensor);
        double[] numbers = numbers(wanted);
        assertThat(found).as(what).hasSameSizeAs(numbers);
        for (int i = 0; i < found.length; i++) {
            assertThat(Math.abs(found[i] - numbers[i])).as(what + " at " + i).isLessThan(close);
        }
    }
}
