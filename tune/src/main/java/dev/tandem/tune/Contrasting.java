package dev.tandem.tune;

import dev.tandem.behavior.tuning.Trainer;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * To put texts of one label near each other and far from those of all other labels, which learns from each pair of texts and so
 * from few of them. Nothing stands on top.
 *
 * <p>Source: Khosla et al. 2020, equation 2; for few texts of each label Tunstall et al. 2022.
 */
final class Contrasting implements Task {

    /** Texts of one label that come together in a batch. */
    private static final int GROUP = 4;

    private static final double NEVER = -1e4;

    private final Trainer.Labelled train;
    private final Trainer.Labelled validation;
    private final double temperature;
    private final int labels;

    Contrasting(Trainer.Labelled train, Trainer.Labelled validation, double temperature) {
        this.train = train;
        this.validation = validation;
        this.temperature = temperature;
        this.labels = 1 + Collections.max(train.labels());
    }

    @Override
    public SortedMap<String, Tensor> heads() {
        return new TreeMap<>();
    }

    @Override
    public int[] lengths() {
        return Order.lengths(train.texts());
    }

    /** {@inheritDoc} Texts of a label come in groups, so that each has others of its own in its batch. */
    @Override
    public List<List<Integer>> order(int batch, long seed, int epoch) {
        var random = new Random(seed * 1_000_003 + epoch);
        var byLabel = new ArrayList<List<Integer>>();
        IntStream.range(0, labels).forEach(_ -> byLabel.add(new ArrayList<>()));
        for (int i = 0; i < train.labels().size(); i++) {
            byLabel.get(train.labels().get(i)).add(i);
        }
        var groups = new ArrayList<List<Integer>>();
        for (List<Integer> texts : byLabel) {
            Collections.shuffle(texts, random);
            // As even as can be: a text that is left over would have none of its own beside it.
            int parts = Math.max(1, Math.round((float) texts.size() / GROUP));
            for (int part = 0; part < parts; part++) {
                groups.add(texts.subList(texts.size() * part / parts, texts.size() * (part + 1) / parts));
            }
        }
        Collections.shuffle(groups, random);
        var batches = new ArrayList<List<Integer>>();
        var open = new ArrayList<Integer>();
        for (List<Integer> group : groups) {
            if (!open.isEmpty() && open.size() + group.size() > batch) {
                batches.add(List.copyOf(open));
                open.clear();
            }
            open.addAll(group);
        }
        batches.add(List.copyOf(open));
        return batches;
    }

    @Override
    public Tensor loss(Replicas encoder, List<Integer> some) {
        int count = some.size();
        Tensor vectors = encoder.sentences(train.texts(), some, true);
        var itself = new boolean[count * count];
        var share = new float[count * count];
        int anchors = 0;
        for (int row = 0; row < count; row++) {
            itself[row * count + row] = true;
            int own = own(some, row);
            anchors += own > 0 ? 1 : 0;
            for (int column = 0; column < count; column++) {
                if (column != row && label(some, column) == label(some, row)) {
                    share[row * count + column] = 1F / own;
                }
            }
        }
        Tensor scores = vectors.matmul(vectors.t())
                .div(new Scalar(temperature))
                .masked_fill(Tensor.create(itself, count, count), new Scalar(NEVER));
        return torch.log_softmax(scores, 1)
                .mul(Tensor.create(share, count, count))
                .sum()
                .div(new Scalar((double) -Math.max(1, anchors)));
    }

    private int label(List<Integer> some, int place) {
        return train.labels().get(some.get(place));
    }

    /** How many others of its label are beside a text. */
    private int own(List<Integer> some, int row) {
        return (int) IntStream.range(0, some.size())
                .filter(other -> other != row && label(some, other) == label(some, row))
                .count();
    }

    /** {@inheritDoc} The figure is the share of texts that lie nearest to the middle of their own label's texts. */
    @Override
    public Look look(Replicas encoder) {
        float[] known = all(encoder, train);
        float[] asked = all(encoder, validation);
        int hidden = known.length / train.texts().size();
        var middles = new float[labels * hidden];
        for (int i = 0; i < train.labels().size(); i++) {
            for (int d = 0; d < hidden; d++) {
                middles[train.labels().get(i) * hidden + d] += known[i * hidden + d];
            }
        }
        int count = validation.texts().size();
        Tensor scores = Tensor.create(asked, count, hidden)
                .matmul(torch.normalize(Tensor.create(middles, labels, hidden)).t())
                .div(new Scalar(temperature));
        float[] likely = Numbers.floats(torch.log_softmax(scores, 1));
        double loss = 0;
        int right = 0;
        for (int row = 0; row < count; row++) {
            int begin = row * labels;
            int wanted = validation.labels().get(row);
            loss -= likely[begin + wanted];
            right += IntStream.range(0, labels)
                            .noneMatch(each -> each != wanted && likely[begin + each] >= likely[begin + wanted])
                    ? 1
                    : 0;
        }
        return new Look(loss / count, (double) right / count);
    }

    private static float[] all(Replicas encoder, Trainer.Labelled part) {
        return Numbers.floats(
                encoder.sentences(part.texts(), Order.all(part.texts().size()), false));
    }

    @Override
    public void digest(MessageDigest digest) {
        digest.update(ByteBuffer.allocate(Double.BYTES).putDouble(temperature).array());
        for (Trainer.Labelled part : List.of(train, validation)) {
            Fingerprint.texts(digest, part.texts());
            Fingerprint.numbers(digest, part.labels());
        }
    }
}
