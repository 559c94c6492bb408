package dev.tandem.onnx;

import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.tuning.Linear;
import dev.tandem.domain.Failure;
import dev.tandem.domain.OpenSpanReader;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A reader of answers as ONNX, of two outputs for each token: a folder with {@code model.onnx} and {@code tokenizer.json}. A
 * passage that does not go into it with the question is read to where it is cut. Safe to use from several threads.
 */
public final class OnnxReader implements OpenSpanReader {

    private static final PairNetwork.Kind KIND = new PairNetwork.Kind(
            "reader",
            "[batch, tokens, 2]",
            shape -> shape.length == 3 && shape[2] == 2,
            "Train it again: tandem train reader.",
            "Train it again: tandem train reader.",
            "Take it out of production: tandem adapters rollback.");

    private final PairNetwork network;

    private OnnxReader(PairNetwork network) {
        this.network = network;
    }

    /**
     * Opens a folder.
     *
     * @param cacheDir where native libraries are unpacked
     * @throws Failure INVALID where a file is missing or no reader's
     */
    public static OnnxReader load(Path folder, Path cacheDir) {
        return new OnnxReader(PairNetwork.load(KIND, folder, cacheDir));
    }

    /**
     * A reader that was tuned from the bundled encoder, on that encoder as it is bundled, in whole numbers: what was tuned
     * stands beside its layers. It is kept in the cache folder, 40 MB, which may be deleted at any time.
     *
     * @param hash of the adapter's files
     */
    public static OnnxReader beside(Lora lora, Linear head, String hash, Path cacheDir) {
        EncoderFiles bundled = EncoderFiles.bundled(cacheDir);
        Path folder = cacheDir.resolve("reader-" + hash.substring(0, 16));
        OnnxBase.write(bundled, folder, () -> OnnxWeights.read(bundled.model()).beside(lora, head, true));
        return load(folder, cacheDir);
    }

    @Override
    public String name() {
        return network.name();
    }

    @Override
    public List<Optional<Found>> read(String question, List<String> passages) {
        return IntStream.range(0, passages.size())
                .parallel()
                .mapToObj(i -> read(network.tokenizer().placed(question, passages.get(i), PairNetwork.MOST_TOKENS)))
                .toList();
    }

    private Optional<Found> read(Tokenizer.Placed placed) {
        if (placed.starts().isEmpty()) {
            return Optional.empty();
        }
        FloatBuffer logits = network.run(placed.tokens());
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

    @Override
    public void close() {
        network.close();
    }
}
