package dev.tandem.tune;

import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.model.EncoderShape;
import dev.tandem.behavior.model.LoraSettings;
import dev.tandem.behavior.tuning.TrainingSettings;
import dev.tandem.domain.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** What a run will take, by estimate: from how many numbers a token passes, and how fast this machine multiplies. */
final class Plan {

    private static final int MEGABYTE = 1_000_000;

    /** Of how fast large matrices are multiplied, so much is reached in training: the rest of the time goes to all else. */
    private static final double REACHED = .55;

    /** Numbers kept of each token and layer for the way back, in widths of the layer and of its inner layer. */
    private static final int KEPT_WIDTHS = 12;

    private static final int KEPT_INNER_WIDTHS = 4;

    /** What the program itself takes. */
    private static final long OWN_MEGABYTES = 400;

    private static final int PROBES = 8;

    private Plan() {}

    /** Most memory that it takes, in megabytes. */
    static long megabytes(BaseModel base, TrainingSettings settings, List<List<Integer>> batches, int[] lengths) {
        EncoderShape shape = base.shape();
        long most = 0;
        for (List<Integer> batch : batches) {
            int longest = batch.stream().mapToInt(i -> lengths[i]).max().orElse(0);
            long tokens = (long) batch.size() * longest;
            long perToken = (long) KEPT_WIDTHS * shape.hidden()
                    + (long) KEPT_INNER_WIDTHS * shape.intermediate()
                    + (long) shape.heads() * longest;
            most = Math.max(
                    most, tokens * perToken * (shape.layers() - settings.lora().lowestLayer()));
        }
        long weights = base.tensors().values().stream()
                .mapToLong(tensor -> tensor.values().length)
                .sum();
        // The weights, once here and once for libtorch; what is learned with its gradient and two means, and its best.
        return OWN_MEGABYTES + Float.BYTES * (most + 2 * weights + 5 * learned(settings.lora(), shape)) / MEGABYTE;
    }

    private static long learned(LoraSettings lora, EncoderShape shape) {
        return lora.layers(shape).values().stream()
                .mapToLong(sizes -> (long) lora.rank() * (sizes.get(0) + sizes.get(1)))
                .sum();
    }

    /** About how long that many tokens take. */
    static Duration took(BaseModel base, TrainingSettings settings, double tokens) {
        EncoderShape shape = base.shape();
        double perLayer = 4.0 * shape.hidden() * shape.hidden() + 2.0 * shape.hidden() * shape.intermediate();
        int trained = shape.layers() - settings.lora().lowestLayer();
        // A product and a sum for each weight on the way there; the same for what is learned from on the way back.
        double operations = 2 * perLayer * (shape.layers() + trained) * tokens;
        double seconds = operations / (REACHED * settings.threads() * operationsPerSecond(shape));
        return Duration.ofMillis(Math.round(1_000 * seconds));
    }

    /** Of one thread. */
    private static double operationsPerSecond(EncoderShape shape) {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            int rows = 2_048;
            Tensor left = torch.ones(rows, shape.hidden());
            Tensor right = torch.ones(shape.hidden(), shape.intermediate());
            double best = 0;
            for (int i = 0; i < PROBES; i++) {
                long began = System.nanoTime();
                left.matmul(right);
                double seconds = (System.nanoTime() - began) / 1e9;
                best = Math.max(best, 2.0 * rows * shape.hidden() * shape.intermediate() / seconds);
            }
            return best;
        }
    }

    /**
     * To be asked before a run.
     *
     * @throws Failure INVALID where the machine has less memory to spare
     */
    static void require(long megabytes) {
        OptionalLong free = available(Path.of("/proc/meminfo"));
        if (free.isPresent() && free.getAsLong() < megabytes) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "Training would take about " + megabytes + " MB of memory, and " + free.getAsLong()
                            + " MB are free.",
                    "Give a smaller --batch, tune fewer layers with --lowest-layer, or end other programs.");
        }
    }

    /** In megabytes; empty where the system does not say. */
    static OptionalLong available(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.US_ASCII).stream()
                    .filter(line -> line.startsWith("MemAvailable:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1_024 / MEGABYTE)
                    .findFirst();
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
