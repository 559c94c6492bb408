package dev.tandem.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.Embedder.Role;
import dev.tandem.domain.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncoderFolderTest {

    private static final String BGE = """
            {"name": "my bge", "pooling": "cls", "normalise": true, "maxTokens": 512,
             "queryPrefix": "Represent this sentence for searching relevant passages: ", "passagePrefix": ""}""";

    @TempDir
    Path folder;

    @BeforeEach
    void linkTheBundledFiles() throws IOException {
        EncoderFiles bundled = EncoderFiles.bundled(OnnxEmbedderTest.CACHE);
        Files.copy(bundled.model(), folder.resolve("model.onnx"));
        Files.copy(bundled.tokenizer(), folder.resolve("tokenizer.json"));
    }

    @Test
    void theBundledFilesInAFolderMakeTheSameEncoderUnderAnotherName() throws IOException {
        settings(BGE);
        try (var loaded = load();
                var bundled = OnnxEmbedder.bundled(OnnxEmbedderTest.CACHE)) {
            assertThat(loaded.encoder().name()).isEqualTo("my bge");
            assertThat(loaded.encoder().hash()).isEqualTo(bundled.encoder().hash());
            assertThat(loaded.encoder().dimensions()).isEqualTo(384);
            assertThat(loaded.embed(List.of("red shoes"), Role.QUERY).getFirst())
                    .isEqualTo(bundled.embed(List.of("red shoes"), Role.QUERY).getFirst());
        }
    }

    @Test
    void meanPoolingPrefixAndLimitAreHonoured() throws IOException {
        settings("{\"name\": \"n\", \"pooling\": \"mean\", \"passagePrefix\": \"passage: \", \"maxTokens\": 8}");
        try (var mean = load()) {
            assertThat(mean.encoder().maxTokens()).isEqualTo(8);
            float[] cut = embed(mean, "one two three four five six seven eight", Role.PASSAGE);
            assertThat(cut).isEqualTo(embed(mean, "passage: one two three four", Role.QUERY));
            settings("{\"name\": \"n\", \"pooling\": \"cls\", \"passagePrefix\": \"passage: \", \"maxTokens\": 8}");
            try (var cls = load()) {
                double cosine =
                        OnnxEmbedderTest.cosine(embed(cls, "one", Role.PASSAGE), embed(mean, "one", Role.PASSAGE));
                assertThat(cosine).isBetween(0.5, 0.999);
            }
        }
    }

    @Test
    void aModelSaidToNormaliseItselfThatDoesNotIsFoundOut() throws IOException {
        settings("{\"name\": \"n\", \"pooling\": \"cls\", \"normalise\": false}");
        try (var loaded = load()) {
            assertThatThrownBy(() -> embed(loaded, "one", Role.PASSAGE))
                    .isInstanceOfSatisfying(Failure.class, failure -> {
                        assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID);
                        assertThat(failure.nextStep()).contains("normalise");
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"mean\"",
                "\"cls\", \"normalise\": false",
                "\"cls\", \"queryPrefix\": \"q: \"",
                "\"cls\", \"passagePrefix\": \"p: \"",
                "\"cls\", \"maxTokens\": 256"
            })
    void anySettingThatChangesVectorsChangesTheHash(String pooling) throws IOException {
        settings("{\"name\": \"a\", \"pooling\": \"cls\"}");
        String plain = EncoderFiles.in(folder).hash();
        settings("{\"name\": \"b\", \"pooling\": \"cls\"}");
        assertThat(EncoderFiles.in(folder).hash()).isEqualTo(plain);
        settings("{\"name\": \"a\", \"pooling\": " + pooling + "}");
        assertThat(EncoderFiles.in(folder).hash()).isNotEqualTo(plain);
    }

    @Test
    void weightsKeptApartAndTheTokenizerAreInTheHash() throws IOException {
        settings(BGE);
        String plain = EncoderFiles.in(folder).hash();
        Files.writeString(folder.resolve("model.onnx_data"), "weights");
        String apart = EncoderFiles.in(folder).hash();
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        assertThat(List.of(plain, apart, EncoderFiles.in(folder).hash())).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.onnx", "tokenizer.json", "tandem-encoder.json"})
    void aMissingFileIsNamed(String name) throws IOException {
        settings(BGE);
        Files.delete(folder.resolve(name));
        assertThatThrownBy(this::load).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID);
            assertThat(failure).hasMessageContaining(name);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"name":"n","pooling":"cls","normalize":true}   | unknown key 'normalize'
            {"name":"n"}                                    | has no pooling
            {"pooling":"cls"}                               | has no name
            {"name":"n","pooling":"max"}                    | cls or mean
            {"name":"n","pooling":7}                        | needs a text as pooling
            {"name":"n","pooling":"cls","normalise":"yes"}  | true or false
            {"name":"n","pooling":"cls","maxTokens":0}      | whole number
            {"name":"n","pooling":"cls","maxTokens":51.5}   | whole number
            {"name":"n","pooling":"cls","queryPrefix":null} | needs a text as queryPrefix
            {"name":"n","pooling":"cls","name":"m"}         | Duplicate
            {"name":"n","pooling":"cls"} {}                 | not JSON
            [1]                                             | no JSON object
            {"name":                                        | not JSON
            """)
    void wrongSettingsAreRefusedWithTheirReason(String json, String reason) throws IOException {
        settings(json);
        assertThatThrownBy(this::load).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID);
            assertThat(failure).hasMessageContaining(reason).hasMessageContaining("tandem-encoder.json");
            assertThat(failure.nextStep()).contains("queryPrefix");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.onnx", "tokenizer.json"})
    void aFileThatIsNotWhatItsNameSaysIsRefused(String name) throws IOException {
        settings(BGE);
        Files.writeString(folder.resolve(name), "not what the name says");
        assertThatThrownBy(this::load).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID);
            assertThat(failure).hasMessageContaining(name);
        });
    }

    @Test
    void aTextLongerThanTheModelTakesFailsWithTheSettingToChange() throws IOException {
        settings("{\"name\": \"n\", \"pooling\": \"cls\", \"maxTokens\": 600}");
        try (var loaded = load()) {
            assertThatThrownBy(() -> embed(loaded, "word ".repeat(598), Role.PASSAGE))
                    .isInstanceOfSatisfying(
                            Failure.class,
                            failure -> assertThat(failure.nextStep()).contains("maxTokens"));
            assertThat(embed(loaded, "short", Role.PASSAGE)).hasSize(384);
        }
    }

    private OnnxEmbedder load() {
        return OnnxEmbedder.load(folder, OnnxEmbedderTest.CACHE);
    }

    private void settings(String json) throws IOException {
        Files.writeString(folder.resolve("tandem-encoder.json"), json);
    }

    private static float[] embed(OnnxEmbedder embedder, String text, Role role) {
        return embedder.embed(List.of(text), role).getFirst();
    }
}
