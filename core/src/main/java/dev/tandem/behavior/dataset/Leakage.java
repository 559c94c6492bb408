package dev.tandem.behavior.dataset;

import dev.tandem.domain.Example;
import dev.tandem.domain.Part;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Texts that were learned from and are measured on as well: what is measured there is memory. */
public final class Leakage {

    /**
     * A text that was learned from and one that is measured on.
     *
     * @param similarity Jaccard similarity of their words and pairs of words; 1 where they are the same text
     */
    public record Pair(int trainLine, int testLine, String trainText, String testText, double similarity) {

        /** Whether they are the same to the last character. */
        public boolean isIdentical() {
            return trainText.equals(testText);
        }
    }

    private record Text(String text, int line) {}

    private Leakage() {}

    /**
     * The same texts on both sides: case, blanks and compatibility forms of characters make no difference. Each two texts are
     * named once, with the first line of each.
     */
    public static List<Pair> between(Collection<Example> train, Collection<Example> test) {
        return same(texts(train), texts(test));
    }

    /** The same for plain texts; their lines are their places, from 1. */
    public static List<Pair> betweenTexts(List<String> train, List<String> test) {
        return same(numbered(train), numbered(test));
    }

    /** Measured texts that are no learned one but near to one, each with the nearest. */
    public static List<Pair> near(Collection<Example> train, Collection<Example> test) {
        return near(texts(train), texts(test));
    }

    /** The same for plain texts; their lines are their places, from 1. */
    public static List<Pair> nearTexts(List<String> train, List<String> test) {
        return near(numbered(train), numbered(test));
    }

    static List<Example> part(Collection<Example> examples, Part part) {
        return examples.stream().filter(example -> example.part() == part).toList();
    }

    private static List<Text> texts(Collection<Example> examples) {
        // Examples of a dataset stand in an order that shows nothing of their files.
        return examples.stream()
                .map(example -> new Text(example.input(), example.line()))
                .sorted(Comparator.comparingInt(Text::line).thenComparing(Text::text))
                .toList();
    }

    private static List<Text> numbered(List<String> all) {
        var texts = new ArrayList<Text>();
        all.forEach(text -> texts.add(new Text(text, texts.size() + 1)));
        return texts;
    }

    private static List<Pair> same(List<Text> train, List<Text> test) {
        Map<String, Map<String, Text>> learned = new HashMap<>();
        train.forEach(text -> learned.computeIfAbsent(Texts.form(text.text()), _ -> new LinkedHashMap<>())
                .putIfAbsent(text.text(), text));
        var pairs = new ArrayList<Pair>();
        var seen = new HashSet<String>();
        for (Text measured : test) {
            if (seen.add(measured.text())) {
                learned.getOrDefault(Texts.form(measured.text()), Map.of())
                        .values()
                        .forEach(text ->
                                pairs.add(new Pair(text.line(), measured.line(), text.text(), measured.text(), 1)));
            }
        }
        return List.copyOf(pairs);
    }

    private static List<Pair> near(List<Text> train, List<Text> test) {
        Map<String, Text> learned = new HashMap<>();
        Map<String, Text> measured = new HashMap<>();
        train.forEach(text -> learned.putIfAbsent(Texts.form(text.text()), text));
        test.forEach(text -> measured.putIfAbsent(Texts.form(text.text()), text));
        var all = new TreeSet<>(learned.keySet());
        all.addAll(measured.keySet());
        List<String> forms = List.copyOf(all);
        var pairs = new ArrayList<Pair>();
        NearTexts.nearest(
                        forms,
                        i -> learned.containsKey(forms.get(i)),
                        i -> measured.containsKey(forms.get(i)) && !learned.containsKey(forms.get(i)))
                .forEach((_, pair) -> {
                    Text left = learned.get(forms.get(pair.left()));
                    Text right = measured.get(forms.get(pair.right()));
                    if (left != null && right != null) {
                        pairs.add(new Pair(left.line(), right.line(), left.text(), right.text(), pair.similarity()));
                    }
                });
        pairs.sort(Comparator.comparingInt(Pair::testLine).thenComparing(Pair::testText));
        return List.copyOf(pairs);
    }
}
