package dev.tandem.knowledge.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentencesTest {

    private static List<String> split(String text) {
        return Sentences.of(text).stream().map(Sentence::text).toList();
    }

    /** Each case is sentences joined by " / ", to be split where the bars stand. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Prices fell. / Nobody bought.",
                "Dr. Smith met Mrs. Jones at 9 a.m. on Monday. / They left at 5 p.m. / It rained.",
                "He moved to the U.S. in 1998. / The U.S. Army followed.",
                "He came from the U.S. / It was far away.",
                "J. K. Rowling and George W. Bush spoke. / John F. Kennedy did not.",
                "It cost $3.50 on Jan. 5, i.e. less than before. / See Fig. 2 and No. 7 for details.",
                "The company, Acme Inc., grew. / It bought Beta Ltd. and Gamma Co. in May.",
                "Is it true? / \"Yes.\" / He nodded!",
                "She said: \"It is late.\" / Then she left.",
                "It rose (see table 3.) / Then it fell.",
                "The first claim.[12] / The second claim.[3][4] / The third.",
                "Version 2.5.1 is out at example.com. / Get it.",
                "Wait... what? / Yes… / No.",
                "これは文です。/ これも文です。",
                "The answer is no. / Ask again.",
                "He took vitamin C. / It helped.",
                "He holds a Ph.D. from M.I.T. and an M.D. / He teaches.",
                "St. Peter's stands on Main St. / The other one does not.",
                "Around 300 B.C. Rome grew. / By 20 A.D. the city was large.",
                "They read books, papers, etc. / Nobody minded.",
                "1. Open the door. / 2. Close it.",
                "The vote was 5–4. / Justice A. Scalia wrote.",
                "iv. the fourth point.",
                "Gen. Lee, Lt. Col. Oates and Sgt. York met vs. nobody.",
                "Yahoo! is a company.",
                "In Smith v. Jones the court ruled. / It was final."
            })
    void fullStopsAreUnderstood(String marked) {
        String[] want = marked.split(" ?/ ", -1);
        String text = marked.contains("。") ? String.join("", want) : String.join(" ", want);
        assertThat(split(text)).containsExactly(want);
    }

    @Test
    void linesEndSentencesOnlyWhereTheyMeanTo() {
        assertThat(split("A wrapped line that goes on for a while until it is\nended in the next one. Then more."))
                .containsExactly(
                        "A wrapped line that goes on for a while until it is\nended in the next one.", "Then more.");
        assertThat(split("Steps:\n- Open it\n- Close it\n\nDone"))
                .containsExactly("Steps:", "- Open it", "- Close it", "Done");
        assertThat(split("Plan | Price in euros for a whole year\nTeam | 12 euros for a month and a seat"))
                .containsExactly("Plan | Price in euros for a whole year", "Team | 12 euros for a month and a seat");
        assertThat(split("Heading without stop\n\nText follows."))
                .containsExactly("Heading without stop", "Text follows.");
        assertThat(split("Carriage returns\r\n\r\nare line ends. Too."))
                .containsExactly("Carriage returns", "are line ends.", "Too.");
    }

    @Test
    void spansAreCodePointsOfTheText() {
        String text = "  😀 smiles. 𝔘nicode 😀 too!  ";
        for (Sentence sentence : Sentences.of(text)) {
            assertThat(sentence.span().of(text)).isEqualTo(sentence.text());
        }
        assertThat(split(text)).containsExactly("😀 smiles.", "𝔘nicode 😀 too!");
    }

    @Test
    void nothingButWhiteSpaceStandsBetweenSentences() {
        long seed = Long.getLong("tandem.seed", System.nanoTime());
        var random = new SplittableRandom(seed);
        String[] parts = {
            "a", "B", ".", "!", "?", " ", "\n", "\r\n", "(", ")", "\"", "Dr.", "U.S.", "[1]", "😀", "\uD83D", "。", "…",
            "1.", " | ", "- "
        };
        for (int round = 0; round < 5_000; round++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            String all = text.toString();
            String kept = String.join("", split(all)).replaceAll("\\s", "");
            assertThat(kept).as("replay with -Dtandem.seed=" + seed).isEqualTo(all.replaceAll("\\s", ""));
            int last = 0;
            for (Sentence sentence : Sentences.of(all)) {
                assertThat(sentence.span().start()).isGreaterThanOrEqualTo(last);
                assertThat(sentence.span().of(all)).isEqualTo(sentence.text());
                last = sentence.span().end();
            }
        }
    }

    @Test
    void aBlankTextHasNoSentences() {
        assertThat(Arrays.asList("", " ", "\n\n \t"))
                .allMatch(text -> Sentences.of(text).isEmpty());
    }
}
