package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.Home;
import dev.tandem.knowledge.extract.ChunkSettings;
import dev.tandem.knowledge.extract.ExtractLimits;
import dev.tandem.knowledge.extract.OtherFormats;
import dev.tandem.knowledge.retrieve.HashingEmbedder;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Anything that writes a house, in a process of its own that can be killed. */
final class ChildWork {

    private ChildWork() {}

    /** What it does. */
    enum Kind {
        INGEST,
        FILL,
        REEMBED,
        WATCH
    }

    /** Small groups: many commits, many moments to die at. */
    private static final IngestSettings SMALL_GROUPS =
            new IngestSettings(ExtractLimits.standard(), ChunkSettings.standard(), 7, 1 << 20, Duration.ZERO, 4);

    private static final Watch.Rhythm QUICK = new Watch.Rhythm(
            Duration.ofMillis(30), Duration.ofSeconds(1), Duration.ofMillis(100), Duration.ZERO, Duration.ofMillis(50));

    /**
     * The folder of the house, the kind, and the letter of the encoder that is configured. Prints {@code answered} when a
     * question is; then {@code start}; a line for each acknowledgement and switch, on which the client may rely; one for each
     * batch of texts that is about to be embedded; and {@code done}.
     */
    public static void main(String[] arguments) throws InterruptedException {
        Path folder = Path.of(arguments[0]);
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        var house = new TwoEncoderHouse(folder);
        out.println("answered " + house.search("herons").size());
        out.println("start");
        house.encoders.configured = arguments[2];
        for (String letter : List.of("a", "b")) {
            house.encoders.there.put(letter, new HashingEmbedder(letter) {
                @Override
                public List<float[]> embed(List<String> texts, Role role) {
                    out.println("embedding");
                    return super.embed(texts, role);
                }
            });
        }
        Request request =
                Request.of(House.ANA, "default", List.of(folder.resolve("docs").toString()));
        Home home = Home.at(folder.resolve("home"));
        if (Kind.valueOf(arguments[1]) == Kind.WATCH) {
            try (Watch watch = Watch.of(home, request, () -> open(home, house.encoders), QUICK)) {
                watch.run(event -> tell(event, out));
            }
            return;
        }
        try (Ingestor ingestor = open(home, house.encoders)) {
            switch (Kind.valueOf(arguments[1])) {
                case INGEST -> ingestor.ingest(request, event -> tell(event, out));
                case FILL -> ingestor.fill(House.ANA, "default", event -> tell(event, out));
                case REEMBED -> ingestor.reembed(House.ANA, "default", event -> tell(event, out));
                case WATCH -> throw new IllegalStateException("watched above");
            }
            out.println("done");
        }
    }

    private static Ingestor open(Home home, TwoEncoders encoders) {
        return Ingestor.open(home, encoders, Consent.GIVEN, SMALL_GROUPS, OtherFormats.NONE);
    }

    private static void tell(Event event, PrintStream out) {
        if (event instanceof Event.Acknowledged it) {
            out.println("acknowledged " + it.document() + " " + it.version() + " " + it.path());
        } else if (event instanceof Event.Switched it) {
            out.println("switched " + it.to());
        }
    }

    static Process start(Path folder, Kind kind, String configured) throws IOException {
        return new ProcessBuilder(
                        ChildIngest.java(ChildWork.class, List.of(folder.toString(), kind.name(), configured)))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("stderr").toFile()))
                .start();
    }
}
