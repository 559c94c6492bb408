package dev.tandem.behavior.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tandem.behavior.dataset.Finding;
import dev.tandem.domain.Example;
import dev.tandem.domain.Part;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuspiciousLabelsTest {

    private final long seed = System.nanoTime();

    @Test
    void aWrongLabelIsFoundWithTheRightOne() {
        var clouds = new Clouds(seed, 4, 32, 0.5).add(30);
        List<Example> examples = examples(clouds.texts, clouds.labels);
        for (int i = 0; i < examples.size(); i += 40) {
            examples.set(
                    i,
                    labelled(
                            examples.get(i),
                            "label-" + (Integer.parseInt(clouds.labels.get(i).substring(6)) + 1) % 4));
        }

        List<SuspiciousLabels.Suspect> suspects = SuspiciousLabels.of(examples, clouds.vectors, _ -> {});

        assertThat(suspects)
                .as("seed %d", seed)
                .extracting(each -> each.example().line(), SuspiciousLabels.Suspect::likelier)
                .containsExactlyInAnyOrder(
                        tuple(1, clouds.labels.get(0)),
                        tuple(41, clouds.labels.get(40)),
                        tuple(81, clouds.labels.get(80)));
        Finding finding = SuspiciousLabels.finding(suspects).orElseThrow();
        assertThat(finding.message()).startsWith("3 labels look wrong");
        assertThat(finding.cases().getFirst().note()).contains("rather than");
    }

    @Test
    void rightLabelsAndOutputsThatAreNoLabelsAreLeftAlone() {
        var clouds = new Clouds(seed, 4, 32, 0.5).add(30);
        assertThat(SuspiciousLabels.of(examples(clouds.texts, clouds.labels), clouds.vectors, _ -> {}))
                .as("seed %d", seed)
                .isEmpty();
        List<String> texts =
                clouds.texts.stream().map(each -> "answer to " + each).toList();
        assertThat(SuspiciousLabels.of(examples(clouds.texts, texts), clouds.vectors, _ -> {}))
                .isEmpty();
        assertThat(SuspiciousLabels.finding(List.of())).isEmpty();
    }

    /** Nobody can say what is like a label that hardly anything has. */
    @Test
    void aRareLabelIsNotJudged() {
        var clouds = new Clouds(seed, 3, 32, 0.5).add(30);
        List<Example> examples = examples(clouds.texts, clouds.labels);
        examples.set(0, labelled(examples.get(0), "rare"));
        assertThat(SuspiciousLabels.of(examples, clouds.vectors, _ -> {}))
                .as("seed %d", seed)
                .isEmpty();
    }

    private static List<Example> examples(List<String> texts, List<String> labels) {
        var examples = new ArrayList<Example>();
        for (int i = 0; i < texts.size(); i++) {
            examples.add(new Example(texts.get(i), labels.get(i), "", Part.TRAIN, i + 1));
        }
        return examples;
    }

    private static Example labelled(Example example, String label) {
        return new Example(example.input(), label, example.family(), example.part(), example.line());
    }
}
