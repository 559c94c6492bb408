package dev.tandem.onnx;

import dev.tandem.domain.Encoder;
import dev.tandem.domain.Language;
import dev.tandem.domain.OpenEmbedder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A sentence encoder on ONNX Runtime.
 *
 * <p>A text's vector depends on the text and the role alone, bit for bit: not on the other texts of the call, their
 * number or order, nor on what runs beside it. (Another kind of processor may round differently.) Safe to use from
 * several threads; no more than one run per core goes on at a time.
 */
public final class OnnxEmbedder implements OpenEmbedder {

    /** Texts tokenised at a time: enough to keep all cores busy, few enough to hold little memory. */
    private static final int SLICE = 256;

    private final Encoder encoder;
    private final EncoderSettings settings;
    private final Lazy<Tokenizer> tokenizer;
    private final Lazy<Network> network;

    private final int workers = Runtime.getRuntime().availableProcessors();
    private final ExecutorService pool = Executors.newFixedThreadPool(
            workers, Thread.ofPlatform().name("encoder-", 0).daemon().factory());

    /** Shared while native memory is in use, exclusive to free it. */
    private final ReadWriteLock use = new ReentrantReadWriteLock();

    private boolean closed;

    private OnnxEmbedder(Encoder encoder, EncoderSettings settings, Lazy<Tokenizer> tokenizer, Lazy<Network> network) {
        this.encoder = encoder;
        this.settings = settings;
        this.tokenizer = tokenizer;
        this.network = network;
    }

    /**
     * bge-small-en-v1.5 in int8: 384 dimensions, 512 tokens, English. Loads nothing yet.
     *
     * @param cacheDir where model and native libraries are unpacked at the first text, and found from then on; about
     *     120 MB
     */
    public static OnnxEmbedder bundled(Path cacheDir) {
        EncoderSettings settings = EncoderFiles.BUNDLED_SETTINGS;
        var encoder = new Encoder(
                settings.name(),
                EncoderFiles.BUNDLED_HASH,
                EncoderFiles.BUNDLED_DIMENSIONS,
                settings.maxTokens(),
                Set.of(Language.ENGLISH));
        return new OnnxEmbedder(
                encoder,
                settings,
                new Lazy<>(
                        () -> {
                            Natives.loadTokenizers(cacheDir);
                            return Tokenizer.open(EncoderFiles.bundled(cacheDir));
                        },
                        Tokenizer::close),
                new Lazy<>(
                        () -> {
                            Natives.prepareOnnxRuntime(cacheDir);
                            return Network.open(
                                    EncoderFiles.bundled(cacheDir), OptimisedModel.of(encoder.hash(), cacheDir));
                        },
                        Network::close));
    }

    /**
     * Any sentence encoder: a folder with {@code model.onnx}, {@code tokenizer.json} and {@code tandem-encoder.json}
     * (keys {@code name}, {@code pooling}, {@code normalise}, {@code queryPrefix}, {@code passagePrefix},
     * {@code maxTokens}; name and pooling are needed). Opens the model, and reads all of it for its hash.
     *
     * @param cacheDir where native libraries are unpacked and the optimised model is kept
     * @throws dev.tandem.domain.Failure INVALID when a file is missing or unusable or a key is unknown
     */
    public static OnnxEmbedder load(Path folder, Path cacheDir) {
        return load(EncoderFiles.in(folder), cacheDir);
    }

    static OnnxEmbedder load(EncoderFiles files, Path cacheDir) {
        String hash = files.hash();
        return load(files, OptimisedModel.of(hash, cacheDir), () -> hash, cacheDir);
    }

    /**
     * The same of a model that is known by something else than its files: they are read for their hash while it opens.
     *
     * @param hash of the files
     */
    static OnnxEmbedder load(EncoderFiles files, OptimisedModel optimised, Supplier<String> hash, Path cacheDir) {
        Natives.loadTokenizers(cacheDir);
        Natives.prepareOnnxRuntime(cacheDir);
        EncoderSettings settings = files.settings();
        var tokenizer = new Lazy<>(() -> Tokenizer.open(files), Tokenizer::close);
        var network = new Lazy<>(() -> Network.open(files, optimised), Network::close);
        try {
            Encoder encoder;
            try (var beside = Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("encoder-opening").daemon().factory())) {
                Future<Network> opening = beside.submit(network::get);
                var _ = tokenizer.get();
                String known = hash.get();
                encoder = new Encoder(settings.name(), known, await(opening).dimensions(), settings.maxTokens());
            }
            return new OnnxEmbedder(encoder, settings, tokenizer, network);
        } catch (RuntimeException e) {
            tokenizer.close();
            network.close();
            throw e;
        }
    }

    @Override
    public Encoder encoder() {
        return encoder;
    }

    /** Starts loading in the background and returns at once, for who has other things to open before the first text. */
    public void warmUp() {
        try (Held _ = hold()) {
            // What fails here fails again at the first text, which is the one to report it.
            var _ = pool.submit(network::get);
            var _ = pool.submit(tokenizer::get);
        }
    }

    @Override
    public List<String> endpoints() {
        return List.of();
    }

    @Override
    public List<float[]> embed(List<String> texts, Role role) {
        try (Held _ = hold()) {
            var vectors = new ArrayList<float[]>(texts.size());
            for (int from = 0; from < texts.size(); from += SLICE) {
                vectors.addAll(embedSlice(texts.subList(from, Math.min(texts.size(), from + SLICE)), role));
            }
            return vectors;
        }
    }

    private List<float[]> embedSlice(List<String> texts, Role role) {
        Future<Network> opening = pool.submit(network::get);
        String prefix = role == Role.QUERY ? settings.queryPrefix() : settings.passagePrefix();
        List<Tokenizer.Tokens> tokens =
                tokenizer.get().tokens(texts.stream().map(text -> prefix + text).toList(), settings.maxTokens());
        // Longest first: the threads then finish at about the same time.
        List<Integer> order = IntStream.range(0, tokens.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> -tokens.get(i).count()))
                .toList();
        Network opened = await(opening);
        float[][] vectors = new float[tokens.size()][];
        var next = new AtomicInteger();
        var tasks = new ArrayList<Future<?>>();
        for (int worker = 0; worker < Math.min(workers, tokens.size()); worker++) {
            tasks.add(pool.submit(() -> {
                for (int i = next.getAndIncrement(); i < tokens.size(); i = next.getAndIncrement()) {
                    int text = order.get(i);
                    vectors[text] = opened.run(tokens.get(text));
                }
            }));
        }
        try {
            tasks.forEach(OnnxEmbedder::await);
        } finally {
            next.set(tokens.size());
        }
        return Arrays.asList(vectors);
    }

    @Override
    public int countTokens(String text) {
        try (Held _ = hold()) {
            return tokenizer.get().count(text);
        }
    }

    /** Waits for what is being embedded, then frees the native memory. */
    @Override
    public void close() {
        use.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                pool.close();
                tokenizer.close();
                network.close();
            }
        } finally {
            use.writeLock().unlock();
        }
    }

    private Held hold() {
        Lock shared = use.readLock();
        shared.lock();
        if (closed) {
            shared.unlock();
            throw new IllegalStateException("the encoder is closed");
        }
        return shared::unlock;
    }

    private interface Held extends AutoCloseable {
        @Override
        void close();
    }

    private static <T> T await(Future<T> task) {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while embedding", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
