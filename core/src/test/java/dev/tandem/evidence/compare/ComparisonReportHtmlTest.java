package dev.tandem.evidence.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.catalog.Sha256;
import dev.tandem.domain.Answer;
import dev.tandem.domain.Answerer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

class ComparisonReportHtmlTest {

    private static final String HOSTILE =
            "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202Eevil\u0007&amp;";

    @Test
    void thePageNeedsNothingButItself() {
        Document page = page(SimulatedComparison.labels(7, 40));
        assertThat(page.select("link, iframe, object, embed, img, audio, video, base, form, [src], [href]"))
                .isEmpty();
        assertThat(page.select("style").html()).doesNotContain("url(").doesNotContain("@import");
        assertThat(page.html()).doesNotContain("http://").doesNotContain("https://");
        String script = page.select("script").getFirst().data();
        String hash = Base64.getEncoder().encodeToString(Sha256.of(script.getBytes(StandardCharsets.UTF_8)));
        assertThat(page.select("script")).hasSize(1);
        assertThat(page.select("meta[http-equiv=Content-Security-Policy]").attr("content"))
                .isEqualTo("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" + hash + "'");
    }

    @Test
    void noTextOfACaseOrAnArmIsMarkup() {
        var suite = Suite.of(
                HOSTILE,
                Task.CLASSIFY,
                List.of(
                        new Case(HOSTILE, HOSTILE, List.of(HOSTILE), List.of(HOSTILE)),
                        new Case("2", "b" + HOSTILE, List.of("x" + HOSTILE), List.of(HOSTILE))));
        Answerer hostile = query -> new Answer.Labelled(
                HOSTILE, 0.5, List.of(), List.of(new Answer.Neighbour(HOSTILE, HOSTILE, 0.5)), HOSTILE);
        Answerer silent = query -> new Answer.Abstained(HOSTILE, 0.5, List.of());
        List<Contender> arms = List.of(
                Contender.Runs.free(HOSTILE, hostile, Map.of()),
                Contender.Runs.free("silent", silent, Map.of()),
                new Contender.NotRun("z" + HOSTILE, HOSTILE, HOSTILE));
        Setup setup = Setup.of(SimulatedComparison.ANA, "default")
                .trainedOn(new Setup.Train(HOSTILE, "00"), new Leakage(List.of(HOSTILE), true), Set.of());
        String html = ComparisonReportHtml.of(
                new Comparison(setup, suite, arms, Journal.inMemory(), SimulatedComparison.everything())
                        .run(progress -> {}));
        Document page = Jsoup.parse(html);
        assertThat(page.select("script")).hasSize(1);
        assertThat(page.select("img, [onerror]")).isEmpty();
        assertThat(html).doesNotContain("\u202E").doesNotContain("\u0007").doesNotContain("<script>alert");
        assertThat(page.text()).contains("<script>alert(1)</script>\"'><img src=x onerror=alert(2)>�evil�&amp;");
        // An attribute that broke out would bring attributes of its own.
        for (Element svg : page.select("svg")) {
            assertThat(svg.attributes().asList())
                    .extracting(attribute -> attribute.getKey())
                    .containsExactly("role", "aria-label", "viewBox");
        }
    }

    @Test
    void everyArmEveryPairAndEveryChartIsThereWithANameForThoseWhoDoNotSee() {
        Document page = page(SimulatedComparison.labels(7, 40));
        assertThat(page.select("main > section").first().select("tbody tr")).hasSize(4);
        assertThat(page.select("main > section").first().text())
                .contains("baseline")
                .contains("hybrid not run: no head was trained on retrieved neighbours tandem train --hybrid tickets");
        assertThat(page.select("ul.words li")).hasSize(3);
        assertThat(page.select("ul.words").text()).contains("tuned is better than baseline by ");
        assertThat(page.select("svg")).isNotEmpty().allSatisfy(svg -> {
            assertThat(svg.attr("role")).isEqualTo("img");
            assertThat(svg.attr("aria-label")).hasSizeGreaterThan(20);
        });
        assertThat(page.select("svg .whisker")).hasSize(2 * 3 + 3);
        assertThat(page.select("svg .zero")).hasSize(1);
        assertThat(page.select("svg .bar")).hasSize(7 * 3 + 3 * 3);
        assertThat(page.select("html").attr("lang")).isEqualTo("en");
        assertThat(page.select("th[scope]").size()).isEqualTo(page.select("th").size());
    }

    @Test
    void wrongAndDisagreeingCasesComeFirstWithWhatEachArmLookedAt() {
        Suite suite = SimulatedComparison.labels(7, 40);
        Document page = page(suite);
        assertThat(page.select("details.group h3").eachText())
                .element(0)
                .asString()
                .startsWith("Arms disagree");
        Element first = page.select("details.case").first();
        assertThat(first.select(".said")).hasSize(3);
        assertThat(first.select(".mark.bad")).isNotEmpty();
        assertThat(first.select(".mark.good")).isNotEmpty();
        assertThat(page.select("details.case .evidence li").size()).isGreaterThan(100);
        assertThat(page.select(".cases.right details, .cases.right .evidence")).isEmpty();
        assertThat(page.select(".case")).hasSize(suite.cases().size());
    }

    @Test
    void whatAnAnswerStandsOnIsShown() {
        Document page = page(SimulatedComparison.questions(40));
        assertThat(page.select(".evidence blockquote").eachText())
                .anyMatch(text -> text.startsWith("The bridge was built in "));
        assertThat(page.select(".evidence").text()).contains("cited Bridge q").contains("found Bridge q");
    }

    @Test
    void leakageIsSaidInTheTitleAtTheTopAndAtEachCase() {
        Suite suite = SimulatedComparison.labels(3, 20);
        Setup setup = Setup.of(SimulatedComparison.ANA, "default")
                .trainedOn(
                        new Setup.Train("tickets", "00"),
                        new Leakage(
                                suite.cases().stream().map(Case::id).limit(5).toList(), true),
                        Set.of());
        Document page = Jsoup.parse(ComparisonReportHtml.of(new Comparison(
                        setup,
                        suite,
                        SimulatedComparison.contenders(suite),
                        Journal.inMemory(),
                        SimulatedComparison.everything())
                .run(progress -> {})));
        assertThat(page.title()).startsWith("LEAKED: ");
        assertThat(page.select(".warning").text()).contains("5 of 60 cases stand among the training examples");
        assertThat(page.select(".case .leaked")).hasSize(5);
        assertThat(page(suite).select(".warning, .leaked")).isEmpty();
    }

    @Test
    void aLargeSuiteStaysAFewMegabytesAndSaysWhatIsLeftOut() {
        Suite suite = SimulatedComparison.labels(77, 40);
        String html = html(suite);
        assertThat(html.length()).isLessThan(6_000_000);
        assertThat(html).contains("the first 1,000 of ");
    }

    @Test
    void figuresAreSaidAsAPersonReadsThem() {
        assertThat(Html.points(-0.0004)).isEqualTo("0.0");
        assertThat(Html.points(-0.0123)).isEqualTo("−1.2");
        assertThat(Html.percent(0.925)).isEqualTo("92.5\u00a0%");
        assertThat(Html.dollars(0)).isEqualTo("free");
        assertThat(Scale.holding(0.712, 0.931, 0, 100).low()).isCloseTo(0.7, within(1e-9));
        assertThat(Scale.holding(0.712, 0.931, 0, 100).high()).isCloseTo(0.95, within(1e-9));
        assertThat(Scale.holding(0.5, 0.5, 0, 100).high()).isGreaterThan(0.5);
        assertThat(Scale.holding(-0.3, 1, 0, 100).ticks()).isLessThanOrEqualTo(7);
    }

    private static Document page(Suite suite) {
        return Jsoup.parse(html(suite));
    }

    private static String html(Suite suite) {
        return ComparisonReportHtml.of(new Comparison(
                        Setup.of(SimulatedComparison.ANA, "default"),
                        suite,
                        SimulatedComparison.contenders(suite),
                        Journal.inMemory(),
                        SimulatedComparison.everything())
                .run(progress -> {}));
    }
}
