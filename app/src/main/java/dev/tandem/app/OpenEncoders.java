package dev.tandem.app;

import dev.tandem.catalog.Home;
import dev.tandem.catalog.Usage;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.EncoderSource;
import dev.tandem.domain.Encoders;
import dev.tandem.domain.Language;
import dev.tandem.llm.Bill;
import dev.tandem.llm.EmbeddingModels;
import dev.tandem.llm.LanguageModels;
import dev.tandem.onnx.OnnxEmbedder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** The encoders of a home: the bundled one, those in folders, and those that are served; each opened once. */
final class OpenEncoders implements Encoders, AutoCloseable {

    private static final EncoderSource BUNDLED = new EncoderSource("", "", "", Language.ENGLISH.code());

    private final Home home;
    private final Settings settings;
    private final Path cache;
    private final BinaryOperator<@Nullable String> keys;
    private final Map<String, OnnxEmbedder> local = new HashMap<>();
    private final Map<String, Embedder> served = new HashMap<>();

    /** @param keys the key that a setting, by its name and its value, refers to */
    OpenEncoders(Home home, Settings settings, Path cache, BinaryOperator<@Nullable String> keys) {
        this.home = home;
        this.settings = settings;
        this.cache = cache;
        this.keys = keys;
    }

    @Override
    public EncoderSource wanted(String collection) {
        String reference = settings.encoder();
        if (reference.isEmpty()) {
            return BUNDLED;
        }
        return EmbeddingModels.isRemote(reference)
                ? new EncoderSource(
                        reference, settings.encoderKey(), settings.encoderPrice(), settings.encoderLanguages())
                : new EncoderSource(
                        Path.of(reference).toAbsolutePath().normalize().toString(),
                        "",
                        "",
                        settings.encoderLanguages());
    }

    /** Those that are asked without a server first. */
    @Override
    public List<EncoderSource> likely(String collection) {
        EncoderSource wanted = wanted(collection);
        if (wanted.equals(BUNDLED)) {
            return List.of(BUNDLED);
        }
        return EmbeddingModels.isRemote(wanted.reference()) ? List.of(BUNDLED, wanted) : List.of(wanted, BUNDLED);
    }

    @Override
    public synchronized Embedder open(String tenant, EncoderSource written, @Nullable Encoder as) {
        // Key and price of the configured one are what the settings say by now.
        EncoderSource source = written.reference().equals(settings.encoder()) ? wanted("") : written;
        if (!EmbeddingModels.isRemote(source.reference())) {
            return Encoders.same(folder(source.reference()), source, as);
        }
        // What is booked on one tenant is not another's, and the same name may be served at another size by now.
        String place = tenant + " " + source.reference() + " " + (as == null ? "" : as.hash());
        return served.computeIfAbsent(place, _ -> Encoders.same(served(tenant, source, as), source, as));
    }

    private Embedder served(String tenant, EncoderSource source, @Nullable Encoder as) {
        return EmbeddingModels.open(
                source.reference(),
                keys.apply("encoder-key", source.key()),
                LanguageModels.Patience.DEFAULT,
                new EmbeddingModels.Drive(settings.encoderPerMinute(), settings.encoderParallel()),
                new Bill(Usage.of(home, tenant), source.price(), settings.budgetUsd()),
                as);
    }

    private OnnxEmbedder folder(String reference) {
        OnnxEmbedder open = local.get(reference);
        if (open == null) {
            open = reference.isEmpty() ? OnnxEmbedder.bundled(cache) : OnnxEmbedder.load(Path.of(reference), cache);
            local.put(reference, open);
        }
        return open;
    }

    /** One that stays on this machine: the configured one if it does, and the bundled one otherwise. */
    synchronized Embedder local() {
        EncoderSource wanted = wanted("");
        return folder(EmbeddingModels.isRemote(wanted.reference()) ? "" : wanted.reference());
    }

    @Override
    public synchronized void close() {
        local.values().forEach(OnnxEmbedder::close);
        local.clear();
        served.clear();
    }
}
