package dev.tandem.tune;

import dev.tandem.behavior.tuning.Trainer;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * To put questions near the passages that answer them, and far from others: of each batch all other passages, beside those
 * that were looked out. A passage that answers a question is never taken for one that does not.
 *
 * <p>Source: Henderson et al. 2017, section 4.4, with cosines over a temperature.
 */
final class Ranking implements Task {

    private static final int RANKS = 10;
    private static final double NEVER = -1e4;

    private final Trainer.Ranked train;
    private final Trainer.Ranked validation;
    private final double temperature;
    private final Map<Integer, Set<Integer>> answers;

    Ranking(Trainer.Ranked train, Trainer.Ranked validation, double temperature) {
        this.train = train;
        this.validation = validation;
        this.temperature = temperature;
        this.answers = answers(train);
    }

    /** The passages that answer each question. */
    private static Map<Integer, Set<Integer>> answers(Trainer.Ranked from) {
        var answers = new HashMap<Integer, Set<Integer>>();
        from.pairs()
                .forEach(pair -> answers.computeIfAbsent(pair.query(), _ -> new HashSet<>())
                        .add(pair.passage()));
        return answers;
    }

    @Override
    public SortedMap<String, Tensor> heads() {
        return new TreeMap<>();
    }

    @Override
    public int[] lengths() {
        return train.pairs().stream()
                .mapToInt(pair -> train.queries().get(pair.query()).length
                        + IntStream.concat(
                                        IntStream.of(pair.passage()),
                                        pair.negatives().stream().mapToInt(i -> i))
                                .map(passage -> train.passages().get(passage).length)
                                .sum())
                .toArray();
    }

    /** {@inheritDoc} No question and no passage that answers one comes twice in a batch. */
    @Override
    public List<List<Integer>> order(int batch, long seed, int epoch) {
        List<Integer> all =
                new ArrayList<>(IntStream.range(0, train.pairs().size()).boxed().toList());
        var random = new Random(seed * 1_000_003 + epoch);
        Collections.shuffle(all, random);
        var batches = new ArrayList<List<Integer>>();
        var open = new ArrayList<Filling>();
        for (int number : all) {
            Trainer.Ranked.Match pair = train.pairs().get(number);
            Filling into = open.stream()
                    .filter(each -> each.takes(pair))
                    .findFirst()
                    .orElseGet(() -> {
                        var fresh = new Filling(new ArrayList<>(), new HashSet<>(), new HashSet<>());
                        open.add(fresh);
                        return fresh;
                    });
            into.numbers.add(number);
            into.queries.add(pair.query());
            into.passages.add(pair.passage());
            if (into.numbers.size() == batch) {
                open.remove(into);
                batches.add(List.copyOf(into.numbers));
            }
        }
        open.forEach(each -> batches.add(List.copyOf(each.numbers)));
        Collections.shuffle(batches, random);
        return batches;
    }

    private record Filling(List<Integer> numbers, Set<Integer> queries, Set<Integer> passages) {
        boolean takes(Trainer.Ranked.Match pair) {
            return !queries.contains(pair.query()) && !passages.contains(pair.passage());
        }
    }

    @Override
    public Tensor loss(Replicas encoder, List<Integer> some) {
        List<Trainer.Ranked.Match> pairs = some.stream().map(train.pairs()::get).toList();
        var candidates = new LinkedHashSet<Integer>();
        pairs.forEach(pair -> candidates.add(pair.passage()));
        pairs.forEach(pair -> candidates.addAll(pair.negatives()));
        List<Integer> queries = pairs.stream().map(Trainer.Ranked.Match::query).toList();
        List<Integer> passages = List.copyOf(candidates);
        Tensor cosines = encoder.sentences(train.queries(), queries, true)
                .matmul(encoder.sentences(train.passages(), passages, true).t());
        return loss(cosines, pairs, passages, answers);
    }

    /** @param cosines [pairs, passages] */
    private Tensor loss(
            Tensor cosines,
            List<Trainer.Ranked.Match> pairs,
            List<Integer> passages,
            Map<Integer, Set<Integer>> answers) {
        var places = new HashMap<Integer, Integer>();
        for (int i = 0; i < passages.size(); i++) {
            places.put(passages.get(i), i);
        }
        var wanted = new long[pairs.size()];
        var closed = new boolean[pairs.size() * passages.size()];
        for (int row = 0; row < wanted.length; row++) {
            Trainer.Ranked.Match pair = pairs.get(row);
            wanted[row] = places.getOrDefault(pair.passage(), 0);
            for (int other : answers.getOrDefault(pair.query(), Set.of())) {
                Integer place = places.get(other);
                if (place != null && other != pair.passage()) {
                    closed[row * passages.size() + place] = true;
                }
            }
        }
        Tensor scores = cosines.div(new Scalar(temperature))
                .masked_fill(Tensor.create(closed, pairs.size(), passages.size()), new Scalar(NEVER));
        return torch.cross_entropy_loss(scores, Tensor.create(wanted, wanted.length));
    }

    /**
     * {@inheritDoc} The figure is the mean reciprocal rank, among the first ten, of the first passage that answers; all
     * passages of the questions looked at are ranked.
     */
    @Override
    public Look look(Replicas encoder) {
        Map<Integer, Set<Integer>> answering = answers(validation);
        int count = validation.passages().size();
        List<Integer> queries = List.copyOf(new TreeMap<>(answering).keySet());
        Tensor cosines = encoder.sentences(validation.queries(), queries, false)
                .matmul(encoder.sentences(validation.passages(), Order.all(count), false)
                        .t());
        var rows = new HashMap<Integer, Integer>();
        for (int row = 0; row < queries.size(); row++) {
            rows.put(queries.get(row), row);
        }
        long[] each = validation.pairs().stream()
                .mapToLong(pair -> rows.getOrDefault(pair.query(), 0))
                .toArray();
        double loss = loss(
                        cosines.index_select(0, Tensor.create(each, each.length)),
                        validation.pairs(),
                        Order.all(count),
                        answering)
                .item_double();
        float[] values = Numbers.floats(cosines);
        double reciprocal = 0;
        for (int row = 0; row < queries.size(); row++) {
            Set<Integer> right = answering.getOrDefault(queries.get(row), Set.of());
            int begin = row * count;
            double nearest = Double.NEGATIVE_INFINITY;
            for (int passage : right) {
                nearest = Math.max(nearest, values[begin + passage]);
            }
            int rank = 1;
            for (int passage = 0; passage < count; passage++) {
                rank += values[begin + passage] > nearest && !right.contains(passage) ? 1 : 0;
            }
            reciprocal += rank <= RANKS ? 1.0 / rank : 0;
        }
        return new Look(loss, reciprocal / queries.size());
    }

    @Override
    public void digest(MessageDigest digest) {
        digest.update(ByteBuffer.allocate(Double.BYTES).putDouble(temperature).array());
        for (Trainer.Ranked part : List.of(train, validation)) {
            Fingerprint.texts(digest, part.queries());
            Fingerprint.texts(digest, part.passages());
            for (Trainer.Ranked.Match pair : part.pairs()) {
                Fingerprint.numbers(digest, List.of(pair.query(), pair.passage()));
                Fingerprint.numbers(digest, pair.negatives());
            }
        }
    }
}
