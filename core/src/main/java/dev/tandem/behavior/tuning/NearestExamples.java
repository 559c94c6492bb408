package dev.tandem.behavior.tuning;

import dev.tandem.domain.Answer;
import dev.tandem.measure.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Labelled examples as an index: those whose vectors are nearest to a text's, found exactly, vote for their labels, each
 * with {@code exp(sharpness · (cosine − 1))}. How many vote and how sharply is chosen on the examples themselves, each
 * asked about with itself and its copies left out.
 */
public final class NearestExamples implements Labelling {

    private static final int[] VOTERS = {5, 10, 20, 40, 80};
    private static final double[] SHARPNESS = {0, 10, 20, 40, 80, 160};
    private static final int MOST_ASKED = 1_500;
    /** No family. */
    private static final int NOBODY = -1;

    /** Examples whose similarities are worked out together, so that they stay in the processor's cache. */
    private static final int BLOCK = 1_024;

    private final List<String> texts;
    private final List<String> labels;
    private final int[] labelOf;
    private final int[] familyOf;
    private final float[][][] blocks;
    private final int voters;
    private final double sharpness;

    private NearestExamples(NearestExamples other, int voters, double sharpness) {
        this.texts = other.texts;
        this.labels = other.labels;
        this.labelOf = other.labelOf;
        this.familyOf = other.familyOf;
        this.blocks = other.blocks;
        this.voters = voters;
        this.sharpness = sharpness;
    }

    private NearestExamples(List<String> texts, List<String> labelOf, int[] familyOf, List<float[]> vectors) {
        this.texts = List.copyOf(texts);
        this.labels = List.copyOf(new TreeSet<>(labelOf));
        this.labelOf = labelOf.stream()
                .mapToInt(label -> Collections.binarySearch(labels, label))
                .toArray();
        this.familyOf = familyOf.clone();
        this.blocks = new float[(texts.size() + BLOCK - 1) / BLOCK][][];
        this.voters = VOTERS[0];
        this.sharpness = SHARPNESS[0];
        for (int block = 0; block < blocks.length; block++) {
            int from = block * BLOCK;
            int size = Math.min(BLOCK, texts.size() - from);
            blocks[block] = new float[vectors.getFirst().length][size];
            for (int i = 0; i < size; i++) {
                float[] vector = vectors.get(from + i);
                for (int d = 0; d < vector.length; d++) {
                    blocks[block][d][i] = vector[d];
                }
            }
        }
    }

    /**
     * An index of examples.
     *
     * @param familyOf of each text: copies and near copies of a text have its number
     * @param vectors unit length, in the order of the texts
     * @param seed of which examples are asked about to choose the number of voters
     */
    public static NearestExamples of(
            List<String> texts, List<String> labelOf, int[] familyOf, List<float[]> vectors, long seed) {
        return new NearestExamples(texts, labelOf, familyOf, vectors).chosen(vectors, seed);
    }

    private NearestExamples chosen(List<float[]> vectors, long seed) {
        int[] asked = sample(texts.size(), MOST_ASKED, seed);
        List<List<Near>> found = Arrays.stream(asked)
                .parallel()
                .mapToObj(i -> nearest(vectors.get(i), VOTERS[VOTERS.length - 1], familyOf[i]))
                .toList();
        NearestExamples best = this;
        double least = Double.POSITIVE_INFINITY;
        for (int k : VOTERS) {
            for (double sharp : SHARPNESS) {
                var candidate = new NearestExamples(this, k, sharp);
                double loss = 0;
                for (int i = 0; i < asked.length; i++) {
                    loss -= Math.log(Blend.likely(candidate.vote(found.get(i))[labelOf[asked[i]]], labels.size()));
                }
                if (loss < least) {
                    least = loss;
                    best = candidate;
                }
            }
        }
        return best;
    }

    /** Which of so many examples are asked about, in order: all, or a sample that the seed decides. */
    static int[] sample(int of, int most, long seed) {
        var all = new ArrayList<Integer>();
        IntStream.range(0, of).forEach(all::add);
        Collections.shuffle(all, new Random(Seeds.stream(seed, "neighbours").nextLong()));
        return all.stream().limit(most).mapToInt(Integer::intValue).sorted().toArray();
    }

    private record Near(int example, float similarity) {}

    @Override
    public List<String> labels() {
        return labels;
    }

    public int voters() {
        return voters;
    }

    public double sharpness() {
        return sharpness;
    }

    @Override
    public float[] probabilities(float[] vector) {
        return vote(nearest(vector, voters, NOBODY));
    }

    /** The same, as if neither that example nor its copies were there. */
    float[] probabilitiesWithout(int example, float[] vector) {
        return vote(nearest(vector, voters, familyOf[example]));
    }

    /** The examples that are most similar, best first. */
    public List<Answer.Neighbour> nearest(float[] vector, int most) {
        return nearest(vector, most, NOBODY).stream()
                .map(near -> new Answer.Neighbour(
                        texts.get(near.example()), labels.get(labelOf[near.example()]), near.similarity()))
                .toList();
    }

    private float[] vote(List<Near> near) {
        var votes = new double[labels.size()];
        double all = 0;
        for (Near each : near.subList(0, Math.min(voters, near.size()))) {
            double weight = Math.exp(sharpness * (each.similarity() - 1));
            votes[labelOf[each.example()]] += weight;
            all += weight;
        }
        var shares = new float[votes.length];
        for (int c = 0; c < shares.length; c++) {
            // Nobody is left to vote where all examples are copies of the one that is left out.
            shares[c] = all > 0 ? (float) (votes[c] / all) : 1f / votes.length;
        }
        return shares;
    }

    private List<Near> nearest(float[] vector, int most, int withoutFamily) {
        int keep = Math.min(most, texts.size());
        // A heap with the least similar on top; of equals the later example goes first.
        var best = new java.util.PriorityQueue<Near>((a, b) -> a.similarity() != b.similarity()
                ? Float.compare(a.similarity(), b.similarity())
                : Integer.compare(b.example(), a.example()));
        for (int block = 0; block < blocks.length; block++) {
            float[] similarities = similarities(blocks[block], vector);
            for (int i = 0; i < similarities.length; i++) {
                int example = block * BLOCK + i;
                if (familyOf[example] == withoutFamily) {
                    continue;
                }
                if (best.size() < keep) {
                    best.add(new Near(example, similarities[i]));
                } else if (keep > 0 && similarities[i] > best.element().similarity()) {
                    best.remove();
                    best.add(new Near(example, similarities[i]));
                }
            }
        }
        var sorted = new ArrayList<Near>(best);
        sorted.sort(best.comparator().reversed());
        return sorted;
    }

    private static float[] similarities(float[][] columns, float[] vector) {
        var sums = new float[columns[0].length];
        for (int d = 0; d + 4 <= vector.length; d += 4) {
            float[] a = columns[d];
            float[] b = columns[d + 1];
            float[] e = columns[d + 2];
            float[] f = columns[d + 3];
            float v0 = vector[d];
            float v1 = vector[d + 1];
            float v2 = vector[d + 2];
            float v3 = vector[d + 3];
            for (int i = 0; i < sums.length; i++) {
                sums[i] += v0 * a[i] + v1 * b[i] + v2 * e[i] + v3 * f[i];
            }
        }
        for (int d = vector.length - vector.length % 4; d < vector.length; d++) {
            float[] a = columns[d];
            float v = vector[d];
            for (int i = 0; i < sums.length; i++) {
                sums[i] += v * a[i];
            }
        }
        return sums;
    }
}
