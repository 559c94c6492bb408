package dev.tandem.behavior.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.behavior.dataset.EffectiveSize.Reason;
import dev.tandem.domain.Example;
import dev.tandem.domain.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What of a dataset counts, and how different it is. */
class EffectiveSizeTest {

    @Test
    void copiesConflictsPersonalDataAndSuspiciousLabelsAreSetAsideOnceEach() {
        var examples = new ArrayList<Example>();
        IntStream.range(0, 10)
                .forEach(
                        i -> examples.add(example("alone" + i + " beside" + i + " of" + i, i % 2 == 0 ? "a" : "b", i)));
        examples.add(example("Said twice in all", "a", 20));
        examples.add(example("said  TWICE in all", "a", 21));
        examples.add(example("how long does it take until my new card is here", "b", 22));
        examples.add(example("how long does it take until my new card is here?!", "b", 23));
        examples.add(example("two outputs for it", "a", 24));
        examples.add(example("two outputs for it", "b", 25));
        examples.add(example("write to ana@firma.de at once", "b", 26));

        EffectiveSize size = EffectiveSize.of(examples, Set.of(examples.get(3)));

        assertThat(size.examples()).isEqualTo(17);
        assertThat(size.clean()).isEqualTo(11);
        assertThat(size.setAside())
                .isEqualTo(Map.of(
                        Reason.CONFLICT, 2, Reason.COPY, 2, Reason.PERSONAL_DATA, 1, Reason.SUSPICIOUS_LABEL, 1));
        assertThat(size.labels().get("a").clean()).isEqualTo(6);
        assertThat(size.labels().get("b").clean()).isEqualTo(5);
        assertThat(EffectiveSize.of(examples, Set.of()).clean()).isEqualTo(12);
    }

    @Test
    void diversityIsOneLessWhatTwoTextsShare() {
        // Words and pairs of words: a b ab, a c ac: one of five is shared.
        assertThat(EffectiveSize.of(List.of(example("a b", "x", 1), example("a c", "y", 2)), Set.of())
                        .diversity())
                .isEqualTo(0.8, within(1e-9));
        assertThat(EffectiveSize.of(List.of(example("a b", "x", 1), example("c d", "y", 2)), Set.of())
                        .diversity())
                .isOne();
        assertThat(EffectiveSize.of(List.of(example("a b", "x", 1), example("a b", "x", 2)), Set.of())
                        .clean())
                .isOne();
    }

    @Test
    void ofManyTextsAsOfFew() {
        List<Example> many = IntStream.range(0, 1_000)
                .mapToObj(i -> example("please w" + i + " v" + i, "x" + i % 2, i))
                .toList();
        EffectiveSize size = EffectiveSize.of(many, Set.of());
        // Of nine words and pairs of two texts one is shared.
        assertThat(size.diversity()).isEqualTo(8 / 9.0, within(1e-9));
        assertThat(size.labels().get("x1").diversity()).isEqualTo(8 / 9.0, within(1e-9));
    }

    private static Example example(String input, String output, int line) {
        return new Example(input, output, "", Part.TRAIN, line);
    }
}
