package dev.tandem.tune;

import dev.tandem.behavior.tuning.Head;
import dev.tandem.behavior.tuning.Trainer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** To give texts their labels, by a linear head on the vector of a text. */
final class Labels implements Task {

    private static final int IGNORED = -100;
    private static final int MEAN = 1;

    private final Head start;
    private final Trainer.Labelled train;
    private final Trainer.Labelled validation;
    private final double smoothing;
    private final Tensor weight;
    private final Tensor bias;

    /** @param smoothing share of the certainty that is spread over all labels */
    Labels(Head start, Trainer.Labelled train, Trainer.Labelled validation, double smoothing) {
        this.start = start;
        this.train = train;
        this.validation = validation;
        this.smoothing = smoothing;
        int classes = start.labels().size();
        this.weight = Numbers.FLOAT32
                .of(start.weights(), List.of(classes, start.dimensions()))
                .set_requires_grad(true);
        this.bias = Numbers.FLOAT32.of(start.biases(), List.of(classes)).set_requires_grad(true);
    }

    @Override
    public SortedMap<String, Tensor> heads() {
        var heads = new TreeMap<String, Tensor>();
        heads.put("weight", weight);
        heads.put("bias", bias);
        return heads;
    }

    Head head() {
        return new Head(
                start.labels(), start.dimensions(), Numbers.floats(weight), Numbers.floats(bias), start.threshold());
    }

    @Override
    public int[] lengths() {
        return Order.lengths(train.texts());
    }

    @Override
    public Tensor loss(Replicas encoder, List<Integer> some) {
        return torch.cross_entropy_loss(
                scores(encoder.sentences(train.texts(), some, true)),
                Tensor.create(
                        some.stream().mapToLong(i -> train.labels().get(i)).toArray(), some.size()),
                new TensorOptional(),
                MEAN,
                IGNORED,
                smoothing);
    }

    private Tensor scores(Tensor sentences) {
        return torch.linear(sentences, weight, new TensorOptional(bias));
    }

    /** {@inheritDoc} The figure is the share of right ones. */
    @Override
    public Look look(Replicas encoder) {
        double loss = 0;
        int right = 0;
        int classes = start.labels().size();
        int count = validation.labels().size();
        float[] likely = Numbers.floats(
                torch.log_softmax(scores(encoder.sentences(validation.texts(), Order.all(count), false)), 1));
        for (int row = 0; row < count; row++) {
            int wanted = validation.labels().get(row);
            loss -= likely[row * classes + wanted];
            right += likeliest(likely, row * classes, classes) == wanted ? 1 : 0;
        }
        return new Look(loss / count, (double) right / count);
    }

    private static int likeliest(float[] values, int from, int count) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            best = values[from + i] > values[from + best] ? i : best;
        }
        return best;
    }

    @Override
    public void digest(MessageDigest digest) {
        digest.update(String.join("\n", start.labels()).getBytes(StandardCharsets.UTF_8));
        Fingerprint.floats(digest, start.weights());
        Fingerprint.floats(digest, start.biases());
        for (Trainer.Labelled part : List.of(train, validation)) {
            Fingerprint.texts(digest, part.texts());
            Fingerprint.numbers(digest, part.labels());
        }
    }
}
