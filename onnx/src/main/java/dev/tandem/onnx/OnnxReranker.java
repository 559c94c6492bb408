package dev.tandem.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.tandem.domain.Failure;
import dev.tandem.domain.OpenReranker;
import dev.tandem.domain.Printable;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Any cross-encoder with one or two outputs for a pair, as ONNX: a folder with {@code model.onnx} and {@code tokenizer.json}.
 * Passages are cut to 512 tokens together with the question. Safe to use from several threads.
 */
public final class OnnxReranker implements OpenReranker {

    private static final int MOST_TOKENS = 512;

    private final String name;
    private final Tokenizer tokenizer;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Set<String> inputs;
    private final String output;
    private final int width;

    private OnnxReranker(String name, Tokenizer tokenizer, OrtEnvironment environment, OrtSession session, Path model)
            throws OrtException {
        this.name = name;
        this.tokenizer = tokenizer;
        this.environment = environment;
        this.session = session;
        this.inputs = session.getInputNames();
        for (String input : inputs) {
            if (!Network.INPUTS.contains(input)) {
                throw unusable(model, "it wants an input '" + Printable.of(input) + "'", null);
            }
        }
        NodeInfo logits = session.getOutputInfo().values().stream()
                .filter(node -> node.getInfo() instanceof TensorInfo info
                        && info.getShape().length == 2
                        && (info.getShape()[1] == 1 || info.getShape()[1] == 2))
                .findFirst()
                .orElseThrow(() -> unusable(model, "it has no output of shape [batch, 1] or [batch, 2]", null));
        this.output = logits.getName();
        this.width = Math.toIntExact(((TensorInfo) logits.getInfo()).getShape()[1]);
    }

    /**
     * Opens a folder.
     *
     * @param cacheDir where native libraries are unpacked
     * @throws Failure INVALID where a file is missing or no cross-encoder's
     */
    public static OnnxReranker load(Path folder, Path cacheDir) {
        Path model = folder.resolve("model.onnx");
        Path words = folder.resolve("tokenizer.json");
        for (Path file : List.of(model, words)) {
            if (!Files.isRegularFile(file)) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "The reranker's folder " + Printable.of(folder.toString()) + " has no file "
                                + file.getFileName() + ".",
                        "A reranker is a folder with model.onnx and tokenizer.json.");
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
                return new OnnxReranker(String.valueOf(folder.getFileName()), tokenizer, environment, session, model);
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
                "The reranker's file " + file + " cannot be used: " + reason + ".",
                "Use the ONNX export of a cross-encoder and the tokenizer.json that was published with it.",
                cause);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public double[] score(String question, List<String> passages) {
        return tokenizer.pairs(question, passages, MOST_TOKENS).stream()
                .parallel()
                .mapToDouble(this::score)
                .toArray();
    }

    private double score(Tokenizer.Tokens pair) {
        Map<String, OnnxTensor> tensors = new HashMap<>();
        try {
            for (String input : inputs) {
                tensors.put(input, OnnxTensor.createTensor(environment, Network.values(input, pair), new long[] {
                    1, pair.count()
                }));
            }
            try (OrtSession.Result result = session.run(tensors, Set.of(output))) {
                FloatBuffer logits = ((OnnxTensor) result.get(0)).getFloatBuffer();
                double logit = width == 1 ? logits.get(0) : logits.get(1) - logits.get(0);
                return 1 / (1 + Math.exp(-logit));
            }
        } catch (OrtException e) {
            throw new Failure(
                    Failure.Kind.BROKEN,
                    "The reranker " + Printable.of(name) + " failed on " + pair.count() + " tokens: " + e.getMessage(),
                    "Search without it: tandem tune-retrieval --reset.",
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
            throw new IllegalStateException("the reranker's session did not close", e);
        } finally {
            tokenizer.close();
        }
    }
}
