package dev.tandem.evidence.advice;

import static dev.tandem.evidence.advice.Need.AUDIT;
import static dev.tandem.evidence.advice.Need.CITATIONS;
import static dev.tandem.evidence.advice.Need.FACTUAL;
import static dev.tandem.evidence.advice.Need.FORMAT;
import static dev.tandem.evidence.advice.Need.LOCAL_ONLY;
import static dev.tandem.evidence.advice.Need.PERMISSIONS;
import static dev.tandem.evidence.advice.Need.REASONING;
import static dev.tandem.evidence.advice.Need.TENANTS;
import static dev.tandem.evidence.advice.Need.TERMS;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The eighteen cases that the guides decide: what the adviser says of each while nothing is measured. */
class AdviserScenariosTest {

    @Test
    void g1SupportOverDocumentsThatChangeDailyWithCitationsAndTenants() {
        Advice advice = advise(Situation.builder()
                .task(Task.ANSWER)
                .documents(2_000)
                .changes(Changes.DAILY)
                .needs(Set.of(CITATIONS, TENANTS)));
        recommends(advice, Arm.RAG);
        assertThat(reason(advice, "r1").kind()).isEqualTo(Reason.Kind.HARD);
        assertThat(reason(advice, "r2").source()).contains("S4:76");
        assertThat(reason(advice, "r6").text()).contains("daily");
    }

    @Test
    void g2NotesInAFixedFormatWithFiveThousandExamples() {
        Advice advice = advise(Situation.builder()
                .task(Task.WRITE)
                .examples(5_000)
                .longOutput(true)
                .changes(Changes.NEVER)
                .needs(Set.of(FORMAT)));
        recommends(advice, Arm.TUNED);
        assertThat(reason(advice, "r13").text()).contains("format", "constrained decoding first");
        assertThat(reason(advice, "x1").text()).contains("5,000", "long notes");
    }

    @Test
    void g3ContractReviewInAFormatAndGroundedInPlaybooks() {
        Advice advice = advise(Situation.builder()
                .task(Task.EXTRACT)
                .documents(120)
                .examples(5_000)
                .needs(Set.of(FORMAT)));
        recommends(advice, Arm.HYBRID);
        assertThat(reason(advice, "x9").text()).contains("playbooks");
        assertThat(reason(advice, "r19").text()).contains("both");
    }

    @Test
    void g4ComplianceOverHundredsOfDocumentsWithCitationsAndPermissions() {
        Advice advice = advise(
                Situation.builder().task(Task.ANSWER).documents(600).needs(Set.of(CITATIONS, PERMISSIONS, AUDIT)));
        recommends(advice, Arm.RAG);
        assertThat(reason(advice, "r1").source()).startsWith("S2:6,15,86,101");
        assertThat(reason(advice, "r8").text()).contains("600 documents");
    }

    @Test
    void g5SentimentAtHighVolume() {
        Advice advice =
                advise(Situation.builder().task(Task.CLASSIFY).narrow(true).volume(2_000_000));
        recommends(advice, Arm.TUNED);
        assertThat(reason(advice, "r20").text()).contains("small tuned model", "without a retrieval step");
    }

    @Test
    void g6QuarterlyFinancialFiguresThatMustBeRightAndAreNotForEverybody() {
        Advice advice = advise(Situation.builder().changes(Changes.QUARTERLY).needs(Set.of(FACTUAL, PERMISSIONS)));
        recommends(advice, Arm.RAG);
        assertThat(reason(advice, "r7").text()).contains("quarterly", "40 % (tuned) against 95 % (RAG)");
        assertThat(reason(advice, "r10").text()).contains("78 % (tuned) against 92 % (RAG)");
        assertThat(advice.reasons()).noneMatch(reason -> reason.name().equals("r6"));
    }

    @Test
    void g7AShopOfFiftyThousandProducts() {
        Advice advice = advise(Situation.builder().task(Task.ANSWER).documents(50_000));
        recommends(advice, Arm.RAG);
        assertThat(reason(advice, "r8").kind()).isEqualTo(Reason.Kind.PRIOR);
    }

    @Test
    void g8ContractsWithFiveThousandAnnotationsAndNothingToGroundIn() {
        Advice advice = advise(Situation.builder().task(Task.EXTRACT).examples(5_000));
        recommends(advice, Arm.TUNED);
        assertThat(reason(advice, "r13").text()).contains("labels");
        assertThat(reason(advice, "x9").text()).contains("Nothing to ground");
    }

    @Test
    void g9TenThousandPapersInTheLanguageOfTheirFieldWithCitations() {
        Advice advice =
                advise(Situation.builder().task(Task.ANSWER).documents(10_000).needs(Set.of(TERMS, CITATIONS)));
        recommends(advice, Arm.HYBRID);
        assertThat(reason(advice, "r13").text()).contains("80 % (RAG) against 95 % (tuned)");
        assertThat(reason(advice, "r19").source()).contains("S4:153–155");
    }

    @Test
    void g10ALawFirmsTerminologyAndItsLibraryOfCases() {
        Advice advice = advise(Situation.builder().documents(8_000).needs(Set.of(TERMS)));
        recommends(advice, Arm.HYBRID);
        assertThat(reason(advice, "r13").text()).contains("terms");
    }

    @Test
    void g11ABotForSoftwareThatShipsWeekly() {
        Advice advice = advise(Situation.builder().task(Task.ANSWER).changes(Changes.WEEKLY));
        recommends(advice, Arm.RAG);
        assertThat(reason(advice, "r6").kind()).isEqualTo(Reason.Kind.PRIOR);
    }

    @Test
    void g12MedicalReasoningOverCurrentKnowledge() {
        Advice advice = advise(Situation.builder()
                .task(Task.ANSWER)
                .examples(6_000)
                .changes(Changes.MONTHLY)
                .needs(Set.of(REASONING, FACTUAL)));
        recommends(advice, Arm.HYBRID);
        assertThat(reason(advice, "x10").text()).contains("5,000", "iterative retrieval", "85 % (tuned)");
        assertThat(reason(advice, "x6").text()).contains("never tune for facts");
    }

    @Test
    void g13OneClassificationAtHighVolume() {
        Advice advice = advise(Situation.builder().task(Task.CLASSIFY).volume(1_000_000));
        recommends(advice, Arm.TUNED);
        assertThat(reason(advice, "r20").source()).startsWith("S1:37");
    }

    @Test
    void g14AHouseLanguageWithThousandsOfExamples() {
        Advice advice =
                advise(Situation.builder().task(Task.WRITE).examples(3_000).needs(Set.of(TERMS)));
        recommends(advice, Arm.TUNED);
        assertThat(reason(advice, "x1").text()).contains("3,000");
    }

    @Test
    void g15CompletionWhileTyping() {
        Advice advice = advise(Situation.builder().task(Task.WRITE).latencyMs(100));
        recommends(advice, Arm.TUNED);
        assertThat(reason(advice, "r15").text()).contains("100 ms", "200–800 ms");
    }

    @Test
    void g16FourHundredExamplesAndQuestionsOnOwnDocuments() {
        Advice advice =
                advise(Situation.builder().task(Task.ANSWER).examples(400).documents(500));
        recommends(advice, Arm.RAG);
        assertThat(reason(advice, "r23").source()).startsWith("S2:154");
        assertThat(reason(advice, "x1").text()).contains("one guide of five");
        assertThat(reason(advice, "x7").text()).startsWith("Begin with the prompt");
    }

    @Test
    void g17AFrontierModelWhosePromptMeetsTheBar() {
        Advice advice = advise(Situation.builder()
                .task(Task.ANSWER)
                .documents(50_000)
                .bar(0.85)
                .promptScore(0.9)
                .closedModel(true));
        recommends(advice, Arm.BASELINE);
        assertThat(reason(advice, "x7").text()).contains("reaches the bar");
        assertThat(reason(advice, "x7").source()).contains("S2:154,160", "S4:171");
    }

    @Test
    void g18TheMixedCase() {
        Advice advice = advise(Situation.builder()
                .volume(100_000)
                .changes(Changes.WEEKLY)
                .needs(Set.of(CITATIONS, PERMISSIONS, LOCAL_ONLY, FORMAT))
                .latencyMs(300)
                .examples(800));
        recommends(advice, Arm.RAG);
        assertThat(reason(advice, "r13").text()).contains("constrained decoding first");
        assertThat(reason(advice, "x1").text()).contains("800", "contested", "worth measuring");
        assertThat(reason(advice, "x5").text()).contains("retrieval works without a network");
        assertThat(reason(advice, "r15").text()).contains("300 ms", "at risk, measure");
        assertThat(reason(advice, "r18").text()).contains("100,000", "tuning may pay", "cost table computes");
        assertThat(reason(advice, "x3").text()).contains("Computed for tuned against rag");
        assertThat(advice.cost().total(Arm.RAG, 12).low()).isEqualByComparingTo(new BigDecimal("2450"));
    }

    private static Advice advise(Situation.Builder situation) {
        return Adviser.advise(situation.build(), Optional.empty(), Prices.published());
    }

    private static void recommends(Advice advice, Arm arm) {
        assertThat(advice.recommendation()).as(advice.reasons().toString()).isEqualTo(arm);
        assertThat(advice.basis()).isEqualTo(Advice.Basis.PRIOR);
        assertThat(advice.reasons()).allMatch(reason -> reason.source().contains("published, directional"));
        assertThat(advice.wouldChange()).isNotEmpty();
        assertThat(advice.notMeasured()).isNotEmpty();
    }

    static Reason reason(Advice advice, String name) {
        return advice.reasons().stream()
                .filter(reason -> reason.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + advice.reasons()));
    }
}
