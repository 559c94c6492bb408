package dev.tandem.evidence.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.domain.Failure;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sums that the published figures allow, checked against the published results or against arithmetic by hand. */
class CostArithmeticTest {

    private static final Prices PRICES = Prices.published();
    private static final Range RAG_START = PRICES.range("rag.setup.start");
    private static final Range TUNED_START = PRICES.range("tuned.setup.start");
    private static final Range RAG_QUERY = PRICES.range("rag.query");
    private static final Range TUNED_QUERY = PRICES.range("tuned.query");
    private static final BigDecimal BEST_GAP = RAG_QUERY.high().subtract(TUNED_QUERY.low());
    private static final BigDecimal SMALL_GAP = RAG_QUERY.low().subtract(TUNED_QUERY.low());
    private static final BigDecimal CHEAP = TUNED_START.low().subtract(RAG_START.low());
    private static final BigDecimal DEAR = TUNED_START.high().subtract(RAG_START.high());

    @Test
    void t1TheLowerPrintedBreakEven() {
        assertThat(BreakEven.queries(CHEAP, BEST_GAP)).isEqualTo(after("50000"));
        assertThat(cost(Tier.START).paybacks().getFirst().best().queries()).contains(after("50000"));
        assertThat(PRICES.range("break-even.s0").low()).isEqualByComparingTo("50000");
    }

    @Test
    void t2TheUpperPrintedBreakEvenHoldsOnlyAtTheCheapestStart() {
        assertThat(BreakEven.queries(CHEAP, SMALL_GAP)).isEqualTo(after("450000"));
        assertThat(BreakEven.queries(TUNED_START.low(), SMALL_GAP)).isEqualTo(after("500000"));
        assertThat(PRICES.range("break-even.s0").high()).isEqualByComparingTo("500000");
    }

    @Test
    void t3AtTheDearStartItIsTwentyTimesThePrintedRange() {
        assertThat(BreakEven.queries(DEAR, BEST_GAP)).isEqualTo(after("1055556"));
        assertThat(BreakEven.queries(DEAR, SMALL_GAP)).isEqualTo(after("9500000"));
    }

    @Test
    void t4RangesThatOverlapNeverPay() {
        BigDecimal gap = RAG_QUERY.low().subtract(TUNED_QUERY.high());
        assertThat(gap).isEqualByComparingTo("-0.003");
        assertThat(BreakEven.queries(CHEAP, gap)).isEqualTo(new BreakEven.Never());
        assertThat(BreakEven.queries(CHEAP, gap).words()).isEqualTo("never");
        assertThat(BreakEven.queries(CHEAP, BigDecimal.ZERO)).isEqualTo(new BreakEven.Never());
        assertThat(cost(Tier.START).paybacks().getFirst().worst().queries()).contains(new BreakEven.Never());
    }

    @Test
    void t5AtAHundredThousandAMonthThereIsNoCliff() {
        BigDecimal most = BEST_GAP.multiply(new BigDecimal(100_000));
        BigDecimal least = SMALL_GAP.multiply(new BigDecimal(100_000));
        assertThat(least).isEqualByComparingTo("100");
        assertThat(most).isEqualByComparingTo("900");
        assertThat(BreakEven.paybackMonths(CHEAP, most)).isEqualTo(after("0.5"));
        assertThat(BreakEven.paybackMonths(CHEAP, least)).isEqualTo(after("4.5"));
        assertThat(BreakEven.paybackMonths(DEAR, most)).isEqualTo(after("10.6"));
        assertThat(BreakEven.paybackMonths(DEAR, least)).isEqualTo(after("95.0"));
        assertThat(cost(Tier.START).paybacks().getFirst().best().months()).contains(after("0.5"));
    }

    @Test
    void t6AYearOfTuningIsThreeToFiveTimesItsTraining() {
        is(business(ModelSize.SMALL).total(Arm.TUNED, 12), 600, 10_000);
        is(business(ModelSize.MID).total(Arm.TUNED, 12), 15_000, 250_000);
        // A run of the first figures of S0 lies inside what S1 has for a year: the guides agree within a tier.
        assertThat(business(ModelSize.SMALL).total(Arm.TUNED, 12).high())
                .isCloseTo(TUNED_START.high(), within(new BigDecimal("0.01")));
    }

    @Test
    void t7RetrievalOverOneYearAndThreeAndTheContradictionInTheSameGuide() {
        Cost small = business(ModelSize.SMALL);
        is(small.total(Arm.RAG, 12), 11_000, 66_000);
        is(small.total(Arm.RAG, 36), 23_000, 138_000);
        assertThat(small.total(Arm.TUNED, 12).isBelow(small.total(Arm.RAG, 12))).isTrue();
        Cost mid = business(ModelSize.MID);
        assertThat(mid.total(Arm.RAG, 12).isBelow(mid.total(Arm.TUNED, 12))).isTrue();
        assertThat(x12(ModelSize.SMALL)).contains("opposite", "$11,000–66,000", "$600–10,000");
        assertThat(x12(ModelSize.MID)).contains("so it is here");
    }

    @Test
    void t8AQueryInParts() {
        ArmCost rag = cost(Tier.ENTERPRISE).of(Arm.RAG);
        assertThat(rag.perQuery().low()).isEqualByComparingTo("0.0012");
        assertThat(rag.perQuery().high()).isEqualByComparingTo("0.052");
    }

    @Test
    void t9AHundredThousandToAMillionNeedsAFrontierModelReplacedByASmallOne() {
        Payback best = cost(Tier.ENTERPRISE).paybacks().getFirst().best();
        assertThat(best.gap()).isEqualByComparingTo("0.051");
        assertThat(BreakEven.queries(PRICES.range("training.enterprise").low(), best.gap()))
                .isEqualTo(after("98039"));
        assertThat(best.extra()).isEqualByComparingTo("25000");
        assertThat(best.queries()).contains(after("490196"));
        BigDecimal dear = PRICES.range("tuned.setup.enterprise")
                .high()
                .subtract(PRICES.range("rag.setup.enterprise").high());
        assertThat(BreakEven.queries(dear, best.gap())).isEqualTo(after("1960784"));
    }

    @Test
    void t10WithTheSameModelKeptItHardlyEverPays() {
        assertThat(cost(Tier.ENTERPRISE).assumptions())
                .anyMatch(line -> line.contains("pays after 12,500,000 to 125,000,000 queries"));
    }

    @Test
    void t11FixedCostsDominateAtLowVolume() {
        BigDecimal volume = new BigDecimal(100_000);
        Range running = cost(Tier.BUSINESS).of(Arm.RAG).running(100_000);
        assertThat(running.low().divide(volume, MathContext.DECIMAL64)).isEqualByComparingTo("0.005");
        assertThat(running.high().divide(volume, MathContext.DECIMAL64)).isEqualByComparingTo("0.03");
    }

    @Test
    void t12AHundredTimesCheaperIsToBeTestedAndInNoTotal() {
        BigDecimal large = PRICES.range("generation.query").high();
        assertThat(large.divide(PRICES.range("small.cheaper").low(), MathContext.DECIMAL64))
                .isEqualByComparingTo("0.0005");
        for (Tier tier : Tier.values()) {
            assertThat(cost(tier).of(Arm.TUNED).perQuery().low()).isNotEqualByComparingTo("0.0005");
        }
    }

    @Test
    void t13WorkSavedPaysASystemOfContractsAfterSixteen() {
        assertThat(Roi.cases(new BigDecimal("15000"), new BigDecimal("9.25"), new BigDecimal("100")))
                .isEqualByComparingTo("16.2");
        Cost cost = Costing.of(
                Situation.builder()
                        .hoursSaved(new BigDecimal("9.25"))
                        .wage(new BigDecimal("100"))
                        .build(),
                Optional.empty(),
                PRICES);
        assertThat(cost.workSaved().get(Arm.TUNED).low()).isEqualByComparingTo("0.5");
    }

    @Test
    void theCasesThatAGuideTellsLieInsideItsRanges() {
        assertThat(RAG_START.contains(new BigDecimal("300"))).isTrue();
        assertThat(TUNED_START.contains(new BigDecimal("15000")))
                .as("open above")
                .isTrue();
        assertThat(cost(Tier.START).of(Arm.HYBRID).setup().contains(new BigDecimal("8000")))
                .isTrue();
        Range run = PRICES.range("training.run");
        for (String key : new String[] {"training.lora-run", "training.small", "training.mid"}) {
            assertThat(run.contains(PRICES.range(key).low())).as(key).isTrue();
            assertThat(run.contains(PRICES.range(key).high())).as(key).isTrue();
        }
    }

    @Test
    void cheaperAtFirstAndDearerLaterHoldsOnlySoLong() {
        assertThat(BreakEven.queries(new BigDecimal("-100"), new BigDecimal("-0.01")))
                .isEqualTo(new BreakEven.Until(new BigDecimal("10000")));
        assertThat(BreakEven.queries(new BigDecimal("-100"), new BigDecimal("0.01")))
                .isEqualTo(new BreakEven.AtOnce());
    }

    @Test
    void hybridIsStacked() {
        ArmCost start = cost(Tier.START).of(Arm.HYBRID);
        is(start.setup(), 550, 10_500);
        is(start.perQuery(), 0.0012, 0.007);
        is(cost(Tier.ENTERPRISE).of(Arm.HYBRID).perQuery(), 0.0012, 0.052);
        is(cost(Tier.BUSINESS).total(Arm.HYBRID, 12), 11_600, 76_000);
    }

    @Test
    void hybridRunsTheSameRetrievalAsRagAndCannotSaveOnIt() {
        Cost.Comparison hybrid = cost(Tier.BUSINESS).paybacks().getLast();
        assertThat(hybrid.arm()).isEqualTo(Arm.HYBRID);
        assertThat(hybrid.best().fixed()).isNegative();
        assertThat(hybrid.best().queries()).contains(new BreakEven.Never());
        assertThat(hybrid.worst().queries()).contains(new BreakEven.Never());
    }

    @Test
    void aMonthlyVolumeIsNotATotal() {
        Payback best = cost(Tier.START).paybacks().getFirst().best();
        assertThat(best.queries()).contains(after("50000"));
        assertThat(best.volumeFor12()).isEqualTo(after("4167"));
        assertThat(best.volumeFor36()).isEqualTo(after("1389"));
        Cost unknown = Costing.of(Situation.builder().build(), Optional.empty(), PRICES);
        assertThat(unknown.paybacks().getFirst().best().months()).isEmpty();
        assertThat(unknown.volumeGiven()).isFalse();
    }

    @Test
    void tokensAndMachinesAreReckonedFromOnesOwnPrices(@TempDir Path folder) throws Exception {
        Situation perToken = Situation.builder().tokens(2_000).volume(1_000).build();
        assertThatThrownBy(() -> Costing.of(perToken, Optional.empty(), PRICES))
                .isInstanceOf(Failure.class)
                .hasMessage("The built-in prices file lacks the price token.price.");
        Path file = folder.resolve("prices.tsv");
        Files.writeString(
                file,
                PRICES.text().replace("tuned.premium\t1\t1", "tuned.premium\t2\t3")
                        + "token.price\t0.5\t1\tUSD per million tokens\tall\tmine\t2026-11-01\n"
                        + "gpu.hour\t2\t2\tUSD an hour\tall\tmine\t2026-11-01\n"
                        + "gpu.utilisation\t0.5\t1\tshare\tall\tmine\t2026-11-01\n");
        Prices own = Prices.read(file);
        Cost managed = Costing.of(perToken, Optional.empty(), own);
        is(managed.of(Arm.BASELINE).perQuery(), 0.001, 0.002);
        is(managed.of(Arm.TUNED).perQuery(), 0.002, 0.006);
        is(managed.of(Arm.RAG).perQuery(), 0.0012, 0.004);
        Cost hosted = Costing.of(Situation.builder().selfHosted(true).build(), Optional.empty(), own);
        is(hosted.of(Arm.TUNED).monthly(), 730, 1460);
        assertThat(hosted.of(Arm.TUNED).perQuery().isZero()).isTrue();
    }

    @Test
    void aPriceThatIsMissingOrBrokenNamesTheKeyAndTheFile(@TempDir Path folder) {
        broken(folder, PRICES.text().replaceFirst("(?m)^rag.query\t.*\n", ""), "lacks the price rag.query", "its line");
        broken(folder, PRICES.text().replace("rag.query\t0.002", "rag.query\tcheap"), "rag.query", "plain numbers");
        broken(folder, PRICES.text().replace("rag.query\t0.002", "rag.query\t-1"), "rag.query", "plain numbers");
        broken(folder, PRICES.text().replace("rag.query\t0.002\t0.01", "rag.query\t2\t1"), "rag.query", "lower number");
        broken(folder, PRICES.text().replace("rag.query\t", "rag.qeury\t"), "rag.qeury", "Did you mean rag.query?");
        broken(folder, PRICES.text() + "rag.qery\t1\t2\tUSD\tall\tme\t2026\n", "rag.qery", "Did you mean rag.query?");
        broken(folder, PRICES.text() + "rag.query\t1\t2\tUSD\tall\tme\t2026\n", "twice", "Keep one");
        broken(
                folder,
                PRICES.text().replace("tuned.premium\t1\t", "tuned.premium\t0.5\t"),
                "tuned.premium",
                "1 or more");
        broken(folder, PRICES.text() + "gpu.hour 2 2\n", "gpu.hour 2 2", "tabs");
    }

    private static void broken(Path folder, String text, String message, String next) {
        Path file = folder.resolve("mine.tsv");
        assertThatThrownBy(() -> {
                    Files.writeString(file, text);
                    Prices.read(file);
                })
                .isInstanceOf(Failure.class)
                .hasMessageContaining(message)
                .hasMessageContaining("mine.tsv")
                .satisfies(thrown -> assertThat(((Failure) thrown).nextStep()).contains(next));
    }

    private static String x12(ModelSize size) {
        Advice advice = Adviser.advise(
                Situation.builder().tier(Tier.BUSINESS).modelSize(size).build(), Optional.empty(), PRICES);
        return AdviserScenariosTest.reason(advice, "x12").text();
    }

    private static Cost cost(Tier tier) {
        return Costing.of(Situation.builder().tier(tier).volume(100_000).build(), Optional.empty(), PRICES);
    }

    private static Cost business(ModelSize size) {
        return Costing.of(
                Situation.builder()
                        .tier(Tier.BUSINESS)
                        .modelSize(size)
                        .volume(100_000)
                        .build(),
                Optional.empty(),
                PRICES);
    }

    private static BreakEven after(String amount) {
        return new BreakEven.After(new BigDecimal(amount));
    }

    private static void is(Range range, double low, double high) {
        assertThat(range.low().doubleValue()).isCloseTo(low, within(low * 1e-9));
        assertThat(range.high().doubleValue()).isCloseTo(high, within(high * 1e-9));
    }
}
