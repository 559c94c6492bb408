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

    /** Pieces that headers are made of: what is right, and what somebody might try. */
    private static final List<String> NAMES =
            List.of("\"a\"", "\"b\"", "\"__metadata__\"", "\"\"", "\"\\u0000\"", "\"../a\"", "a", "1", "null");

    private static final List<String> TYPES =
            List.of("\"F32\"", "\"F16\"", "\"BF16\"", "\"F64\"", "\"I64\"", "\"\"", "32", "null", "[]");
    private static final List<String> SIZES = List.of(
            "0",
            "1",
            "2",
            "-1",
            "65536",
            "2147483647",
            "2147483648",
            "4294967297",
            "9223372036854775807",
            "18446744073709551616",
            "1e3",
            "1e400",
            "0.5",
            "NaN",
            "\"2\"",
            "null",
            "{}",
            "[]");
    private static final List<String> OFFSETS =
            List.of("0", "4", "8", "16", "-4", "1", "3", "9223372036854775804", "1e9", "2147483644", "null", "\"8\"");

    private static String list(Random random, List<String> of, int most) {
        var list = new StringBuilder("[");
        int count = random.nextInt(most + 1);
        for (int i = 0; i < count; i++) {
            list.append(i == 0 ? "" : ",").append(any(random, of));
        }
        return list.append(random.nextInt(40) == 0 ? "" : "]").toString();
    }

    private static String any(Random random, List<String> of) {
        // Mostly the first ones, which are right: what is wrong everywhere is refused at once.
        return of.get(random.nextInt(3) == 0 ? random.nextInt(of.size()) : random.nextInt(2));
    }

    private static String header(Random random) {
        var header = new StringBuilder(random.nextInt(50) == 0 ? "[" : "{");
        int tensors = random.nextInt(4);
        for (int i = 0; i < tensors; i++) {
            header.append(i == 0 ? "" : ",")
                    .append(any(random, NAMES))
                    .append(":{\"dtype\":")
                    .append(any(random, TYPES))
                    .append(",\"shape\":")
                    .append(list(random, SIZES, 3))
                    .append(",\"data_offsets\":")
                    .append(list(random, OFFSETS, 2))
                    .append(random.nextInt(40) == 0 ? "" : "}");
        }
        return header.append(random.nextInt(40) == 0 ? "" : "}")
                .append(" ".repeat(random.nextInt(3)))
                .toString();
    }

    @Test
    void tenThousandHostileHeadersAreRefusedOrReadWithinTheirFile() {
        long seed = Long.getLong("tandem.seed", System.nanoTime());
        var random = new Random(seed);
        int read = 0;
        for (int round = 0; round < 10_000; round++) {
            String header = header(random);
            int data = 4 * random.nextInt(5);
            byte[] file = file(header, data);
            if (random.nextInt(10) == 0) {
                ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, random.nextLong());
            }
            String replay = "replay with -Dtandem.seed=" + seed + ": " + header;
            try {
                long values = Safetensors.read(file, "head.safetensors").values().stream()
                        .mapToLong(tensor -> tensor.values().length)
                        .sum();
                assertThat(values).as(replay).isLessThanOrEqualTo(data);
                read++;
            } catch (Failure e) {
                assertThat(e.kind()).as(replay).isEqualTo(Failure.Kind.BROKEN);
                assertThat(e).as(replay).hasMessageContaining("head.safetensors");
                assertThat(e.nextStep()).as(replay).isNotBlank();
            }
        }
        // Some are right: what refuses everything would pass otherwise.
        assertThat(read).isGreaterThan(100);
    }
}
