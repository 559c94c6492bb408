package dev.tandem.onnx;

import dev.tandem.domain.Failure;
import dev.tandem.domain.OpenReranker;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * Any cross-encoder with one or two outputs for a pair, as ONNX: a folder with {@code model.onnx} and {@code tokenizer.json}.
 * Passages are cut to 512 tokens together with the question. Safe to use from several threads.
 */
public final class OnnxReranker implements OpenReranker {

    private static final PairNetwork.Kind KIND = new PairNetwork.Kind(
            "reranker",
            "[batch, 1] or [batch, 2]",
            shape -> shape.length == 2 && (shape[1] == 1 || shape[1] == 2),
            "A reranker is a folder with model.onnx and tokenizer.json.",
            "Use the ONNX export of a cross-encoder and the tokenizer.json that was published with it.",
            "Search without it: tandem tune-retrieval --reset.");

    private final PairNetwork network;

    private OnnxReranker(PairNetwork network) {
        this.network = network;
    }

    /**
     * Opens a folder.
     *
     * @param cacheDir where native libraries are unpacked
     * @throws Failure INVALID where a file is missing or no cross-encoder's
     */
    public static OnnxReranker load(Path folder, Path cacheDir) {
        return new OnnxReranker(PairNetwork.load(KIND, folder, cacheDir));
    }

    @Override
    public String name() {
        return network.name();
    }

    @Override
    public double[] score(String question, List<String> passages) {
        return network.tokenizer().pairs(question, passages, PairNetwork.MOST_TOKENS).stream()
                .parallel()
                .mapToDouble(this::score)
                .toArray();
    }

    private double score(Tokenizer.Tokens pair) {
        FloatBuffer logits = network.run(pair);
        double logit = network.width() == 1 ? logits.get(0) : logits.get(1) - logits.get(0);
        return 1 / (1 + Math.exp(-logit));
    }

    @Override
    public void close() {
        network.close();
    }
}
