package dev.tandem.tune;

import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.tuning.TrainingSettings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** What makes two runs the same: base model, task, data and all settings that numbers follow from. */
final class Fingerprint {

    private Fingerprint() {}

    static String of(BaseModel base, Task task, TrainingSettings settings) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        digest.update(String.join(
                        "\n",
                        task.getClass().getSimpleName(),
                        base.hash(),
                        settings.keptIn(null).toString(),
                        "")
                .getBytes(StandardCharsets.UTF_8));
        task.digest(digest);
        return HexFormat.of().formatHex(digest.digest());
    }

    static void floats(MessageDigest digest, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
        bytes.asFloatBuffer().put(values);
        digest.update(bytes.array());
    }

    static void numbers(MessageDigest digest, List<Integer> numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * (numbers.size() + 1));
        bytes.putInt(numbers.size());
        numbers.forEach(bytes::putInt);
        digest.update(bytes.array());
    }

    static void texts(MessageDigest digest, List<int[]> texts) {
        for (int[] text : texts) {
            ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * (text.length + 1));
            bytes.putInt(text.length);
            bytes.asIntBuffer().put(text);
            digest.update(bytes.array());
        }
    }
}
