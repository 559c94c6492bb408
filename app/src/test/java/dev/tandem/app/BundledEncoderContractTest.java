package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.domain.Embedder;
import dev.tandem.onnx.OnnxEmbedder;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class BundledEncoderContractTest extends EmbedderContract {

    private static final OnnxEmbedder BUNDLED =
            OnnxEmbedder.bundled(Path.of(System.getProperty("tandem.root", "."), "target", "encoder-cache"));

    @AfterAll
    static void closed() {
        BUNDLED.close();
    }

    @Override
    Embedder embedder() {
        return BUNDLED;
    }

    @Test
    void textsStayInThisProcess() {
        assertThat(BUNDLED.server()).isEmpty();
    }
}
