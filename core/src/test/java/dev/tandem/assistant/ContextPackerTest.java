package dev.tandem.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Hit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class ContextPackerTest {

    private final Library library =
            new Library().with("a", "x").with("b", "x").with("c", "x").with("d", "x");
    private final ContextPacker packer =
            new ContextPacker(text -> Words.of(text).size());

    private Hit hit(String id, int start, int rank, String text) {
        return Library.hit(library.document(id), text, start, rank, 1.0 / rank);
    }

    @Test
    void whatFitsIsKeptWholeWithTheStrongestAtBothEnds() {
        List<Passage> packed = packer.pack(
                "anything",
                List.of(
                        hit("a", 0, 1, "first."),
                        hit("b", 0, 2, "second."),
                        hit("c", 0, 3, "third."),
                        hit("d", 0, 4, "fourth.")),
                100);
        assertThat(packed).extracting(Passage::text).containsExactly("first.", "third.", "fourth.", "second.");
    }

    @Test
    void neighboursOfOneDocumentBecomeOnePassageAsStrongAsTheStronger() {
        List<Passage> packed = packer.pack(
                "anything",
                List.of(hit("a", 7, 1, "second. "), hit("b", 0, 2, "other"), hit("a", 0, 3, "first. ")),
                100);
        assertThat(packed).extracting(Passage::text).containsExactly("first. second. ", "other");
        assertThat(packed.getFirst().rank()).isEqualTo(1);
        assertThat(packed.getFirst().span().end()).isEqualTo(15);
    }

    @Test
    void whenTheBudgetRunsOutOnlySentencesThatBearOnTheQuestionFollow() {
        List<Passage> packed = packer.pack(
                "What is the notice period?",
                List.of(
                        hit("a", 0, 1, "Leave is paid. The notice period is short."),
                        hit(
                                "b",
                                0,
                                2,
                                "Cups are washed by hand. Their notice period is one month. The kitchen is open."),
                        hit("c", 0, 3, "Nothing about it.")),
                16);
        assertThat(packed)
                .extracting(Passage::text)
                .containsExactly("Leave is paid. The notice period is short.", "Their notice period is one month.");
    }

    @RepeatedTest(20)
    void theBudgetHoldsAndEveryPassageStandsInItsDocument(RepetitionInfo info) {
        long seed = 7_000L + info.getCurrentRepetition();
        var random = new SplittableRandom(seed);
        var text = new StringBuilder();
        var hits = new ArrayList<Hit>();
        DocumentRef document = library.document("a");
        for (int i = 0; i < 12; i++) {
            var chunk = new StringBuilder();
            for (int s = random.nextInt(1, 5); s > 0; s--) {
                chunk.append("Word𝄞")
                        .append(random.nextInt(9))
                        .append(" notice")
                        .append(random.nextInt(9))
                        .append(". ");
            }
            if (random.nextBoolean()) {
                hits.add(Library.hit(document, chunk.toString(), text.codePointCount(0, text.length()), 0, 1));
            }
            text.append(chunk);
        }
        var ranked = new ArrayList<Hit>();
        while (!hits.isEmpty()) {
            Hit next = hits.remove(random.nextInt(hits.size()));
            ranked.add(new Hit(document, next.chunk(), ranked.size() + 1, 1, Hit.Channel.NONE, Hit.Channel.NONE));
        }
        int budget = random.nextInt(1, 60);
        List<Passage> packed = packer.pack("notice3 or word𝄞5", ranked, budget);

        assertThat(packed.stream().mapToInt(p -> Words.of(p.text()).size()).sum())
                .as("seed %d", seed)
                .isLessThanOrEqualTo(budget);
        assertThat(packed)
                .as("seed %d", seed)
                .allSatisfy(passage ->
                        assertThat(passage.span().of(text.toString())).isEqualTo(passage.text()));
    }
}
