package dev.tandem.assistant;

import dev.tandem.domain.Embedder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers without a language model: picks the sentences that answer, word for word, and marks the shortest part that
 * does.
 */
final class ExtractiveReader {

    /** Most sentences that are embedded for one question: what bounds the time of a first answer. */
    static final int MOST_EMBEDDED = 40;

    private final Embedder embedder;

    ExtractiveReader(Embedder embedder) {
        this.embedder = embedder;
    }

    Reading read(String question, List<Passage> passages) {
        Set<String> asked = Words.contentStems(question);
        var sentences = new ArrayList<Passage>();
        var stems = new ArrayList<Set<String>>();
        for (Passage passage : passages) {
            for (int[] range : SentenceRanges.of(passage.text())) {
                Passage sentence = passage.part(range[0], range[1]);
                sentences.add(sentence);
                stems.add(Words.contentStems(sentence.text()));
            }
        }
        if (sentences.isEmpty()) {
            return Reading.NOTHING;
        }
        Map<String, Double> weights = new HashMap<>();
        double all = 0;
        for (String stem : asked) {
            long with = stems.stream().filter(set -> set.contains(stem)).count();
            double weight = Math.log(1 + sentences.size() / (1.0 + with));
            weights.put(stem, weight);
            all += weight;
        }
        record Scored(Passage sentence, double score) {}
        var scored = new ArrayList<Scored>();
        for (int i = 0; i < sentences.size(); i++) {
            double covered = 0;
            for (String stem : asked) {
                covered += stems.get(i).contains(stem) ? weights.getOrDefault(stem, 0.0) : 0;
            }
            scored.add(new Scored(sentences.get(i), all == 0 ? 0 : covered / all));
        }
        scored.sort(Comparator.comparingDouble(
                        (Scored s) -> s.score() + 0.3 * s.sentence().score())
                .reversed());
        List<Scored> near = scored.subList(0, Math.min(scored.size(), MOST_EMBEDDED));
        float[] asking = embedder.embed(List.of(question), Embedder.Role.QUERY).getFirst();
        List<float[]> vectors =
                embedder.embed(near.stream().map(s -> s.sentence().text()).toList(), Embedder.Role.PASSAGE);
        var best = new ArrayList<Scored>();
        for (int i = 0; i < near.size(); i++) {
            double cosine = Math.clamp((dot(asking, vectors.get(i)) - 0.4) / 0.6, 0.0, 1.0);
            best.add(new Scored(near.get(i).sentence(), 0.5 * near.get(i).score() + 0.5 * cosine));
        }
        best.sort(Comparator.comparingDouble(Scored::score).reversed());
        Passage first = best.getFirst().sentence();
        return new Reading(
                List.of(first), key(question, first.text()), best.getFirst().score());
    }

    private static @Nullable String key(String question, String sentence) {
        Set<String> asked = Words.contentStems(question);
        int from = -1;
        int to = -1;
        for (Words.Word word : Words.of(sentence)) {
            boolean fits = (word.number() || (word.capital() && word.from() > 0)) && !asked.contains(word.stem());
            if (fits && from < 0) {
                from = word.from();
                to = word.to();
            } else if (fits && word.from() - to <= 2) {
                to = word.to();
            } else if (from >= 0) {
                break;
            }
        }
        return from < 0 ? null : sentence.substring(from, to);
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
