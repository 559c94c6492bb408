package dev.tandem.tune;

import java.security.MessageDigest;
import java.util.List;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/** What a run learns: what stands on top of the encoder, what it loses, and how good it is at what it does not learn from. */
interface Task {

    /** What stands on top of the encoder and is learned with it, by name. */
    SortedMap<String, Tensor> heads();

    /** How many tokens each thing has that is learned from. */
    int[] lengths();

    /** Which of them come together in an epoch; the same for the same seed and epoch. */
    default List<List<Integer>> order(int batch, long seed, int epoch) {
        return Order.of(lengths(), batch, seed, epoch);
    }

    /** The mean loss of some of them, as a number whose gradients go back to what the encoder gave. */
    Tensor loss(Replicas encoder, List<Integer> some);

    /**
     * How good it is at what it does not learn from.
     *
     * @param loss mean
     * @param figure the higher the better
     */
    record Look(double loss, double figure) {

        /** A better figure, or the same with less loss. */
        boolean isBetterThan(Look other) {
            return figure > other.figure || (figure == other.figure && loss < other.loss);
        }
    }

    /** Without gradients; called in a scope of its own. */
    Look look(Replicas encoder);

    /** All data and settings that it depends on. */
    void digest(MessageDigest digest);
}
