package dev.tandem.behavior.dataset;

import dev.tandem.domain.Beside;
import dev.tandem.domain.Example;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds personal data in texts by rules: what has a form of its own (an e-mail address, a number with check digits), and
 * what words around it give away (a telephone number, a date of birth, a name after its title). What has neither is not
 * looked for: most names of persons, places and organisations, ages, post codes, numbers of licences. {@code bench/run
 * PiiFindings} measures what is found, by type.
 */
public final class PersonalData {

    /**
     * One place of a text.
     *
     * @param from index of its first character
     * @param to index after its last
     */
    public record Found(PersonalDataType type, int from, int to) {
        boolean overlaps(Found other) {
            return from < other.to && other.from < to;
        }
    }

    private PersonalData() {}

    /** All of it, in the order of the text; no two overlap. */
    public static List<Found> in(String text) {
        var found = new ArrayList<Found>();
        for (PersonalDataType type : PersonalDataType.values()) {
            for (Found each : PersonalDataRules.of(type, text)) {
                if (found.stream().noneMatch(each::overlaps)) {
                    found.add(each);
                }
            }
        }
        found.sort(Comparator.comparingInt(Found::from));
        return List.copyOf(found);
    }

    /** The types that stand in any text of it. */
    static Set<PersonalDataType> types(Example example) {
        var types = new TreeSet<PersonalDataType>();
        texts(example).forEach(text -> in(text).forEach(each -> types.add(each.type())));
        return types;
    }

    /** Input, output, and the passages beside them. */
    static List<String> texts(Example example) {
        var texts = new ArrayList<>(List.of(example.input(), example.output()));
        switch (example.beside()) {
            case Beside.Nothing _ -> {}
            case Beside.Negatives negatives -> texts.addAll(negatives.passages());
            case Beside.Context context -> texts.add(context.passage());
        }
        return texts;
    }

    /** The text with {@code [email]} where an e-mail address stood, and so on; web addresses and names stay. */
    public static String masked(String text) {
        String masked = maskedOnce(text);
        // What stood right beside a value can be told from it only now.
        return masked.equals(text) ? text : masked(masked);
    }

    private static String maskedOnce(String text) {
        var masked = new StringBuilder();
        int at = 0;
        for (Found each : in(text)) {
            if (each.type().blocks()) {
                masked.append(text, at, each.from())
                        .append('[')
                        .append(each.type().word())
                        .append(']');
                at = each.to();
            }
        }
        return masked.append(text, at, text.length()).toString();
    }
}
