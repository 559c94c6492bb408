package dev.tandem.tune;

import dev.tandem.behavior.tuning.Trainer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.function.ToIntFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * To find an answer in a passage: at each token of it, and at the first token of all for none, two outputs, whether the
 * answer begins there and whether it ends there.
 *
 * <p>Source: Devlin et al. 2019, section 4.3.
 */
final class Reading implements Task {

    /** Most tokens of an answer. */
    private static final int LONGEST = 30;

    private static final double NOWHERE = -1e4;

    private final Trainer.Spans train;
    private final Trainer.Spans validation;
    private final Top head;

    Reading(Trainer.Spans train, Trainer.Spans validation, int hidden, long seed) {
        this.train = train;
        this.validation = validation;
        this.head = new Top(2, hidden, seed);
    }

    Top head() {
        return head;
    }

    @Override
    public SortedMap<String, Tensor> heads() {
        return head.tensors();
    }

    @Override
    public int[] lengths() {
        return Order.lengths(train.texts());
    }

    @Override
    public Tensor loss(Replicas encoder, List<Integer> some) {
        Tensor scores = scores(encoder, train, some, true);
        return half(scores, 0, some, train.firsts()::get)
                .add(half(scores, 1, some, train.lasts()::get))
                .div(new Scalar(2.0));
    }

    private static Tensor half(Tensor scores, int output, List<Integer> some, ToIntFunction<Integer> place) {
        long[] wanted = some.stream().mapToLong(place::applyAsInt).toArray();
        return torch.cross_entropy_loss(scores.select(2, output), Tensor.create(wanted, wanted.length));
    }

    /** [texts, length, 2]; tokens that cannot be of an answer have none. */
    private Tensor scores(Replicas encoder, Trainer.Spans from, List<Integer> some, boolean training) {
        Tensor states = encoder.hidden(from.texts(), from.seconds(), some, training);
        int length = (int) states.size(1);
        var closed = new boolean[some.size() * length];
        for (int row = 0; row < some.size(); row++) {
            int text = some.get(row);
            int begin = row * length;
            Arrays.fill(closed, begin + 1, begin + from.seconds().get(text), true);
            Arrays.fill(closed, begin + from.texts().get(text).length - 1, begin + length, true);
        }
        Tensor mask = Tensor.create(closed, some.size(), length).unsqueeze(2);
        return head.of(states).masked_fill(mask, new Scalar(NOWHERE));
    }

    /** {@inheritDoc} The figure is the mean F1 over the tokens of answers; where there is none, none is wholly right. */
    @Override
    public Look look(Replicas encoder) {
        double loss = 0;
        double overlap = 0;
        for (List<Integer> batch : Order.byLength(Order.lengths(validation.texts()))) {
            try (var _ = new PointerScope()) {
                Tensor likely = torch.log_softmax(scores(encoder, validation, batch, false), 1);
                int length = (int) likely.size(1);
                float[] values = Numbers.floats(likely);
                for (int row = 0; row < batch.size(); row++) {
                    int text = batch.get(row);
                    int first = validation.firsts().get(text);
                    int last = validation.lasts().get(text);
                    int begin = row * length;
                    loss -= (values[2 * (begin + first)] + values[2 * (begin + last) + 1]) / 2;
                    overlap += overlap(
                            best(
                                    values,
                                    begin,
                                    validation.seconds().get(text),
                                    validation.texts().get(text).length - 1),
                            first,
                            last);
                }
            }
        }
        double count = validation.texts().size();
        return new Look(loss / count, overlap / count);
    }

    /** The likeliest answer, as its first token and its last; 0 and 0 where it is likelier that there is none. */
    private static int[] best(float[] values, int begin, int from, int to) {
        double most = (double) values[2 * begin] + values[2 * begin + 1];
        int[] best = {0, 0};
        for (int first = from; first < to; first++) {
            for (int last = first; last < Math.min(to, first + LONGEST); last++) {
                double sum = (double) values[2 * (begin + first)] + values[2 * (begin + last) + 1];
                if (sum > most) {
                    most = sum;
                    best = new int[] {first, last};
                }
            }
        }
        return best;
    }

    private static double overlap(int[] said, int first, int last) {
        if (said[0] == 0 || first == 0) {
            return said[0] == first ? 1 : 0;
        }
        int shared = Math.min(said[1], last) - Math.max(said[0], first) + 1;
        return shared <= 0 ? 0 : 2.0 * shared / (said[1] - said[0] + 1 + last - first + 1);
    }

    @Override
    public void digest(MessageDigest digest) {
        for (Trainer.Spans part : List.of(train, validation)) {
            Fingerprint.texts(digest, part.texts());
            Fingerprint.numbers(digest, part.seconds());
            Fingerprint.numbers(digest, part.firsts());
            Fingerprint.numbers(digest, part.lasts());
        }
    }
}
