package dev.tandem.tune;

import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.tuning.Head;
import dev.tandem.behavior.tuning.Trainer;
import dev.tandem.behavior.tuning.TrainingSettings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What makes two runs the same: base model, data, head and all settings that numbers follow from. */
final class Fingerprint {

    private Fingerprint() {}

    static String of(
            BaseModel base,
            Head start,
            Trainer.Labelled train,
            Trainer.Labelled validation,
            TrainingSettings settings) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        digest.update(
                String.join("\n", base.hash(), settings.keptIn(null).toString(), String.join("\n", start.labels()))
                        .getBytes(StandardCharsets.UTF_8));
        for (float[] values : new float[][] {start.weights(), start.biases()}) {
            ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
            bytes.asFloatBuffer().put(values);
            digest.update(bytes.array());
        }
        for (Trainer.Labelled part : new Trainer.Labelled[] {train, validation}) {
            for (int i = 0; i < part.texts().size(); i++) {
                int[] text = part.texts().get(i);
                ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * (text.length + 2));
                bytes.putInt(part.labels().get(i)).putInt(text.length);
                bytes.asIntBuffer().put(text);
                digest.update(bytes.array());
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
