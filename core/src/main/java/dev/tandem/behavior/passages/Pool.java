package dev.tandem.behavior.passages;

import dev.tandem.behavior.tuning.HardNegatives;
import dev.tandem.behavior.worth.RetrievalSuite;
import dev.tandem.domain.Beside;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Example;
import dev.tandem.measure.Ranking;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Questions and all passages that they are looked for among: those that answer, those that are said not to, and what an
 * index finds near them.
 */
final class Pool {

    static final String NDCG = "ndcg_at_10";

    static final int RANKS = 10;

    private static final Pattern BLANKS = Pattern.compile("\\s+");

    /**
     * A question.
     *
     * @param answers numbers of the passages that answer it
     * @param negatives numbers of those that are said not to
     */
    record Asked(String question, Set<Integer> answers, List<Integer> negatives) {}

    private final List<String> passages = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<Asked> asked = new ArrayList<>();

    /** @param index what is found there comes among the passages */
    Pool(Collection<Example> examples, PassageIndex index) {
        var answers = new LinkedHashMap<String, Set<Integer>>();
        var negatives = new HashMap<String, Set<Integer>>();
        for (Example each : examples) {
            answers.computeIfAbsent(each.input(), _ -> new TreeSet<>()).add(number(each.output()));
            if (each.beside() instanceof Beside.Negatives beside) {
                Set<Integer> said = negatives.computeIfAbsent(each.input(), _ -> new LinkedHashSet<>());
                beside.passages().forEach(passage -> said.add(number(passage)));
            }
        }
        answers.forEach((question, right) -> {
            Set<Integer> wrong = negatives.getOrDefault(question, new LinkedHashSet<>());
            wrong.removeAll(right);
            asked.add(new Asked(question, right, List.copyOf(wrong)));
            index.near(question).stream()
                    .filter(found -> right.stream().noneMatch(answer -> isSame(found, passages.get(answer))))
                    .forEach(this::number);
        });
    }

    /** Whether one stands in the other: an index cuts documents in its own way. */
    private static boolean isSame(String found, String answer) {
        String one = BLANKS.matcher(found).replaceAll(" ");
        String other = BLANKS.matcher(answer).replaceAll(" ");
        return one.contains(other) || other.contains(one);
    }

    private int number(String passage) {
        return numbers.computeIfAbsent(passage, text -> {
            passages.add(text);
            return passages.size() - 1;
        });
    }

    List<String> passages() {
        return passages;
    }

    List<Asked> asked() {
        return asked;
    }

    List<String> questions() {
        return asked.stream().map(Asked::question).toList();
    }

    /** Of each question: what is said not to answer it, then what looks as if it did, at most so many together. */
    List<List<Integer>> negatives(List<float[]> questions, List<float[]> vectors, int most) {
        return IntStream.range(0, asked.size())
                .parallel()
                .mapToObj(i -> {
                    Asked each = asked.get(i);
                    var all = new LinkedHashSet<>(each.negatives());
                    all.addAll(HardNegatives.of(questions.get(i), vectors, each.answers(), most));
                    return all.stream().limit(most).toList();
                })
                .toList();
    }

    /**
     * nDCG@10 and MRR@10 of each question, by name.
     *
     * @param orders numbers of passages for each question, the best first
     */
    SortedMap<String, double[]> figures(List<List<Integer>> orders) {
        var ndcg = new double[orders.size()];
        var reciprocal = new double[orders.size()];
        for (int i = 0; i < ndcg.length; i++) {
            Map<String, Integer> grades = new HashMap<>();
            asked.get(i).answers().forEach(each -> grades.put(each.toString(), 1));
            List<String> order = orders.get(i).stream().map(String::valueOf).toList();
            ndcg[i] = Ranking.ndcg(order, grades, RANKS);
            reciprocal[i] = Ranking.reciprocalRank(order, grades, RANKS);
        }
        var figures = new TreeMap<String, double[]>();
        figures.put(NDCG, ndcg);
        figures.put("mrr_at_10", reciprocal);
        return figures;
    }

    /** The one that counts. */
    static double[] ndcg(SortedMap<String, double[]> figures) {
        return figures.getOrDefault(NDCG, new double[0]);
    }

    /** For each question the numbers of the nearest passages. */
    static List<List<Integer>> nearest(List<float[]> questions, List<float[]> passages, int most) {
        return questions.stream()
                .map(question -> RetrievalSuite.nearest(question, passages, most))
                .toList();
    }

    List<float[]> passageVectors(Embedder embedder) {
        return embedder.embed(passages, Embedder.Role.PASSAGE);
    }

    List<float[]> questionVectors(Embedder embedder) {
        return embedder.embed(questions(), Embedder.Role.QUERY);
    }
}
