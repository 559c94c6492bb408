package dev.tandem.behavior.worth;

import dev.tandem.domain.Embedder;
import dev.tandem.measure.Ranking;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Questions and passages that answer them, to see what an encoder that is tuned for something else forgets of finding.
 *
 * @param name for people
 */
public record RetrievalSuite(String name, List<String> passages, List<Case> cases) {

    private static final int CUT = 10;

    /**
     * A question.
     *
     * @param answering numbers of the passages that answer it
     */
    public record Case(String question, Set<Integer> answering) {
        public Case {
            answering = Set.copyOf(answering);
        }
    }

    public RetrievalSuite {
        passages = List.copyOf(passages);
        cases = List.copyOf(cases);
        if (cases.isEmpty()) {
            throw new IllegalArgumentException("no questions");
        }
    }

    /** nDCG@10 of each question, by cosine alone. */
    public double[] ndcg(Embedder embedder) {
        List<float[]> found = embedder.embed(passages, Embedder.Role.PASSAGE);
        List<float[]> asked = embedder.embed(cases.stream().map(Case::question).toList(), Embedder.Role.QUERY);
        var ndcg = new double[cases.size()];
        for (int i = 0; i < ndcg.length; i++) {
            Map<String, Integer> grades = new HashMap<>();
            cases.get(i).answering().forEach(each -> grades.put(each.toString(), 1));
            List<String> nearest = nearest(asked.get(i), found, CUT).stream()
                    .map(String::valueOf)
                    .toList();
            ndcg[i] = Ranking.ndcg(nearest, grades, CUT);
        }
        return ndcg;
    }

    /**
     * Numbers of the passages nearest to a question by cosine, the nearest first; of equals the first.
     *
     * @param question a unit vector
     * @param passages unit vectors
     */
    public static List<Integer> nearest(float[] question, List<float[]> passages, int most) {
        var cosines = new double[passages.size()];
        for (int p = 0; p < cosines.length; p++) {
            float[] passage = passages.get(p);
            for (int d = 0; d < passage.length; d++) {
                cosines[p] += (double) question[d] * passage[d];
            }
        }
        return IntStream.range(0, cosines.length)
                .boxed()
                .sorted(Comparator.comparingDouble(p -> -cosines[p]))
                .limit(most)
                .toList();
    }
}
