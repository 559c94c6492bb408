package dev.tandem.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.tandem.domain.Failure;
import dev.tandem.domain.OpenSpanReader;
import dev.tandem.domain.Printable;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A reader of answers as ONNX, of two outputs for each token: a folder with {@code model.onnx} and {@code tokenizer.json}. A
 * passage that does not go into it with the question is read to where it is cut. Safe to use from several threads.
 */
public final class OnnxReader implements OpenSpanReader {

    private static final int MOST_TOKENS = 512;

    private final String name;
    private final Tokenizer tokenizer;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Set<String> inputs;
    private final String output;

    private OnnxReader(String name, Tokenizer tokenizer, OrtEnvironment environment, OrtSession session, Path model)
            throws OrtException {
        this.name = name;
        this.tokenizer = tokenizer;
        this.environment = environment;
        this.session = session;
        this.inputs = session.getInputNames();
        this.output = session.getOutputInfo().values().stream()
                .filter(node -> node.getInfo() instanceof TensorInfo info
                        && info.getShape().length == 3
                        && info.getShape()[2] == 2)
                .findFirst()
                .map(NodeInfo::getName)
                .orElseThrow(() -> unusable(model, "it has no output of shape [batch, tokens, 2]", null));
        if (!Network.INPUTS.containsAll(inputs)) {
            throw unusable(model, "it wants other inputs than " + Network.INPUTS, null);
        }
    }

    /**
     * Opens a folder.
     *
     * @param cacheDir where native libraries are unpacked
     * @throws Failure INVALID where a file is missing or no reader's
     */
    public static OnnxReader load(Path folder, Path cacheDir) {
        Path model = folder.resolve("model.onnx");
        Path words = folder.resolve("tokenizer.json");
        for (Path file : List.of(model, words)) {
            if (!Files.isRegularFile(file)) {
                throw unusable(file, "it is not there", null);
            }
        }
        Natives.loadTokenizers(cacheDir);
        Natives.prepareOnnxRuntime(cacheDir);
        OrtEnvironment environment = Network.environment();
        Tokenizer tokenizer;
        try {
            tokenizer = Tokenizer.open(words);
        } catch (Tokenizer.Unusable e) {
            throw unusable(words, String.valueOf(e.getMessage()), e);
        }
        try {
            OrtSession session = environment.createSession(model.toString());
            try {
                return new OnnxReader(String.valueOf(folder.getFileName()), tokenizer, environment, session, model);
            } catch (OrtException | RuntimeException e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            tokenizer.close();
            throw unusable(model, String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    private static Failure unusable(Path file, String reason, @Nullable Throwable cause) {
        return new Failure(
                Failure.Kind.INVALID,
                "The reader's file " + Printable.of(file.toString()) + " cannot be used: " + reason + ".",
                "Train it again: tandem train reader.",
                cause);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Optional<Found>> read(String question, List<String> passages) {
        return IntStream.range(0, passages.size())
                .parallel()
                .mapToObj(i -> read(tokenizer.placed(question, passages.get(i), MOST_TOKENS)))
                .toList();
    }

    private Optional<Found> read(Tokenizer.Placed placed) {
        if (placed.starts().isEmpty()) {
            return Optional.empty();
        }
        FloatBuffer logits = logits(placed.tokens());
        double none = (double) logits.get(0) + logits.get(1);
        double best = Double.NEGATIVE_INFINITY;
        int from = 0;
        int to = 0;
        int count = placed.starts().size();
        for (int first = 0; first < count; first++) {
            double begins = logits.get(2 * (placed.second() + first));
            for (int last = first; last < Math.min(count, first + LONGEST); last++) {
                double sum = begins + logits.get(2 * (placed.second() + last) + 1);
                if (sum > best) {
                    best = sum;
                    from = first;
                    to = last;
                }
            }
        }
        int start = placed.starts().get(from);
        int end = placed.ends().get(to);
        return end <= start ? Optional.empty() : Optional.of(new Found(start, end, best, best - none));
    }

    /** [tokens · 2]. */
    private FloatBuffer logits(Tokenizer.Tokens tokens) {
        Map<String, OnnxTensor> tensors = new HashMap<>();
        try {
            for (String input : inputs) {
                tensors.put(input, OnnxTensor.createTensor(environment, Network.values(input, tokens), new long[] {
                    1, tokens.count()
                }));
            }
            try (OrtSession.Result result = session.run(tensors, Set.of(output))) {
                return ((OnnxTensor) result.get(0)).getFloatBuffer();
            }
        } catch (OrtException e) {
            throw new Failure(
                    Failure.Kind.BROKEN,
                    "The reader " + Printable.of(name) + " failed on " + tokens.count() + " tokens: " + e.getMessage(),
                    "Take it out of production: tandem adapters rollback.",
                    e);
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("the reader's session did not close", e);
        } finally {
            tokenizer.close();
        }
    }
}
