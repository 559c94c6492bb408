package dev.tandem.assistant;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the words of a source that carry a statement. The statement may be phrased in its own words, but its figures, its
 * quotations and its names must stand in the words that are quoted for it, and most of its other words too.
 */
final class Verbatim {

    /** Share of a statement's content words that the quote must hold. */
    static final double ENOUGH = 0.5;

    /** Most neighbouring sentences that are quoted for one statement. */
    private static final int LONGEST = 3;

    private static final Pattern QUOTATION = Pattern.compile("[\"“]([^\"“”]{12,})[\"”]");

    /**
     * The words that carry a statement.
     *
     * @param quote one to three neighbouring sentences of the source
     * @param share of the statement's content words that stand in it, {@value #ENOUGH} to 1
     */
    record Found(Passage quote, double share) {}

    private Verbatim() {}

    /** The fewest neighbouring sentences that carry the statement, those that share most words where several do. */
    static Optional<Found> of(String statement, String question, Passage source) {
        if (!quotationsStand(statement, source)) {
            return Optional.empty();
        }
        Claim claim = Claim.of(statement, question);
        List<Passage> sentences = source.sentences();
        for (int length = 1; length <= Math.min(LONGEST, sentences.size()); length++) {
            Found best = null;
            for (int first = 0; first + length <= sentences.size(); first++) {
                Passage window = source.from(sentences.get(first), sentences.get(first + length - 1));
                double share = claim.shareIn(window.text());
                if (share >= ENOUGH && (best == null || share > best.share())) {
                    best = new Found(window, share);
                }
            }
            if (best != null) {
                return Optional.of(best);
            }
        }
        return Optional.empty();
    }

    private static boolean quotationsStand(String statement, Passage source) {
        String text = source.text().replaceAll("\\s+", " ");
        Matcher quotation = QUOTATION.matcher(statement);
        while (quotation.find()) {
            String quoted = quotation.group(1).replaceAll("\\s+", " ").strip().replaceAll("[.,;:]$", "");
            if (!text.contains(quoted)) {
                return false;
            }
        }
        return true;
    }

    /** What a quote has to hold: everything in {@code needed}, and enough of {@code content}. */
    private record Claim(Set<String> needed, Set<String> content) {

        static Claim of(String statement, String question) {
            Set<String> asked = Words.contentStems(question);
            var needed = new HashSet<String>();
            var content = new HashSet<String>();
            List<Words.Word> words = Words.of(statement);
            for (int i = 0; i < words.size(); i++) {
                Words.Word word = words.get(i);
                if (!word.content()) {
                    continue;
                }
                String form = form(word);
                content.add(form);
                boolean name = word.capital() && i > 0;
                if (word.number() || (name && !asked.contains(word.stem()))) {
                    needed.add(form);
                }
            }
            return new Claim(needed, content);
        }

        double shareIn(String text) {
            var there = new HashSet<String>();
            Words.of(text).forEach(word -> there.add(form(word)));
            if (content.isEmpty() || !there.containsAll(needed)) {
                return 0;
            }
            var shared = new ArrayList<>(content);
            shared.retainAll(there);
            return (double) shared.size() / content.size();
        }

        /** Figures are compared without their thousands separators, other words by stem. */
        private static String form(Words.Word word) {
            return word.number() ? word.lower().replace(",", "") : word.stem();
        }
    }
}
