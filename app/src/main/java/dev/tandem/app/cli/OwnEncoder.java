package dev.tandem.app.cli;

import dev.tandem.app.Settings;
import dev.tandem.app.Wiring;
import dev.tandem.behavior.passages.RetrieverTraining;
import dev.tandem.catalog.CollectionEncoder;
import dev.tandem.domain.EncoderSource;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Printable;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** An encoder for one collection, instead of the configured one. */
final class OwnEncoder {

    /** What an adapter's name stands behind, where a folder would do as well. */
    static final String ADAPTER = "adapter:";

    @Option(
            names = "--encoder",
            paramLabel = "FOLDER|PROVIDER:NAME",
            description = "an encoder for this collection, as in the setting 'encoder'; bundled for the bundled one,"
                    + " adapter:NAME for a retriever that you trained")
    private @Nullable String encoder;

    /** A home with this encoder in its settings' place. */
    Wiring wiring(Path home, Map<String, String> environment, Principal asker) {
        return encoder == null ? Wiring.of(home, environment) : wiring(home, environment, asker, encoder);
    }

    /** The same with that one. */
    static Wiring wiring(Path home, Map<String, String> environment, Principal asker, String encoder) {
        String said = encoder.equals("bundled") ? "" : encoder;
        if (said.startsWith(ADAPTER)) {
            try (Wiring wiring = Wiring.of(home, environment)) {
                said = wiring.tuned(asker)
                        .folder(asker, said.substring(ADAPTER.length()), RetrieverTraining.KIND)
                        .toString();
            }
        }
        return Wiring.of(home, Settings.load(home).with("encoder", said), environment);
    }

    /** @throws Failure CONFLICT where this option was given, and the collection has the vectors of another encoder */
    void requireNewOrSame(Wiring wiring, Principal asker, String collection) {
        if (encoder == null) {
            return;
        }
        EncoderSource wanted = wiring.encoderSource(collection);
        for (CollectionEncoder each : wiring.catalog(asker).encoders(asker, collection)) {
            if (each.use() == CollectionEncoder.Use.LIVE
                    && !each.source().reference().equals(wanted.reference())) {
                throw new Failure(
                        Failure.Kind.CONFLICT,
                        "The collection '" + Printable.of(collection) + "' has vectors of " + each.source()
                                + ", not of " + wanted + ".",
                        "Give it the other encoder with tandem reembed --encoder " + Printable.of(encoder)
                                + ", or leave --encoder out.");
            }
        }
    }
}
