package dev.tandem.tune;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019), over gradients whose norm is cut. Its whole state are two
 * tensors for each that is learned, and the number of steps.
 */
final class AdamW {

    private static final double FIRST = .9;
    private static final double SECOND = .999;
    private static final double EPSILON = 1e-8;
    private static final double MOST_NORM = 1;

    /** What is learned at one rate. */
    record Group(List<Tensor> tensors, double rate, double decay) {}

    private record Learned(Tensor tensor, Tensor mean, Tensor square, Group group) {}

    private final List<Learned> all = new ArrayList<>();
    private int steps;

    AdamW(List<Group> groups) {
        for (Group group : groups) {
            for (Tensor tensor : group.tensors) {
                all.add(new Learned(
                        tensor, torch.zeros_like(tensor.detach()), torch.zeros_like(tensor.detach()), group));
            }
        }
    }

    /**
     * Moves everything against its gradient, and lets go of the gradients.
     *
     * @param share of the highest rate, by the schedule
     * @return the norm of all gradients together, before it was cut
     */
    double step(double share) {
        try (var _ = new NoGradGuard()) {
            double squares = 0;
            for (Learned each : all) {
                double norm = each.tensor.grad().norm().item_double();
                squares += norm * norm;
            }
            double norm = Math.sqrt(squares);
            double cut = norm > MOST_NORM ? MOST_NORM / (norm + 1e-6) : 1; // as PyTorch cuts
            steps++;
            double meanBias = 1 - Math.pow(FIRST, steps);
            double squareBias = Math.sqrt(1 - Math.pow(SECOND, steps));
            for (Learned each : all) {
                double rate = each.group.rate * share;
                Tensor gradient = each.tensor.grad();
                if (cut < 1) {
                    gradient.mul_(Numbers.scalar(cut));
                }
                each.tensor.mul_(Numbers.scalar(1 - rate * each.group.decay));
                each.mean.mul_(Numbers.scalar(FIRST)).add_(gradient, Numbers.scalar(1 - FIRST));
                each.square.mul_(Numbers.scalar(SECOND)).addcmul_(gradient, gradient, Numbers.scalar(1 - SECOND));
                Tensor spread =
                        each.square.sqrt().div_(Numbers.scalar(squareBias)).add_(Numbers.scalar(EPSILON));
                each.tensor.addcdiv_(each.mean, spread, Numbers.scalar(-rate / meanBias));
                gradient.zero_();
            }
            return norm;
        }
    }

    int steps() {
        return steps;
    }

    /** Its state under names that begin with {@code adam.}. */
    void save(SortedMap<String, Tensor> into) {
        for (int i = 0; i < all.size(); i++) {
            into.put("adam.mean.%04d".formatted(i), all.get(i).mean);
            into.put("adam.square.%04d".formatted(i), all.get(i).square);
        }
    }

    /** Goes on from a state that was saved after so many steps; the tensors themselves are the caller's. */
    void steps(int made) {
        steps = made;
    }
}
