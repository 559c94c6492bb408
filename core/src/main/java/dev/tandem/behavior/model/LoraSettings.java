package dev.tandem.behavior.model;

import dev.tandem.domain.Failure;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Low-rank adaptation (Hu et al. 2021): beside a frozen linear layer W runs {@code scale · B · A}, with A [rank, inputs] and
 * B [outputs, rank].
 *
 * @param rank the one dial: width of what is learned beside each layer
 * @param alpha strength: the scale is alpha / rank, or alpha / √rank where rank-stabilised (Kalajdzievski 2023)
 * @param rankStabilised rsLoRA
 * @param dropout share of inputs of A that are left out at each step of training
 * @param targets the parts of each layer that are tuned, of {@link EncoderShape#LINEAR_PARTS}
 * @param lowestLayer layers below it stay as they are
 */
public record LoraSettings(
        int rank, double alpha, boolean rankStabilised, double dropout, List<String> targets, int lowestLayer) {

    private static final int MOST = 256;

    /** @throws Failure INVALID where a value is outside its range, with the range */
    public LoraSettings {
        targets = List.copyOf(targets);
        if (rank < 1 || rank > MOST) {
            throw invalid("The rank " + rank + " is out of range.", "Give a rank from 1 to " + MOST + ", such as 8.");
        }
        if (!(alpha > 0) || Double.isInfinite(alpha)) {
            throw invalid("The strength alpha " + alpha + " is out of range.", "Give a number above 0, such as 16.");
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw invalid(
                    "The dropout " + dropout + " is out of range.", "Give a share from 0 to below 1, such as 0.05.");
        }
        if (targets.isEmpty() || !EncoderShape.LINEAR_PARTS.containsAll(targets) || lowestLayer < 0) {
            throw invalid(
                    "These parts cannot be tuned: " + targets + " from layer " + lowestLayer + " on.",
                    "Choose of " + String.join(", ", EncoderShape.LINEAR_PARTS) + ".");
        }
    }

    /** All linear layers, alpha twice the rank. */
    public static LoraSettings ofRank(int rank) {
        return new LoraSettings(rank, 2.0 * rank, false, 0, EncoderShape.LINEAR_PARTS, 0);
    }

    public double scale() {
        return rankStabilised ? alpha / Math.sqrt(rank) : alpha / rank;
    }

    /** The linear layers that are tuned, with outputs and inputs. */
    public SortedMap<String, List<Integer>> layers(EncoderShape shape) {
        var layers = new TreeMap<String, List<Integer>>();
        SortedMap<String, List<Integer>> linears = shape.linears();
        for (int layer = lowestLayer; layer < shape.layers(); layer++) {
            for (String part : targets) {
                String name = EncoderShape.layer(layer, part);
                layers.put(name, linears.getOrDefault(name, List.of()));
            }
        }
        return layers;
    }

    private static Failure invalid(String what, String next) {
        return new Failure(Failure.Kind.INVALID, what, next);
    }
}
