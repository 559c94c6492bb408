package dev.tandem.behavior.dataset;

import dev.tandem.domain.Example;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Which examples belong together: those of one given family, those with the same input and those with a near copy of it.
 * Only a family as a whole is learned from or measured on.
 */
public final class Families {

    private Families() {}

    /** For each example the number of its family; numbers say nothing but whether two are the same. */
    public static int[] of(List<Example> examples) {
        List<String> forms =
                examples.stream().map(example -> Texts.form(example.input())).toList();
        List<String> distinct = new ArrayList<>(new TreeSet<>(forms));
        int[] near = NearTexts.groups(distinct);
        Map<String, Integer> place = new HashMap<>();
        for (int i = 0; i < distinct.size(); i++) {
            place.put(distinct.get(i), i);
        }
        // Groups of texts come first, behind them one place for each family that was given.
        Map<String, Integer> given = new HashMap<>();
        for (Example example : examples) {
            if (!example.family().isBlank()) {
                given.putIfAbsent(example.family(), distinct.size() + given.size());
            }
        }
        var groups = new Groups(distinct.size() + given.size());
        int[] families = new int[examples.size()];
        for (int i = 0; i < families.length; i++) {
            families[i] = near[place.getOrDefault(forms.get(i), 0)];
            Integer family = given.get(examples.get(i).family());
            if (family != null) {
                groups.join(families[i], family);
            }
        }
        for (int i = 0; i < families.length; i++) {
            families[i] = groups.of(families[i]);
        }
        return families;
    }
}
