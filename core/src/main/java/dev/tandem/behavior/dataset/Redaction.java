package dev.tandem.behavior.dataset;

import dev.tandem.domain.Example;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Examples without the personal data that training refuses. Labels stay as they are, because two labels that become one are
 * another task.
 *
 * @param examples what is left, {@code [email]} in the place of an e-mail address and so on
 * @param changed examples in which something was replaced, or that were left out
 * @param values how many were taken out, by type
 * @param labels different labels that hold personal data still
 */
public record Redaction(List<Example> examples, int changed, SortedMap<PersonalDataType, Integer> values, int labels) {

    /** Replaces values, or leaves out the examples that hold any. */
    public static Redaction of(Collection<Example> examples, boolean drop) {
        boolean labelled = Labels.are(examples);
        var left = new ArrayList<Example>();
        var values = new TreeMap<PersonalDataType, Integer>();
        int changed = 0;
        for (Example each : examples) {
            List<PersonalData.Found> found = new ArrayList<>(PersonalData.in(each.input()));
            if (!labelled) {
                found.addAll(PersonalData.in(each.output()));
            }
            found.removeIf(one -> !one.type().blocks());
            if (found.isEmpty()) {
                left.add(each);
                continue;
            }
            changed++;
            found.forEach(one -> values.merge(one.type(), 1, Integer::sum));
            if (!drop) {
                left.add(new Example(
                        PersonalData.masked(each.input()),
                        labelled ? each.output() : PersonalData.masked(each.output()),
                        each.family(),
                        each.part(),
                        each.line()));
            }
        }
        int labels = !labelled
                ? 0
                : (int) Labels.counts(left).keySet().stream()
                        .filter(label -> PersonalData.in(label).stream()
                                .anyMatch(one -> one.type().blocks()))
                        .count();
        return new Redaction(List.copyOf(left), changed, values, labels);
    }
}
