package dev.tandem.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A network that reads question and passage in one sequence, as ONNX, with its words: a folder with {@code model.onnx} and
 * {@code tokenizer.json}. One run takes one pair; runs may go on side by side.
 */
final class PairNetwork implements AutoCloseable {

    private static final String MODEL = "model.onnx";

    /** Most tokens of a pair. */
    static final int MOST_TOKENS = 512;

    /**
     * What is wanted of a network, and what is said where it cannot be had.
     *
     * @param called {@code reranker}, {@code reader}
     * @param output its shape in words
     * @param shape whether an output has it
     * @param missing what to do where a file is not there
     * @param unusable what to do where a file cannot be used
     * @param failed what to do where it fails on a text
     */
    record Kind(
            String called, String output, Predicate<long[]> shape, String missing, String unusable, String failed) {}

    private final Kind kind;
    private final String name;
    private final Tokenizer tokenizer;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final NodeInfo output;

    private PairNetwork(Kind kind, Path folder, Tokenizer tokenizer, OrtEnvironment environment, OrtSession session)
            throws OrtException {
        this.kind = kind;
        this.name = String.valueOf(folder.getFileName());
        Path model = folder.resolve(MODEL);
        this.tokenizer = tokenizer;
        this.environment = environment;
        this.session = session;
        for (String input : session.getInputNames()) {
            if (!Network.INPUTS.contains(input)) {
                throw unusable(kind, model, "it wants an input '" + Printable.of(input) + "'", null);
            }
        }
        this.output = session.getOutputInfo().values().stream()
                .filter(node -> node.getInfo() instanceof TensorInfo info && kind.shape.test(info.getShape()))
                .findFirst()
                .orElseThrow(() -> unusable(kind, model, "it has no output of shape " + kind.output, null));
    }

    /**
     * Opens a folder.
     *
     * @param cacheDir where native libraries are unpacked
     * @throws Failure INVALID where a file is missing or is of nothing of that kind
     */
    static PairNetwork load(Kind kind, Path folder, Path cacheDir) {
        Path model = folder.resolve(MODEL);
        Path words = folder.resolve("tokenizer.json");
        for (Path file : List.of(model, words)) {
            if (!Files.isRegularFile(file)) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "The " + kind.called + "'s folder " + Printable.of(folder.toString()) + " has no file "
                                + file.getFileName() + ".",
                        kind.missing);
            }
        }
        Natives.loadTokenizers(cacheDir);
        Natives.prepareOnnxRuntime(cacheDir);
        OrtEnvironment environment = Network.environment();
        Tokenizer tokenizer;
        try {
            tokenizer = Tokenizer.open(words);
        } catch (Tokenizer.Unusable e) {
            throw unusable(kind, words, String.valueOf(e.getMessage()), e);
        }
        try {
            OrtSession session = environment.createSession(model.toString());
            try {
                return new PairNetwork(kind, folder, tokenizer, environment, session);
            } catch (OrtException | RuntimeException e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            tokenizer.close();
            throw unusable(kind, model, String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    private static Failure unusable(Kind kind, Path file, String reason, @Nullable Throwable cause) {
        return new Failure(
                Failure.Kind.INVALID,
                "The " + kind.called + "'s file " + file + " cannot be used: " + reason + ".",
                kind.unusable,
                cause);
    }

    /** Of the folder. */
    String name() {
        return name;
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    /** How many numbers the output has for a pair, or for each token of it. */
    int width() {
        long[] shape = ((TensorInfo) output.getInfo()).getShape();
        return Math.toIntExact(shape[shape.length - 1]);
    }

    /** The output for one pair, row after row. */
    FloatBuffer run(Tokenizer.Tokens pair) {
        Map<String, OnnxTensor> tensors = new HashMap<>();
        try {
            for (String input : session.getInputNames()) {
                tensors.put(input, OnnxTensor.createTensor(environment, Network.values(input, pair), new long[] {
                    1, pair.count()
                }));
            }
            try (OrtSession.Result result = session.run(tensors, Set.of(output.getName()))) {
                return ((OnnxTensor) result.get(0)).getFloatBuffer();
            }
        } catch (OrtException e) {
            throw new Failure(
                    Failure.Kind.BROKEN,
                    "The " + kind.called + " " + Printable.of(name) + " failed on " + pair.count() + " tokens: "
                            + e.getMessage(),
                    kind.failed,
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
            throw new IllegalStateException("the " + kind.called + "'s session did not close", e);
        } finally {
            tokenizer.close();
        }
    }
}
