package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

    @Test
    void everyComponentHasAKeyThatReadsAndWritesIt() {
        // The limits of parsing are a record of their own, and each of them a key.
        int components = Stream.of(Settings.class.getRecordComponents())
                .mapToInt(each -> each.getType().isRecord() ? each.getType().getRecordComponents().length : 1)
                .sum();
        assertThat(Settings.KEYS).hasSize(components);
        for (Settings.Key key : Settings.KEYS) {
            String value = switch (key.name()) {
                case "model", "model-fallback", "encoder" -> "ollama:value";
                case "web-hosts", "web-private" -> "value";
                case "web-schemes" -> "https";
                case "encoder-languages" -> "de,en";
                case "reader" -> "adapter:spans";
                case "language" -> "fr";
                case "ocr" -> "off";
                case "ocr-languages" -> "deu+eng";
                case "model-key", "model-fallback-key", "encoder-key" -> "env:K";
                case "model-price", "model-fallback-price" -> "0.15/0.60";
                case "budget-usd", "encoder-price" -> "2.50";
                default -> "64";
            };
            Settings changed = Settings.DEFAULT.with(key.name(), value);
            assertThat(changed.get(key.name())).isEqualTo(value);
            assertThat(changed.with(key.name(), Settings.DEFAULT.get(key.name())))
                    .isEqualTo(Settings.DEFAULT);
        }
    }

    @Test
    void everyKeyIsExplainedInTheDocs() throws Exception {
        String page = Files.readString(
                Path.of(System.getProperty("tandem.root", "..")).resolve("docs/configuration.md"));
        assertThat(Settings.KEYS).allSatisfy(key -> assertThat(page).contains("`" + key.name() + "`"));
    }

    @Test
    void changesMadeAtOnceAreAllKept(@TempDir Path home) throws Exception {
        try (var pool = Executors.newFixedThreadPool(4)) {
            var made = IntStream.range(0, 40)
                    .mapToObj(i -> pool.submit(() -> Settings.change(
                            home,
                            settings -> i % 2 == 0
                                    ? settings.with("encoder", settings.encoder() + "e")
                                    : settings.with("web-hosts", settings.get("web-hosts") + "m"))))
                    .toList();
            for (var change : made) {
                change.get();
            }
        }
        assertThat(Settings.load(home).encoder()).hasSize(20);
        assertThat(Settings.load(home).get("web-hosts")).hasSize(20);
    }
}
