package dev.tandem.behavior.dataset;

import dev.tandem.domain.Beside;
import dev.tandem.domain.Example;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Examples without the personal data that training refuses. Labels stay as they are, because two labels that become one are
 * another task.
 *
 * @param examples what is left, {@code [email]} in the place of an e-mail address and so on
 * @param changed examples in which something was replaced, or that were left out; so is one whose answer would not stand in its
 *     passage any more
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
            List<PersonalData.Found> found = new ArrayList<>();
            PersonalData.texts(each).stream()
                    .filter(text -> !labelled || !text.equals(each.output()))
                    .forEach(text -> found.addAll(PersonalData.in(text)));
            found.removeIf(one -> !one.type().blocks());
            if (found.isEmpty()) {
                left.add(each);
                continue;
            }
            changed++;
            found.forEach(one -> values.merge(one.type(), 1, Integer::sum));
            if (!drop) {
                masked(each, labelled).ifPresent(left::add);
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

    /** Empty where an answer, without the words around it, is not masked as it is in its passage. */
    private static Optional<Example> masked(Example example, boolean labelled) {
        Beside beside = switch (example.beside()) {
            case Beside.Nothing nothing -> nothing;
            case Beside.Negatives negatives -> new Beside.Negatives(masked(negatives.passages()));
            case Beside.Context context -> {
                String passage = PersonalData.masked(context.passage());
                List<String> answers = masked(context.answers());
                yield answers.stream().allMatch(passage::contains)
                        ? new Beside.Context(passage, answers)
                        : Beside.NOTHING;
            }
        };
        if (example.beside() instanceof Beside.Context && !(beside instanceof Beside.Context)) {
            return Optional.empty();
        }
        return Optional.of(new Example(
                PersonalData.masked(example.input()),
                labelled ? example.output() : PersonalData.masked(example.output()),
                beside,
                example.family(),
                example.part(),
                example.line()));
    }

    private static List<String> masked(List<String> texts) {
        return texts.stream().map(PersonalData::masked).toList();
    }
}
