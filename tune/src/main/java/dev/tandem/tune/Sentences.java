package dev.tandem.tune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Vectors of texts that stand in a batch by what they say and not by how long they are. */
final class Sentences {

    /** Tokens that run through the encoder together, those that pad among them: more are not quicker. */
    private static final int TOKENS = 2_048;

    private Sentences() {}

    /** Vectors of some texts in their order, [some, hidden]. */
    static Tensor vectors(Bert bert, List<int[]> texts, List<Integer> some, boolean training) {
        var parts = new TensorVector();
        var back = new long[some.size()];
        int at = 0;
        for (List<Integer> group : groups(texts, some)) {
            parts.push_back(
                    bert.sentence(Batch.of(texts, group.stream().map(some::get).toList()), training));
            for (int place : group) {
                back[place] = at++;
            }
        }
        return torch.cat(parts, 0).index_select(0, Tensor.create(back, back.length));
    }

    /** The same as numbers and without gradients: [some · hidden]. */
    static float[] all(Bert bert, List<int[]> texts, List<Integer> some) {
        float[] all = {};
        for (List<Integer> group : groups(texts, some)) {
            try (var _ = new PointerScope()) {
                float[] part = Numbers.floats(bert.sentence(
                        Batch.of(texts, group.stream().map(some::get).toList()), false));
                int hidden = part.length / group.size();
                if (all.length == 0) {
                    all = new float[some.size() * hidden];
                }
                for (int row = 0; row < group.size(); row++) {
                    System.arraycopy(part, row * hidden, all, group.get(row) * hidden, hidden);
                }
            }
        }
        return all;
    }

    /** Places of texts of about the same length, so that little is padded. */
    private static List<List<Integer>> groups(List<int[]> texts, List<Integer> some) {
        List<Integer> sorted = IntStream.range(0, some.size())
                .boxed()
                .sorted(Comparator.comparingInt(place -> -texts.get(some.get(place)).length))
                .toList();
        var groups = new ArrayList<List<Integer>>();
        for (int from = 0; from < sorted.size(); ) {
            int longest = texts.get(some.get(sorted.get(from))).length;
            int to = Math.min(sorted.size(), from + Math.max(1, TOKENS / longest));
            groups.add(sorted.subList(from, to));
            from = to;
        }
        return groups;
    }
}
