package dev.tandem.behavior.dataset;

import dev.tandem.domain.Example;
import dev.tandem.domain.Part;
import dev.tandem.measure.Seeds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Says of each example what it is there for. Families (see {@link Families}) stay together; each label is spread over the
 * parts as the whole is, and keeps at least one family to learn from. The same examples and seed give the same parts,
 * whatever the order of the rows.
 */
public final class Split {

    /** Of a file that says nothing about parts, so much is there to measure on. */
    public static final double TEST_SHARE = 0.2;

    private Split() {}

    /** Splits examples of which no file says in which part they stand. */
    public static List<Example> of(List<Example> examples, long seed, double validationShare, double testShare) {
        return of(examples, Set.of(), seed, validationShare, testShare);
    }

    /**
     * Splits the rest where files say of some examples in which part they stand; their families follow them.
     *
     * @param placed places, in the list, of the examples that stay in the part that they have
     * @return the same examples in the same order
     */
    public static List<Example> of(
            List<Example> examples, Set<Integer> placed, long seed, double validationShare, double testShare) {
        if (!(validationShare >= 0 && testShare >= 0 && validationShare + testShare < 1)) {
            throw new IllegalArgumentException("shares " + validationShare + " and " + testShare);
        }
        Collection<List<Family>> strata = strata(examples, placed, seed);
        fill(strata, Part.TEST, testShare);
        fill(strata, Part.VALIDATION, validationShare);
        var result = new ArrayList<>(examples);
        for (List<Family> stratum : strata) {
            for (Family family : stratum) {
                Part part = family.part == null ? Part.TRAIN : family.part;
                for (int member : family.members) {
                    if (!placed.contains(member)) {
                        result.set(member, examples.get(member).in(part));
                    }
                }
            }
        }
        return Collections.unmodifiableList(result);
    }

    /** Examples that go the same way, by their places in the list. */
    private static final class Family {
        final List<Integer> members = new ArrayList<>();
        String key = "";
        long rank;
        /** Where it goes; null as long as that is open. */
        @Nullable
        Part part;
    }

    /** The families of each label, in an order that looks random and depends on the seed and the texts alone. */
    private static Collection<List<Family>> strata(List<Example> examples, Set<Integer> placed, long seed) {
        var families = new TreeMap<Integer, Family>();
        int[] numbers = Families.of(examples);
        for (int i = 0; i < numbers.length; i++) {
            families.computeIfAbsent(numbers[i], _ -> new Family()).members.add(i);
        }
        boolean labelled = Labels.are(examples);
        var strata = new TreeMap<String, List<Family>>();
        for (Family family : families.values()) {
            // No two families share an input, so the least one names it.
            family.key = family.members.stream()
                    .map(member -> Texts.form(examples.get(member).input()))
                    .min(Comparator.naturalOrder())
                    .orElseThrow();
            family.rank = Seeds.stream(seed, "split/" + family.key).nextLong();
            family.part = placed(examples, placed, family);
            String label = labelled ? label(examples, family) : "";
            strata.computeIfAbsent(label, _ -> new ArrayList<>()).add(family);
        }
        strata.values()
                .forEach(stratum -> stratum.sort(
                        Comparator.comparingLong((Family family) -> family.rank).thenComparing(f -> f.key)));
        return strata.values();
    }

    /** The most frequent label of the family; of equals the first. */
    private static String label(List<Example> examples, Family family) {
        Map<String, Integer> counts =
                Labels.counts(family.members.stream().map(examples::get).toList());
        int most = Collections.max(counts.values());
        return counts.entrySet().stream()
                .filter(each -> each.getValue() == most)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    /** The part in which files put most of the family; null where they say nothing. */
    private static @Nullable Part placed(List<Example> examples, Set<Integer> placed, Family family) {
        var counts = new EnumMap<Part, Integer>(Part.class);
        family.members.stream()
                .filter(placed::contains)
                .forEach(member -> counts.merge(examples.get(member).part(), 1, Integer::sum));
        return counts.entrySet().stream()
                .max(Map.Entry.<Part, Integer>comparingByValue()
                        .thenComparing(Map.Entry::getKey, Comparator.reverseOrder()))
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    /**
     * Gives the part its share of each label, family by family as long as that brings it nearer. What a label owes or has too
     * much of is carried to the next one, so that the whole keeps the share where labels are too small to.
     */
    private static void fill(Collection<List<Family>> strata, Part part, double share) {
        double carried = 0;
        for (List<Family> stratum : strata) {
            List<Family> open =
                    stratum.stream().filter(family -> family.part == null).toList();
            boolean learned = stratum.stream().anyMatch(family -> family.part == Part.TRAIN);
            double wanted = share * size(stratum)
                    + carried
                    - size(stratum.stream()
                            .filter(family -> family.part == part)
                            .toList());
            int spare = learned ? open.size() : open.size() - 1;
            for (Family family : open) {
                if (spare > 0 && share > 0 && family.members.size() <= 2 * wanted) {
                    family.part = part;
                    wanted -= family.members.size();
                    spare--;
                }
            }
            carried = Math.min(1, wanted);
        }
    }

    private static int size(List<Family> families) {
        return families.stream().mapToInt(family -> family.members.size()).sum();
    }
}
