package dev.tandem.tune;

import dev.tandem.behavior.tuning.Trainer;
import java.security.MessageDigest;
import java.util.List;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** To tell whether a passage answers a question: one output at the first token, a logit. */
final class Judging implements Task {

    private final Trainer.Judged train;
    private final Trainer.Judged validation;
    private final Top head;

    Judging(Trainer.Judged train, Trainer.Judged validation, int hidden, long seed) {
        this.train = train;
        this.validation = validation;
        this.head = new Top(1, hidden, seed);
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
        return torch.binary_cross_entropy_with_logits(logits(encoder, train, some, true), wanted(train, some));
    }

    private Tensor logits(Replicas encoder, Trainer.Judged from, List<Integer> some, boolean training) {
        return head.of(encoder.firsts(from.texts(), from.seconds(), some, training))
                .select(1, 0);
    }

    private static Tensor wanted(Trainer.Judged from, List<Integer> some) {
        var wanted = new float[some.size()];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = from.relevant().get(some.get(i));
        }
        return Tensor.create(wanted, wanted.length);
    }

    /** {@inheritDoc} The figure is the share that is told right. */
    @Override
    public Look look(Replicas encoder) {
        int count = validation.texts().size();
        List<Integer> all = Order.all(count);
        Tensor logits = logits(encoder, validation, all, false);
        double loss = torch.binary_cross_entropy_with_logits(logits, wanted(validation, all))
                .item_double();
        float[] each = Numbers.floats(logits);
        int right = 0;
        for (int row = 0; row < count; row++) {
            right += each[row] > 0 == validation.relevant().get(row) > 0 ? 1 : 0;
        }
        return new Look(loss, (double) right / count);
    }

    @Override
    public void digest(MessageDigest digest) {
        for (Trainer.Judged part : List.of(train, validation)) {
            Fingerprint.texts(digest, part.texts());
            Fingerprint.numbers(digest, part.seconds());
            Fingerprint.numbers(digest, part.relevant());
        }
    }
}
