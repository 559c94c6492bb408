package dev.tandem.assistant;

import dev.tandem.domain.Hit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Fits what was retrieved into a token budget: whole passages best first, then, of those that no longer fit, only the
 * sentences that bear on the question. Neighbours in a document become one passage, and the strongest stand at both
 * ends, where readers of long contexts look (Liu et al. 2023, "Lost in the Middle").
 */
final class ContextPacker {

    /** While something has to be left out, this share of the budget goes to whole passages, the rest to sentences. */
    private static final double WHOLE_SHARE = 0.7;

    private final ToIntFunction<String> tokens;

    ContextPacker(ToIntFunction<String> tokens) {
        this.tokens = tokens;
    }

    /**
     * @param hits best first
     * @param budget most tokens of all passages together; the best hit's sentences are cut to it if they must be
     */
    List<Passage> pack(String question, List<Hit> hits, int budget) {
        var seen = new HashSet<String>();
        List<Passage> all = hits.stream()
                .filter(hit -> seen.add(hit.chunk().id()))
                .map(Passage::of)
                .filter(passage -> !passage.text().isBlank())
                .toList();
        int[] costs = all.stream().mapToInt(p -> tokens.applyAsInt(p.text())).toArray();
        int total = 0;
        for (int cost : costs) {
            total += cost;
        }
        if (total <= budget) {
            return strongestAtBothEnds(mergeNeighbours(all));
        }
        var chosen = new ArrayList<Passage>();
        var rest = new ArrayList<Passage>();
        int spent = 0;
        for (int i = 0; i < costs.length; i++) {
            if (rest.isEmpty() && spent + costs[i] <= budget * WHOLE_SHARE) {
                chosen.add(all.get(i));
                spent += costs[i];
            } else {
                rest.add(all.get(i));
            }
        }
        chosen.addAll(bearingOn(question, rest, budget - spent));
        return strongestAtBothEnds(mergeNeighbours(chosen));
    }

    /** The sentences that share words with the question: rare words count more, better passages break ties. */
    private List<Passage> bearingOn(String question, List<Passage> passages, int budget) {
        Set<String> asked = Words.contentStems(question);
        var sentences = new ArrayList<Passage>();
        var stems = new ArrayList<Set<String>>();
        for (Passage passage : passages) {
            for (Passage sentence : passage.sentences()) {
                Set<String> shared = Words.contentStems(sentence.text());
                shared.retainAll(asked);
                if (!shared.isEmpty()) {
                    sentences.add(sentence);
                    stems.add(shared);
                }
            }
        }
        Map<String, Integer> counts = new LinkedHashMap<>();
        stems.forEach(set -> set.forEach(stem -> counts.merge(stem, 1, Integer::sum)));
        record Scored(Passage sentence, double weight) {}
        var scored = new ArrayList<Scored>();
        for (int i = 0; i < sentences.size(); i++) {
            double weight = 0;
            for (String stem : stems.get(i)) {
                weight += Math.log(1 + (double) sentences.size() / counts.getOrDefault(stem, 1));
            }
            scored.add(new Scored(sentences.get(i), weight));
        }
        scored.sort(Comparator.comparingDouble(Scored::weight)
                .reversed()
                .thenComparingInt(s -> s.sentence().rank())
                .thenComparingInt(s -> s.sentence().span().start()));
        var chosen = new ArrayList<Passage>();
        int left = budget;
        for (Scored candidate : scored) {
            int cost = tokens.applyAsInt(candidate.sentence().text());
            if (cost <= left) {
                chosen.add(candidate.sentence());
                left -= cost;
            }
        }
        return chosen;
    }

    static List<Passage> mergeNeighbours(List<Passage> passages) {
        var inOrder = new ArrayList<>(passages);
        inOrder.sort(Comparator.comparing((Passage p) -> p.document().id())
                .thenComparingInt(p -> p.span().start()));
        var merged = new ArrayList<Passage>();
        for (Passage passage : inOrder) {
            Passage last = merged.isEmpty() ? null : merged.getLast();
            if (last != null && last.endsWhere(passage)) {
                merged.set(merged.size() - 1, last.joinedWith(passage));
            } else {
                merged.add(passage);
            }
        }
        return merged;
    }

    /** Best first, second best last, third best second, and so on towards the middle. */
    static List<Passage> strongestAtBothEnds(List<Passage> passages) {
        var byRank = new ArrayList<>(passages);
        byRank.sort(Comparator.comparingInt(Passage::rank)
                .thenComparingInt(p -> p.span().start()));
        var front = new ArrayList<Passage>();
        var back = new ArrayList<Passage>();
        for (int i = 0; i < byRank.size(); i++) {
            (i % 2 == 0 ? front : back).add(byRank.get(i));
        }
        front.addAll(back.reversed());
        return front;
    }
}
