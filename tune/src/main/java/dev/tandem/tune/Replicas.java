package dev.tandem.tune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * An encoder once for each thread, all with the same weights: the texts of a batch are shared out among them, on the way
 * there and on the way back, and each operation runs in the thread that asks for it. Where instead each operation is split
 * among threads, they wait for each other at its end, some hundred times a step.
 *
 * <p>Which text goes where follows from the lengths alone, and gradients are added up in the order of the replicas: the same
 * number of threads gives the same bits.
 */
final class Replicas implements AutoCloseable {

    /** Tokens that run through the encoder together, those that pad among them: more are not quicker. */
    private static final int TOKENS = 2_048;

    /** The first is the one that is learned. */
    private final List<Bert> all;

    private final ExecutorService others;
    /** What was computed to learn from, by replica: the way back leads through it. */
    private final List<List<Part>> parts = new ArrayList<>();

    /**
     * @param output of the encoder
     * @param leaf the same numbers, where the gradients of what follows come to
     */
    private record Part(Tensor output, Tensor leaf) {}

    Replicas(Bert bert, int threads) {
        torch.set_num_threads(1);
        openblas_nolapack.blas_set_num_threads(1);
        all = new ArrayList<>(List.of(bert));
        while (all.size() < threads) {
            all.add(bert.replica());
        }
        all.forEach(_ -> parts.add(new ArrayList<>()));
        others = Executors.newFixedThreadPool(
                Math.max(1, threads - 1),
                Thread.ofPlatform().daemon().name("training ", 2).factory());
    }

    /** The encoder that is learned. */
    Bert first() {
        return all.getFirst();
    }

    /** What is dropped from now on follows from this and from what each replica computes. */
    void seed(long seed) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).seed(seed * all.size() + i);
        }
    }

    /** Vectors of some texts in their order, of length 1: [some, hidden]. */
    Tensor sentences(List<int[]> texts, List<Integer> some, boolean training) {
        return computed(texts, null, some, training, (bert, batch) -> bert.sentence(batch, training));
    }

    /** The output at the first token of texts of two parts, [some, hidden]. */
    Tensor firsts(List<int[]> texts, List<Integer> seconds, List<Integer> some, boolean training) {
        return computed(texts, seconds, some, training, (bert, batch) -> bert.first(batch, training));
    }

    /** The output at each token of texts of two parts, [some, longest, hidden]. */
    Tensor hidden(List<int[]> texts, List<Integer> seconds, List<Integer> some, boolean training) {
        long longest = some.stream().mapToInt(i -> texts.get(i).length).max().orElse(0);
        return computed(texts, seconds, some, training, (bert, batch) -> {
            Tensor states = bert.hidden(batch, training);
            return states.size(1) == longest
                    ? states
                    : torch.constant_pad_nd(states, 0, 0, 0, longest - states.size(1));
        });
    }

    /** @param training whether gradients are to go back through it; see {@link #back} */
    private Tensor computed(
            List<int[]> texts,
            @Nullable List<Integer> seconds,
            List<Integer> some,
            boolean training,
            BiFunction<Bert, Batch, Tensor> way) {
        List<List<List<Integer>>> shares = shares(texts, some);
        List<List<Tensor>> outputs = each(shares.size(), replica -> {
            var mine = new ArrayList<Tensor>();
            for (List<Integer> group : shares.get(replica)) {
                List<Integer> numbers = group.stream().map(some::get).toList();
                try (var _ = new PointerScope();
                        var _ = training ? null : new NoGradGuard()) {
                    Batch batch = seconds == null ? Batch.of(texts, numbers) : Batch.of(texts, seconds, numbers);
                    Tensor output = way.apply(all.get(replica), batch);
                    // Outlives this thread's scope.
                    output.retainReference();
                    mine.add(output);
                }
            }
            return mine;
        });
        var joined = new TensorVector();
        var back = new long[some.size()];
        int at = 0;
        for (int replica = 0; replica < outputs.size(); replica++) {
            for (int group = 0; group < outputs.get(replica).size(); group++) {
                Tensor output = outputs.get(replica).get(group);
                Tensor leaf = output.detach();
                if (training) {
                    leaf = leaf.set_requires_grad(true);
                    parts.get(replica).add(new Part(output, leaf));
                } else {
                    output.releaseReference();
                }
                joined.push_back(leaf);
                for (int place : shares.get(replica).get(group)) {
                    back[place] = at++;
                }
            }
        }
        return torch.cat(joined, 0).index_select(0, Tensor.create(back, back.length));
    }

    /**
     * From the outputs that were computed to learn from, whose gradients are there, back to the weights of {@link #first};
     * within the scope in which they were computed.
     */
    void back() {
        each(all.size(), replica -> {
            for (Part part : parts.get(replica)) {
                try (var _ = new PointerScope()) {
                    part.output.backward(part.leaf.grad(), new BoolOptional(), false, new TensorArrayRefOptional());
                }
            }
            return true;
        });
        letGo();
        List<Tensor> sums = first().learned();
        try (var _ = new NoGradGuard()) {
            for (Bert other : all.subList(1, all.size())) {
                List<Tensor> learned = other.learned();
                for (int i = 0; i < sums.size(); i++) {
                    Tensor gradient = learned.get(i).grad();
                    if (gradient.defined()) {
                        sums.get(i).mutable_grad().add_(gradient);
                        gradient.zero_();
                    }
                }
            }
        }
    }

    private void letGo() {
        for (List<Part> some : parts) {
            some.forEach(part -> part.output.releaseReference());
            some.clear();
        }
    }

    /**
     * For each replica groups of places among the texts, those of about the same length together, so that little is padded;
     * about the same number of tokens for each.
     */
    private List<List<List<Integer>>> shares(List<int[]> texts, List<Integer> some) {
        List<Integer> sorted = IntStream.range(0, some.size())
                .boxed()
                .sorted(Comparator.comparingInt(place -> -texts.get(some.get(place)).length))
                .toList();
        int count = Math.min(all.size(), sorted.size());
        var shares = new ArrayList<List<List<Integer>>>();
        for (int replica = 0; replica < count; replica++) {
            var groups = new ArrayList<List<Integer>>();
            int room = 0;
            for (int turn = 0; turn * count < sorted.size(); turn++) {
                // There and back again, so that none has the longer text of every turn.
                int at = turn * count + (turn % 2 == 0 ? replica : count - 1 - replica);
                if (at >= sorted.size()) {
                    break;
                }
                if (room == 0) {
                    groups.add(new ArrayList<>());
                    room = Math.max(1, TOKENS / texts.get(some.get(sorted.get(at))).length);
                }
                groups.getLast().add(sorted.get(at));
                room--;
            }
            shares.add(groups);
        }
        return shares;
    }

    /** The work of the first so many replicas, each in a thread of its own; the first one's in this thread. */
    private <T> List<T> each(int count, IntFunction<T> work) {
        List<Future<T>> running = IntStream.range(1, count)
                .mapToObj(replica -> others.submit(() -> work.apply(replica)))
                .toList();
        var results = new ArrayList<T>();
        RuntimeException failure = null;
        for (int replica = 0; replica < count; replica++) {
            try {
                results.add(replica == 0 ? work.apply(0) : got(running.get(replica - 1)));
            } catch (RuntimeException e) {
                // The others still compute, and are waited for.
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return results;
    }

    private static <T> T got(Future<T> running) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return running.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof RuntimeException known
                            ? known
                            : new IllegalStateException("a thread of the training failed", e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        letGo();
        others.shutdown();
    }
}
