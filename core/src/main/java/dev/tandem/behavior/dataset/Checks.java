package dev.tandem.behavior.dataset;

import dev.tandem.behavior.dataset.Finding.Case;
import dev.tandem.behavior.dataset.Finding.Kind;
import dev.tandem.behavior.dataset.Finding.Place;
import dev.tandem.domain.Beside;
import dev.tandem.domain.Example;
import dev.tandem.domain.Part;
import dev.tandem.domain.Printable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds what makes a dataset worth less than it seems. Findings come in the order of their kinds, the worst first; what is
 * said of labels is said only where outputs are labels (see {@link Labels#are}).
 */
public final class Checks {

    /** With fewer examples to learn from, a label is hardly learned. */
    public static final int SMALL_CLASS = 10;

    /** About what the bundled encoder reads of a text: 512 tokens. */
    public static final int LONG_TEXT = 2_000;

    private static final double IMBALANCE = 10;
    private static final int NAMED = 5;

    private final List<Example> examples;
    private final List<Example> train;
    private final List<Example> test;
    private final List<Finding> findings = new ArrayList<>();

    private Checks(Collection<Example> examples) {
        this.examples = examples.stream()
                .sorted(Comparator.comparing(Example::part)
                        .thenComparingInt(Example::line)
                        .thenComparing(Example::input)
                        .thenComparing(Example::output))
                .toList();
        this.train = Leakage.part(this.examples, Part.TRAIN);
        this.test = Leakage.part(this.examples, Part.TEST);
    }

    public static List<Finding> of(Collection<Example> examples) {
        var checks = new Checks(examples);
        checks.parts();
        checks.overlap();
        checks.copies();
        checks.longTexts();
        checks.personalData();
        checks.changingFacts();
        if (Labels.are(examples)) {
            checks.labels();
        }
        checks.findings.sort(Comparator.comparing(Finding::kind));
        return List.copyOf(checks.findings);
    }

    private void parts() {
        if (train.isEmpty()) {
            add(Kind.EMPTY_PART, true, "There is nothing to learn from: the part train is empty.", List.of());
        }
        if (test.isEmpty()) {
            add(Kind.EMPTY_PART, false, "There is nothing to measure on: the part test is empty.", List.of());
        }
    }

    private void overlap() {
        List<Leakage.Pair> same = Leakage.between(train, test);
        if (!same.isEmpty()) {
            long identical = same.stream().filter(Leakage.Pair::isIdentical).count();
            String letters = identical == same.size()
                    ? "to the letter"
                    : identical + " to the letter, the others but for case and blanks";
            add(
                    Kind.TRAIN_TEST_OVERLAP,
                    true,
                    count(same.size(), "text stands", "texts stand") + " in both train and test, " + letters + ".",
                    cases(same));
        }
        List<Leakage.Pair> near = Leakage.near(train, test);
        if (!near.isEmpty()) {
            add(
                    Kind.NEAR_TRAIN_TEST,
                    false,
                    count(near.size(), "text of test is", "texts of test are") + " nearly one of train.",
                    cases(near));
        }
    }

    private List<Case> cases(List<Leakage.Pair> pairs) {
        Map<String, String> outputs = new HashMap<>();
        examples.forEach(each -> outputs.putIfAbsent(each.part() + " " + each.input(), each.output()));
        return pairs.stream()
                .map(pair -> new Case(
                        pair.testText(),
                        List.of(
                                new Place(
                                        Part.TRAIN,
                                        pair.trainLine(),
                                        outputs.getOrDefault(Part.TRAIN + " " + pair.trainText(), "")),
                                new Place(
                                        Part.TEST,
                                        pair.testLine(),
                                        outputs.getOrDefault(Part.TEST + " " + pair.testText(), "")))))
                .toList();
    }

    private void copies() {
        var byForm = new TreeMap<String, List<Example>>();
        examples.forEach(example -> byForm.computeIfAbsent(Texts.form(example.input()), _ -> new ArrayList<>())
                .add(example));
        List<Case> conflicts = byForm.values().stream()
                .filter(copies ->
                        copies.stream().map(Example::output).distinct().count() > 1)
                .map(Checks::aCase)
                .toList();
        if (!conflicts.isEmpty()) {
            add(
                    Kind.CONFLICTING_LABELS,
                    Labels.are(examples),
                    count(conflicts.size(), "text has", "texts have") + " more than one output.",
                    conflicts);
        }
        var duplicates = new ArrayList<Case>();
        int surplus = 0;
        for (List<Example> copies : byForm.values()) {
            var parts = new EnumMap<Part, List<Example>>(Part.class);
            copies.forEach(copy ->
                    parts.computeIfAbsent(copy.part(), _ -> new ArrayList<>()).add(copy));
            for (List<Example> inPart : parts.values()) {
                if (inPart.size() > 1) {
                    duplicates.add(aCase(inPart));
                    surplus += inPart.size() - 1;
                }
            }
        }
        if (!duplicates.isEmpty()) {
            add(
                    Kind.DUPLICATES,
                    false,
                    count(duplicates.size(), "text is", "texts are") + " there more than once in one part: "
                            + count(surplus, "example too many", "examples too many") + ".",
                    duplicates);
        }
        near(byForm);
    }

    private void near(SortedMap<String, List<Example>> byForm) {
        List<String> forms = List.copyOf(byForm.keySet());
        int[] numbers = NearTexts.groups(forms);
        var groups = new TreeMap<Integer, List<Example>>();
        var sizes = new HashMap<Integer, Integer>();
        for (int i = 0; i < numbers.length; i++) {
            groups.computeIfAbsent(numbers[i], _ -> new ArrayList<>())
                    .addAll(byForm.getOrDefault(forms.get(i), List.of()));
            sizes.merge(numbers[i], 1, Integer::sum);
        }
        var cases = new ArrayList<Case>();
        int texts = 0;
        for (Map.Entry<Integer, List<Example>> group : groups.entrySet()) {
            int size = sizes.getOrDefault(group.getKey(), 0);
            if (size > 1) {
                cases.add(aCase(group.getValue()));
                texts += size;
            }
        }
        if (!cases.isEmpty()) {
            add(
                    Kind.NEAR_DUPLICATES,
                    false,
                    count(texts, "text", "texts") + " in " + count(cases.size(), "group", "groups")
                            + " are nearly the same.",
                    cases);
        }
    }

    private void longTexts() {
        List<Case> longs = examples.stream()
                .filter(example -> example.input().length() > LONG_TEXT)
                .map(example -> aCase(List.of(example)))
                .toList();
        if (!longs.isEmpty()) {
            add(
                    Kind.LONG_TEXTS,
                    false,
                    count(longs.size(), "text is", "texts are")
                            + " longer than 2,000 characters; an encoder of 512 tokens reads the beginning only.",
                    longs);
        }
    }

    /** One finding for each type; what is shown of the examples does not show the data. */
    private void personalData() {
        var holders = new EnumMap<PersonalDataType, List<Case>>(PersonalDataType.class);
        for (Example example : examples) {
            for (PersonalDataType type : PersonalData.types(example)) {
                String text = PersonalData.texts(example).stream()
                        .filter(each -> PersonalData.in(each).stream().anyMatch(one -> one.type() == type))
                        .findFirst()
                        .orElseThrow();
                holders.computeIfAbsent(type, _ -> new ArrayList<>())
                        .add(new Case(
                                PersonalData.masked(text),
                                List.of(new Place(
                                        example.part(), example.line(), PersonalData.masked(example.output())))));
            }
        }
        holders.forEach((type, cases) -> add(
                Kind.PERSONAL_DATA,
                type.blocks(),
                count(cases.size(), "example holds", "examples hold") + " " + type.words(2) + ".",
                cases));
    }

    private void changingFacts() {
        if (Labels.are(examples)) {
            return;
        }
        List<Case> cases = examples.stream()
                .filter(each -> each.part() != Part.TEST && each.beside() instanceof Beside.Nothing)
                .flatMap(each -> ChangingFacts.in(each).stream()
                        .map(what -> new Case(
                                each.output(), List.of(new Place(each.part(), each.line(), each.output())), what)))
                .toList();
        if (!cases.isEmpty()) {
            add(
                    Kind.CHANGING_FACTS,
                    false,
                    count(cases.size(), "output states", "outputs state")
                            + " a date, a price or a version that its input does not: retrieve instead what can change.",
                    cases);
        }
    }

    private void labels() {
        SortedMap<String, Integer> all = Labels.counts(examples);
        SortedMap<String, Integer> learned = Labels.counts(train);
        if (all.size() == 1) {
            add(Kind.ONE_CLASS, true, "All examples have the label " + quoted(all.firstKey()) + ".", List.of());
        }
        var variants = new LinkedHashMap<String, List<String>>();
        all.keySet()
                .forEach(label -> variants.computeIfAbsent(Texts.form(label), _ -> new ArrayList<>())
                        .add(label));
        for (List<String> same : variants.values()) {
            if (same.size() > 1) {
                add(
                        Kind.LABEL_VARIANTS,
                        true,
                        "The labels " + named(same) + " differ by case or blanks only.",
                        List.of());
            }
        }
        if (!train.isEmpty()) {
            var unknown = new TreeSet<>(Labels.counts(test).keySet());
            unknown.removeAll(learned.keySet());
            if (!unknown.isEmpty()) {
                add(
                        Kind.LABEL_NOT_LEARNED,
                        true,
                        count(unknown.size(), "label of test is", "labels of test are") + " missing in train: "
                                + named(unknown) + ".",
                        List.of());
            }
            balance(learned);
        }
    }

    private void balance(SortedMap<String, Integer> learned) {
        List<String> small = learned.entrySet().stream()
                .filter(each -> each.getValue() < SMALL_CLASS)
                .map(Map.Entry::getKey)
                .toList();
        if (!small.isEmpty()) {
            add(
                    Kind.SMALL_CLASSES,
                    false,
                    count(small.size(), "label has", "labels have") + " fewer than " + SMALL_CLASS
                            + " examples to learn from: " + named(small) + ".",
                    List.of());
        }
        int most = Collections.max(learned.values());
        int least = Collections.min(learned.values());
        if (most >= IMBALANCE * least) {
            add(
                    Kind.IMBALANCE,
                    false,
                    "The largest label has " + most / least + " times the examples of the smallest: " + most + " and "
                            + least + ".",
                    List.of());
        }
    }

    private void add(Kind kind, boolean serious, String message, List<Case> cases) {
        List<Case> ordered = cases.stream()
                .sorted(Comparator.comparing(
                                (Case each) -> each.places().getFirst().part())
                        .thenComparingInt(each -> each.places().getFirst().line())
                        .thenComparing(Case::text))
                .toList();
        findings.add(new Finding(kind, serious, message, ordered));
    }

    private static Case aCase(List<Example> alike) {
        return new Case(
                alike.getFirst().input(),
                alike.stream()
                        .map(each -> new Place(each.part(), each.line(), each.output()))
                        .toList());
    }

    private static String named(Collection<String> labels) {
        List<String> shown = labels.stream().limit(NAMED).map(Checks::quoted).toList();
        int more = labels.size() - shown.size();
        return String.join(", ", shown) + (more > 0 ? " and " + more + " more" : "");
    }

    private static String quoted(String label) {
        return "'" + Printable.of(label) + "'";
    }

    private static String count(long number, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : many);
    }
}
