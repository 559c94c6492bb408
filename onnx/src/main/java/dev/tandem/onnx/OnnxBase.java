package dev.tandem.onnx;

import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.model.EncoderShape;
import dev.tandem.behavior.model.FloatTensor;
import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.tuning.Linear;
import dev.tandem.behavior.tuning.TunableBase;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Failure;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The bundled encoder in float32: what is tuned, for whole numbers cannot be. It comes in a jar of its own, which only those
 * fetch who tune or serve what was tuned.
 */
public final class OnnxBase implements TunableBase {

    private static final String MODEL = "bge-small-en-v1.5.onnx";
    private static final String TOKENIZER = "bge-small-en-v1.5-tokenizer.json";

    private final EncoderFiles files;
    private final Path cacheDir;
    /** Let go where memory is short: it is long, and read again in a second. */
    private SoftReference<OnnxWeights> weights = new SoftReference<>(null);

    private @Nullable String hash;

    private OnnxBase(EncoderFiles files, Path cacheDir) {
        this.files = files;
        this.cacheDir = cacheDir;
    }

    /**
     * Unpacked into the cache folder where it is not there yet; 134 MB.
     *
     * @param resources finds a file of the jar by its name; null where it is not there
     * @throws Failure MISSING where the jar is not there
     */
    public static OnnxBase bundled(Path cacheDir, Function<String, @Nullable URL> resources) {
        URL model = resources.apply(MODEL);
        URL tokenizer = resources.apply(TOKENIZER);
        if (model == null || tokenizer == null) {
            throw new Failure(
                    Failure.Kind.MISSING,
                    "The base model bge-small-en-v1.5 in float32 is not here.",
                    "Fetch it with the trainer: ./tandem train classifier --method lora does.");
        }
        EncoderSettings bundled = EncoderFiles.BUNDLED_SETTINGS;
        var settings = new EncoderSettings(
                "bge-small-en-v1.5",
                bundled.pooling(),
                bundled.normalise(),
                bundled.queryPrefix(),
                bundled.passagePrefix(),
                bundled.maxTokens());
        Path folder = cacheDir.resolve("base-bge-small-en-v1.5");
        var files =
                new EncoderFiles(folder, settings, "Delete the folder " + folder + "; the next run unpacks it again.");
        Unpacked.file(model, files.model());
        Unpacked.file(tokenizer, files.tokenizer());
        return new OnnxBase(files, cacheDir);
    }

    @Override
    public BaseModel model() {
        return weights().model(name(), hash(), shape());
    }

    @Override
    public String name() {
        return files.settings().name();
    }

    @Override
    public synchronized String hash() {
        String known = hash;
        if (known == null) {
            known = files.hash();
            hash = known;
        }
        return known;
    }

    @Override
    public EncoderShape shape() {
        return EncoderShape.BGE_SMALL;
    }

    private synchronized OnnxWeights weights() {
        OnnxWeights read = weights.get();
        if (read == null) {
            read = OnnxWeights.read(files.model());
            weights = new SoftReference<>(read);
        }
        return read;
    }

    @Override
    public List<int[]> tokens(List<String> texts, Embedder.Role role, int maxTokens) {
        EncoderSettings settings = files.settings();
        String prefix = role == Embedder.Role.QUERY ? settings.queryPrefix() : settings.passagePrefix();
        return tokenizing(tokenizer ->
                tokenizer
                        .tokens(
                                texts.stream().map(text -> prefix + text).toList(),
                                Math.min(maxTokens, settings.maxTokens()))
                        .stream()
                        .map(tokens -> Arrays.stream(tokens.ids().array())
                                .mapToInt(Math::toIntExact)
                                .toArray())
                        .toList());
    }

    @Override
    public List<Joined> joined(List<String> questions, List<String> passages, int maxTokens) {
        int most = Math.min(maxTokens, files.settings().maxTokens());
        return tokenizing(tokenizer -> IntStream.range(0, questions.size())
                .mapToObj(i -> tokenizer.placed(questions.get(i), passages.get(i), most))
                .map(each -> new Joined(
                        Arrays.stream(each.tokens().ids().array())
                                .mapToObj(Math::toIntExact)
                                .toList(),
                        each.second(),
                        each.starts(),
                        each.ends()))
                .toList());
    }

    private <T> T tokenizing(Function<Tokenizer, T> work) {
        Natives.loadTokenizers(cacheDir);
        Tokenizer tokenizer = Tokenizer.open(files);
        try {
            return work.apply(tokenizer);
        } finally {
            tokenizer.close();
        }
    }

    @Override
    public OnnxEmbedder embedder() {
        return embedder(files.folder());
    }

    /** {@inheritDoc} The merged model takes 134 MB of the cache folder, which may be deleted at any time. */
    @Override
    public OnnxEmbedder embedder(Lora lora, String hash) {
        Path folder = cacheDir.resolve("tuned-" + hash.substring(0, 16));
        write(folder, () -> weights().with(lora.merged(model())));
        EncoderFiles merged = in(folder);
        return OnnxEmbedder.load(merged, OptimisedModel.of(hash, cacheDir), merged::hash, cacheDir);
    }

    /**
     * The encoder with other weights in the place of some of its own.
     *
     * @param folder in which it is kept as ONNX; written where it is not there
     */
    public OnnxEmbedder embedder(SortedMap<String, FloatTensor> replaced, Path folder) {
        write(folder, () -> weights().with(replaced));
        return embedder(folder);
    }

    /** {@inheritDoc} It takes 134 MB. */
    @Override
    public void export(Lora lora, Optional<Linear> head, boolean eachToken, Path folder) {
        write(folder, () -> {
            SortedMap<String, FloatTensor> merged = lora.merged(model());
            return head.isPresent()
                    ? weights().with(merged, head.get(), eachToken)
                    : weights().with(merged);
        });
        if (head.isEmpty()) {
            // What makes an encoder's folder of it, as the setting takes one.
            try {
                Files.writeString(
                        folder.resolve("tandem-encoder.json"), files.settings().json());
            } catch (IOException e) {
                throw unwritable(folder, e);
            }
        }
    }

    @Override
    public OnnxReranker reranker(Lora lora, Linear head, String hash) {
        return OnnxReranker.load(cached(lora, head, false, hash), cacheDir);
    }

    @Override
    public OnnxReader reader(Lora lora, Linear head, String hash) {
        return OnnxReader.load(cached(lora, head, true, hash), cacheDir);
    }

    private Path cached(Lora lora, Linear head, boolean eachToken, String hash) {
        Path folder = cacheDir.resolve("tuned-" + hash.substring(0, 16));
        export(lora, Optional.of(head), eachToken, folder);
        return folder;
    }

    private void write(Path folder, Supplier<byte[]> content) {
        write(files, folder, content);
    }

    /** A model with the words of another, where it is not there yet. */
    static void write(EncoderFiles files, Path folder, Supplier<byte[]> content) {
        Path model = folder.resolve("model.onnx");
        try {
            if (!Files.isRegularFile(model)) {
                Files.createDirectories(folder);
                Files.copy(files.tokenizer(), folder.resolve("tokenizer.json"), StandardCopyOption.REPLACE_EXISTING);
                Path part = Unpacked.part(model);
                try {
                    Files.write(part, content.get());
                    Unpacked.finish(part, model);
                } finally {
                    Unpacked.discard(part);
                }
            }
        } catch (IOException e) {
            throw unwritable(folder, e);
        }
    }

    private static Failure unwritable(Path folder, IOException e) {
        return new Failure(
                Failure.Kind.BROKEN,
                "The tuned encoder cannot be written to " + folder + ": " + e.getMessage(),
                "Check that the folder is writable and has about 140 MB free.",
                e);
    }

    private OnnxEmbedder embedder(Path folder) {
        return OnnxEmbedder.load(in(folder), cacheDir);
    }

    private EncoderFiles in(Path folder) {
        return new EncoderFiles(folder, files.settings(), files.repair());
    }
}
