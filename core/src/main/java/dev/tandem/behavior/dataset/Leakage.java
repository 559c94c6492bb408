package dev.tandem.behavior.dataset;

import dev.tandem.domain.Example;
import dev.tandem.domain.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Texts that were learned and are measured on as well: what is measured there is memory. */
public final class Leakage {

    /** How alike two texts are. */
    public enum Kind {
        /** Character by character. */
        IDENTICAL,
        /** But for case, blanks and compatibility forms of characters. */
        SAME,
        /** In most of their words and pairs of words. */
        NEAR
    }

    /** A text, and where it came from. */
    public record Place(String text, int line) {}

    /**
     * A text to measure on and the one most like it that was learned.
     *
     * @param similarity Jaccard similarity of their words and pairs of words; 1 where they are the same
     */
    public record Pair(Place train, Place test, Kind kind, double similarity) {}

    private Leakage() {}

    /** Every text of the second list that stands in the first, or a near copy of it; line numbers are places, from 1. */
    public static List<Pair> between(List<String> train, List<String> test) {
        return pairs(places(train), places(test));
    }

    /** Between what is learned from and what is measured on; line numbers are those of the files. */
    public static List<Pair> between(List<Example> examples) {
        return pairs(places(examples, Part.TRAIN), places(examples, Part.TEST));
    }

    private static List<Place> places(List<String> texts) {
        var places = new ArrayList<Place>();
        for (String text : texts) {
            places.add(new Place(text, places.size() + 1));
        }
        return places;
    }

    private static List<Place> places(List<Example> examples, Part part) {
        return examples.stream()
                .filter(example -> example.part() == part)
                .map(example -> new Place(example.input(), example.line()))
                .sorted(Comparator.comparingInt(Place::line).thenComparing(Place::text))
                .toList();
    }

    private static List<Pair> pairs(List<Place> train, List<Place> test) {
        Map<String, Place> identical = new HashMap<>();
        Map<String, Place> same = new HashMap<>();
        train.forEach(place -> {
            identical.putIfAbsent(place.text(), place);
            same.putIfAbsent(Texts.form(place.text()), place);
        });
        var tested = new TreeSet<String>();
        test.forEach(place -> tested.add(Texts.form(place.text())));
        var all = new TreeSet<>(tested);
        all.addAll(same.keySet());
        List<String> forms = List.copyOf(all);
        Map<String, NearTexts.Pair> near = new HashMap<>();
        NearTexts.nearest(forms, i -> same.containsKey(forms.get(i)), i -> tested.contains(forms.get(i)))
                .forEach((i, pair) -> near.put(forms.get(i), pair));
        var pairs = new ArrayList<Pair>();
        for (Place place : test) {
            String form = Texts.form(place.text());
            Place exact = identical.get(place.text());
            Place alike = same.get(form);
            NearTexts.Pair nearest = near.get(form);
            if (exact != null) {
                pairs.add(new Pair(exact, place, Kind.IDENTICAL, 1));
            } else if (alike != null) {
                pairs.add(new Pair(alike, place, Kind.SAME, 1));
            } else if (nearest != null) {
                Place learned = same.get(forms.get(nearest.left()));
                if (learned != null) {
                    pairs.add(new Pair(learned, place, Kind.NEAR, nearest.similarity()));
                }
            }
        }
        return List.copyOf(pairs);
    }
}
