package dev.tandem.behavior.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.Failure;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Low-rank weights as files, and what becomes of files that are not what was written. */
class LoraFilesTest {

    private static final EncoderShape SHAPE = new EncoderShape(20, 12, 2, 8, 2, 2, 12, 1e-12);

    private static BaseModel base() {
        var tensors = new TreeMap<String, FloatTensor>();
        SHAPE.tensors().forEach((name, shape) -> {
            var values = new float[shape.stream().reduce(1, Math::multiplyExact)];
            Arrays.fill(values, .5f);
            tensors.put(name, new FloatTensor(shape, values));
        });
        return new BaseModel("tiny", "0".repeat(64), SHAPE, tensors);
    }

    private static Lora lora() {
        var random = new SplittableRandom(1);
        LoraSettings settings = LoraSettings.ofRank(2);
        var factors = new TreeMap<String, Lora.Factors>();
        settings.layers(SHAPE)
                .forEach((layer, sizes) -> factors.put(
                        layer, new Lora.Factors(matrix(2, sizes.get(1), random), matrix(sizes.get(0), 2, random))));
        return new Lora(settings, factors);
    }

    private static FloatTensor matrix(int rows, int columns, SplittableRandom random) {
        var values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return FloatTensor.matrix(rows, columns, values);
    }

    @Test
    void whatIsWrittenIsReadBack() {
        Lora lora = lora();
        Lora read = LoraFiles.read(LoraFiles.write(lora, base()), SHAPE);
        assertThat(read.settings()).isEqualTo(lora.settings());
        lora.factors().forEach((layer, factors) -> {
            assertThat(read.factors().get(layer).a().values())
                    .isEqualTo(factors.a().values());
            assertThat(read.factors().get(layer).b().values())
                    .isEqualTo(factors.b().values());
        });
    }

    /** Of a thousand single bits, each gives another set of finite numbers, or a refusal that names what is wrong. */
    @Test
    void aFlippedBitIsRefusedByNameOrChangesANumber() {
        long seed = Long.getLong("tandem.seed", System.nanoTime());
        var random = new SplittableRandom(seed);
        SortedMap<String, byte[]> whole = LoraFiles.write(lora(), base());
        int refused = 0;
        for (int round = 0; round < 1_000; round++) {
            String name = round % 2 == 0 ? LoraFiles.WEIGHTS : LoraFiles.CONFIG;
            byte[] damaged = whole.get(name).clone();
            int bit = random.nextInt(8 * damaged.length);
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            var files = new TreeMap<>(whole);
            files.put(name, damaged);
            String replay = "bit " + bit + " of " + name + ", replay with -Dtandem.seed=" + seed;
            try {
                LoraFiles.read(files, SHAPE).factors().values().forEach(factors -> {
                    for (float value : factors.a().values()) {
                        assertThat(Float.isFinite(value)).as(replay).isTrue();
                    }
                });
            } catch (Failure e) {
                refused++;
                assertThat(e.kind()).as(replay).isEqualTo(Failure.Kind.BROKEN);
                assertThat(e.getMessage()).as(replay).containsAnyOf("adapter_", "tensor");
                assertThat(e.nextStep()).as(replay).isNotBlank();
            }
        }
        assertThat(refused).isBetween(100, 900);
    }

    @Test
    void aTensorThatIsMissingOrCutOffIsNamed() {
        SortedMap<String, byte[]> files = LoraFiles.write(lora(), base());
        SortedMap<String, FloatTensor> tensors =
                new TreeMap<>(Safetensors.read(files.get(LoraFiles.WEIGHTS), LoraFiles.WEIGHTS));
        String gone = tensors.firstKey();
        tensors.remove(gone);
        files.put(LoraFiles.WEIGHTS, Safetensors.write(tensors));
        assertThatThrownBy(() -> LoraFiles.read(files, SHAPE))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(gone);
        var other = new EncoderShape(20, 12, 2, 16, 2, 2, 12, 1e-12);
        SortedMap<String, byte[]> whole = LoraFiles.write(lora(), base());
        assertThatThrownBy(() -> LoraFiles.read(whole, other))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("has the shape");
    }
}
