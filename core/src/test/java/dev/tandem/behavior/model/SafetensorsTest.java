package dev.tandem.behavior.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tandem.domain.Failure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SafetensorsTest {

    private static byte[] file() {
        var tensors = new TreeMap<String, FloatTensor>();
        tensors.put("weight", new FloatTensor(List.of(2, 3), new float[] {1, -2, 3.5f, 0, Float.MIN_VALUE, 6}));
        tensors.put("bias", new FloatTensor(List.of(2), new float[] {7, 8}));
        return Safetensors.write(tensors);
    }

    private static byte[] file(String header, int data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + json.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }

    @Test
    void whatIsWrittenIsReadBack() {
        var read = Safetensors.read(file(), "head.safetensors");
        assertThat(read).containsOnlyKeys("weight", "bias");
        assertThat(read.get("weight").shape()).containsExactly(2, 3);
        assertThat(read.get("weight").values()).containsExactly(1, -2, 3.5f, 0, Float.MIN_VALUE, 6);
        assertThat(read.get("bias").values()).containsExactly(7, 8);
        assertThat(file()).containsExactly(file());
    }

    @Test
    void theHeaderIsAlignedAsTheFormatWantsIt() {
        long header = ByteBuffer.wrap(file()).order(ByteOrder.LITTLE_ENDIAN).getLong();
        assertThat(header % 8).isZero();
        assertThat(new String(file(), 8, (int) header, StandardCharsets.UTF_8))
                .startsWith("{\"bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}");
    }

    @Test
    void whatPointsOutsideTheFileIsRefusedByName() {
        String tensor = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[%s]}}";
        for (byte[] file : List.of(
                new byte[0],
                new byte[] {1, 2, 3},
                file("{", 0),
                file("[1]", 0).length > 0 ? file("{\"a\":1}", 8) : new byte[0],
                file(tensor.formatted("0,8"), 4),
                file(tensor.formatted("-8,0"), 8),
                file(tensor.formatted("8,0"), 8),
                file(tensor.formatted("0,4"), 8),
                file(tensor.formatted("9223372036854775800,9223372036854775807"), 8),
                file("{\"a\":{\"dtype\":\"F32\",\"shape\":[65536,65536],\"data_offsets\":[0,8]}}", 8),
                file("{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", 8),
                file("{\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8),
                Arrays.copyOf(file(), file().length - 1))) {
            Failure failure = catchThrowableOfType(Failure.class, () -> Safetensors.read(file, "head.safetensors"));
            assertThat(failure)
                    .as(new String(file, StandardCharsets.ISO_8859_1))
                    .isNotNull();
            assertThat(failure.kind()).isEqualTo(Failure.Kind.BROKEN);
            assertThat(failure).hasMessageContaining("head.safetensors");
        }
    }

    @Test
    void noRandomBytesDoMoreThanBeRefused() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            byte[] file = file();
            for (int i = 0; i <= random.nextInt(4); i++) {
                file[random.nextInt(file.length)] = (byte) random.nextInt();
            }
            try {
                Safetensors.read(file, "head.safetensors");
            } catch (Failure e) {
                assertThat(e.kind()).as("seed %d, round %d", seed, round).isEqualTo(Failure.Kind.BROKEN);
            }
        }
    }
}
