package dev.tandem.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The sets that figures are published on are read as their authors describe them. */
class RealSuitesTest {

    private static final Path DATA = Path.of(System.getProperty("tandem.data", "../shared/data"));

    @BeforeEach
    void needsTheData() {
        boolean there = Files.isDirectory(DATA);
        if ("true".equals(System.getenv("CI"))) {
            assertThat(there).as("CI needs the data at %s", DATA).isTrue();
        }
        assumeTrue(there, "no data at " + DATA);
    }

    @Test
    void theRetrievalSetsHaveTheDocumentsAndQueriesThatTheyAreKnownFor() {
        BeirSuite multihop = BeirSuite.read(DATA.resolve("multihop-hotpot-musique"));
        assertThat(multihop.documents()).isEqualTo(2_884);
        assertThat(multihop.cases()).hasSize(200);
        assertThat(multihop.cases().getFirst().grades()).containsOnlyKeys("h5", "h9");
        BeirSuite scifact = BeirSuite.read(DATA.resolve("scifact"));
        assertThat(scifact.documents()).isEqualTo(5_183);
        assertThat(scifact.cases()).hasSize(300);
        assertThat(BeirSuite.read(DATA.resolve("scifact"), "train").cases()).hasSize(809);
        assertThat(BeirSuite.read(DATA.resolve("aws-docs-qa")).cases()).hasSize(100);
    }

    @Test
    void everyQuestionOfSquadIsAboutATrainOrATestArticleAndNeverBoth() {
        AnswerSuite squad = AnswerSuite.read(DATA.resolve("squad-v1.1-dev"));
        Path split = DATA.resolve("squad-split.tsv");
        Set<String> train = AnswerSuite.articles(split, "train");
        Set<String> test = AnswerSuite.articles(split, "test");
        assertThat(train).hasSize(35).doesNotContainAnyElementsOf(test);
        assertThat(test).hasSize(13);
        var together = new HashSet<>(squad.ofArticles(train).cases());
        together.addAll(squad.ofArticles(test).cases());
        assertThat(together).hasSize(10_570).hasSameSizeAs(squad.cases());
        assertThat(squad.cases()).allMatch(AnswerSuite.Case::answerable);
    }

    @Test
    void halfOfSquadTwoCannotBeAnswered() {
        AnswerSuite squad = AnswerSuite.read(DATA.resolve("squad-v2.0-dev"));
        assertThat(squad.cases()).hasSize(11_873);
        assertThat(squad.cases().stream().filter(each -> !each.answerable())).hasSize(5_945);
    }
}
