package dev.tandem.behavior.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.domain.Example;
import dev.tandem.domain.Part;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitTest {

    private static final long SEED = Long.getLong("tandem.seed", System.nanoTime());

    @Test
    void familiesNeverStraddleAndSharesAreHeldWhateverTheOrder() {
        for (int round = 0; round < 30; round++) {
            long seed = SEED + round;
            String replay = "replay with -Dtandem.seed=" + seed;
            var random = new Random(seed);
            List<Example> examples = random(random, 200 + random.nextInt(800));

            List<Example> split = Split.of(examples, seed, 0.1, 0.2);

            assertThat(inputs(split)).as(replay).isEqualTo(inputs(examples));
            int[] families = Families.of(examples);
            Map<Integer, Part> parts = new HashMap<>();
            Map<String, Part> given = new HashMap<>();
            for (int i = 0; i < families.length; i++) {
                Part part = split.get(i).part();
                assertThat(parts.merge(families[i], part, (one, _) -> one))
                        .as(replay)
                        .isEqualTo(part);
                if (!split.get(i).family().isEmpty()) {
                    assertThat(given.merge(split.get(i).family(), part, (one, _) -> one))
                            .as(replay)
                            .isEqualTo(part);
                }
            }
            assertThat(share(split, Part.TEST)).as(replay).isBetween(0.17, 0.23);
            assertThat(share(split, Part.VALIDATION)).as(replay).isBetween(0.07, 0.13);
            Set<String> learned = split.stream()
                    .filter(example -> example.part() == Part.TRAIN)
                    .map(Example::output)
                    .collect(Collectors.toSet());
            assertThat(learned).as(replay).containsAll(Labels.counts(examples).keySet());

            var shuffled = new ArrayList<>(examples);
            Collections.shuffle(shuffled, random);
            assertThat(Split.of(shuffled, seed, 0.1, 0.2)).as(replay).containsExactlyInAnyOrderElementsOf(split);
        }
    }

    @Test
    void eachLabelIsSpreadAsTheWholeIs() {
        List<Example> examples = IntStream.range(0, 1000)
                .mapToObj(i -> example("text number " + i * 7919, i % 10 == 0 ? "rare" : "common"))
                .toList();
        List<Example> test = Split.of(examples, 1, 0, 0.2).stream()
                .filter(example -> example.part() == Part.TEST)
                .toList();
        assertThat(Labels.counts(test)).containsExactly(Map.entry("common", 180), Map.entry("rare", 20));
    }

    @Test
    void anotherSeedIsAnotherSplit() {
        List<Example> examples = random(new Random(1), 300);
        assertThat(Split.of(examples, 1, 0, 0.2)).isNotEqualTo(Split.of(examples, 2, 0, 0.2));
    }

    @Test
    void theWholeKeepsTheShareWhereLabelsAreTooSmallTo() {
        List<Example> examples = IntStream.range(0, 200)
                .mapToObj(i -> example("text number " + i * 7919, "label " + i / 2))
                .toList();
        assertThat(share(Split.of(examples, 1, 0, 0.2), Part.TEST)).isBetween(0.19, 0.21);
    }

    @Test
    void whatAFilePlacedStaysAndItsFamilyFollows() {
        List<Example> examples = List.of(
                example("How do I pay?", "pay").in(Part.TEST),
                example("how do  I pay?", "pay"),
                example("Where is my parcel now, please?", "track"),
                example("Where is my card today, please?", "track"));
        List<Example> split = Split.of(examples, Set.of(0), 1, 0, 0);
        assertThat(split).extracting(Example::part).containsExactly(Part.TEST, Part.TEST, Part.TRAIN, Part.TRAIN);
    }

    @Test
    void outputsThatAreTextsAreNoLabels() {
        List<Example> examples = IntStream.range(0, 100)
                .mapToObj(i -> example("question number " + i * 7919, "answer number " + i))
                .toList();
        assertThat(share(Split.of(examples, 1, 0.1, 0.2), Part.TEST)).isEqualTo(0.2);
    }

    @Test
    void oneExampleIsLearnedFrom() {
        assertThat(Split.of(List.of(example("a", "b")), 1, 0.2, 0.2))
                .extracting(Example::part)
                .containsExactly(Part.TRAIN);
    }

    private static List<Example> random(Random random, int size) {
        var examples = new ArrayList<Example>();
        while (examples.size() < size) {
            String label = "label " + (int) Math.abs(random.nextGaussian() * 4);
            String text = random.ints(6 + random.nextInt(8), 0, 5000)
                    .mapToObj(word -> "w" + word)
                    .collect(Collectors.joining(" "));
            String family = random.nextInt(4) == 0 ? label + " family " + random.nextInt(size / 20) : "";
            examples.add(new Example(text, label, family, Part.TRAIN, examples.size() + 1));
            if (random.nextInt(10) == 0) {
                examples.add(new Example(text.toUpperCase(java.util.Locale.ROOT) + " ", label, "", Part.TRAIN, 1));
            }
            if (random.nextInt(10) == 0) {
                examples.add(new Example("\"" + text + "!\"", label, "", Part.TRAIN, 1));
            }
        }
        return examples;
    }

    private static List<String> inputs(List<Example> examples) {
        return examples.stream().map(Example::input).toList();
    }

    private static double share(List<Example> examples, Part part) {
        return (double) examples.stream().filter(each -> each.part() == part).count() / examples.size();
    }

    private static Example example(String input, String output) {
        return new Example(input, output, "", Part.TRAIN, 1);
    }
}
