package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.Home;
import dev.tandem.knowledge.extract.ChunkSettings;
import dev.tandem.knowledge.extract.ExtractLimits;
import dev.tandem.knowledge.extract.OtherFormats;
import dev.tandem.knowledge.retrieve.HashingEmbedder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A re-embedding in a process of its own that dies, without a word, once it has embedded so many texts. */
final class ChildReembed {

    private ChildReembed() {}

    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        int life = Integer.parseInt(arguments[1]);
        var encoders = new TwoEncoders();
        encoders.configured = "b";
        encoders.there.put("b", new HashingEmbedder("b") {
            private int embedded;

            @Override
            public List<float[]> embed(List<String> texts, Role role) {
                embedded += texts.size();
                if (embedded > life) {
                    Runtime.getRuntime().halt(137);
                }
                return super.embed(texts, role);
            }
        });
        var small =
                new IngestSettings(ExtractLimits.standard(), ChunkSettings.standard(), 7, 1 << 20, Duration.ZERO, 4);
        Home home = Home.at(folder.resolve("home"));
        try (Ingestor ingestor = Ingestor.open(home, encoders, Consent.GIVEN, small, OtherFormats.NONE)) {
            ingestor.reembed(House.ANA, "default", _ -> {});
        }
    }

    static Process start(Path folder, int life) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ChildReembed.class.getName(),
                        folder.toString(),
                        Integer.toString(life))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("stderr").toFile()))
                .start();
    }
}
