package dev.tandem.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class NativesTest {

    @Test
    void theFoldersAreNamedAfterTheVersionsThatLieInThem() throws IOException {
        Natives.prepareOnnxRuntime(OnnxEmbedderTest.CACHE);
        assertThat(OrtEnvironment.getEnvironment().getVersion()).isEqualTo(Natives.ONNX_VERSION);
        var tokenizers = new Properties();
        try (InputStream in = NativesTest.class.getResourceAsStream("/native/lib/tokenizers.properties")) {
            tokenizers.load(in);
        }
        assertThat(tokenizers.getProperty("version")).endsWith("-" + Natives.TOKENIZERS_VERSION);
    }

    /** From 1.29.0 on the published builds for Linux and macOS report to their maker unless told not to. */
    @Test
    void theRuntimeHasNobodyToReportTo() throws IOException {
        String library = "/ai/onnxruntime/native/linux-x64/libonnxruntime.so";
        try (InputStream in = NativesTest.class.getResourceAsStream(library)) {
            String content = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);

            assertThat(content.contains("ORT_")).as("searched a real library").isTrue();
            assertThat(content.contains("events.data.")).isFalse();
            assertThat(content.contains("DISABLE_TELEMETRY")).isFalse();
        }
    }
}
