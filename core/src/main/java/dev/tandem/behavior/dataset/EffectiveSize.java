package dev.tandem.behavior.dataset;

import dev.tandem.domain.Beside;
import dev.tandem.domain.Example;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * How large a dataset is in effect: the examples that count, and how different they are.
 *
 * @param examples all of them
 * @param clean those that are left when the others are set aside
 * @param setAside why, and how many; each example for the first reason that it meets
 * @param diversity see {@link Group#diversity}
 * @param labels clean examples and diversity of each label; empty where outputs are no labels
 */
public record EffectiveSize(
        int examples, int clean, Map<Reason, Integer> setAside, double diversity, SortedMap<String, Group> labels) {

    /** Why an example is set aside, in this order. */
    public enum Reason {
        CONFLICT("whose text has another output as well"),
        COPY("that are copies or near copies"),
        PERSONAL_DATA("with personal data"),
        SUSPICIOUS_LABEL("with a suspicious label");

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        /** After the number of them. */
        public String words() {
            return words;
        }
    }

    /**
     * Some of the examples.
     *
     * @param clean those of them that count
     * @param diversity of their texts: 1 less the Jaccard similarity of words and pairs of words of two of them, averaged over
     *     pairs; 0 where all are the same, 1 where no two have a word in common
     */
    public record Group(int clean, double diversity) {}

    private static final int MOST_PAIRS = 20_000;
    private static final long SEED = 20_261_128;

    public EffectiveSize {
        setAside = new LinkedHashMap<>(setAside);
    }

    /**
     * Of these examples.
     *
     * @param suspicious texts whose labels are suspicious
     */
    public static EffectiveSize of(Collection<Example> examples, Set<Example> suspicious) {
        List<Example> all = List.copyOf(examples);
        var outputs = new HashMap<String, Set<String>>();
        all.forEach(each -> outputs.computeIfAbsent(Texts.form(each.input()), _ -> new HashSet<>())
                .add(each.output()));
        List<String> families = families(all);
        var seen = new HashSet<String>();
        var setAside = new TreeMap<Reason, Integer>();
        var clean = new ArrayList<Example>();
        for (int i = 0; i < families.size(); i++) {
            Example each = all.get(i);
            Reason reason =
                    outputs.getOrDefault(Texts.form(each.input()), Set.of()).size() > 1
                            ? Reason.CONFLICT
                            : seen.contains(families.get(i))
                                    ? Reason.COPY
                                    : PersonalData.types(each).stream().anyMatch(PersonalDataType::blocks)
                                            ? Reason.PERSONAL_DATA
                                            : suspicious.contains(each) ? Reason.SUSPICIOUS_LABEL : null;
            if (reason == null) {
                clean.add(each);
                seen.add(families.get(i));
            } else {
                setAside.merge(reason, 1, Integer::sum);
            }
        }
        var labels = new TreeMap<String, Group>();
        if (Labels.are(all)) {
            Labels.counts(all).keySet().forEach(label -> {
                List<Example> of = clean.stream()
                        .filter(each -> each.output().equals(label))
                        .toList();
                labels.put(label, new Group(of.size(), diversity(of)));
            });
        }
        return new EffectiveSize(all.size(), clean.size(), setAside, diversity(clean), labels);
    }

    /**
     * The same for copies and near copies. One question may have several passages that answer it, or be asked of several; families that
     * were given play no part.
     */
    private static List<String> families(List<Example> all) {
        int[] near = Families.of(all.stream()
                .map(each -> new Example(each.input(), each.output(), each.beside(), "", each.part(), each.line()))
                .toList());
        return IntStream.range(0, near.length)
                .mapToObj(i -> near[i] + " "
                        + switch (all.get(i).beside()) {
                            case Beside.Nothing _ -> "";
                            case Beside.Negatives _ -> all.get(i).output();
                            case Beside.Context context -> context.passage();
                        })
                .toList();
    }

    /** Over all pairs where those are few, over as many random ones else: the same ones at each call. */
    private static double diversity(List<Example> examples) {
        List<Shingles> texts = examples.stream()
                .map(each -> Shingles.of(Texts.form(each.input())))
                .toList();
        int count = texts.size();
        if (count < 2) {
            return count;
        }
        double sum = 0;
        long pairs = (long) count * (count - 1) / 2;
        if (pairs <= MOST_PAIRS) {
            for (int i = 0; i < count; i++) {
                for (int j = 0; j < i; j++) {
                    sum += texts.get(i).jaccard(texts.get(j));
                }
            }
            return 1 - sum / pairs;
        }
        var random = new SplittableRandom(SEED);
        for (int pair = 0; pair < MOST_PAIRS; pair++) {
            int one = random.nextInt(count);
            int other = (one + 1 + random.nextInt(count - 1)) % count;
            sum += texts.get(one).jaccard(texts.get(other));
        }
        return 1 - sum / MOST_PAIRS;
    }
}
