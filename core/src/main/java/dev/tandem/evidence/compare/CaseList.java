package dev.tandem.evidence.compare;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Cases as a page lists them, each to be opened: first those on which arms disagree, then those that none gets right, with
 * what each arm said and looked at; then those that all get right, without.
 */
final class CaseList {

    /** More cases than this are counted, not listed with their evidence: a page of tens of megabytes helps nobody. */
    static final int MOST_OPENED = 1_000;
    /** Cases that every arm gets right, listed in one line each. */
    static final int MOST_PLAIN = 5_000;

    private enum Sort {
        DISAGREE("disagree", "Arms disagree"),
        WRONG("wrong", "No arm is right"),
        RIGHT("right", "Every arm is right");

        private final String key;
        private final String title;

        Sort(String key, String title) {
            this.key = key;
            this.title = title;
        }
    }

    private final ComparisonReport report;
    private final List<ComparisonReport.Measured> arms;
    private final Map<Sort, List<Integer>> sorted = new EnumMap<>(Sort.class);

    CaseList(ComparisonReport report) {
        this.report = report;
        this.arms = report.measured();
        for (Sort each : Sort.values()) {
            sorted.put(each, new ArrayList<>());
        }
        for (int i = 0; i < report.suite().cases().size(); i++) {
            int ordinal = i;
            long right = arms.stream()
                    .filter(arm -> arm.outcomes().get(ordinal).exact() == 1)
                    .count();
            Sort sort = right == arms.size() ? Sort.RIGHT : right == 0 ? Sort.WRONG : Sort.DISAGREE;
            sorted.computeIfAbsent(sort, any -> new ArrayList<>()).add(i);
        }
    }

    void write(StringBuilder page) {
        page.append("<section aria-labelledby=\"cases\"><h2 id=\"cases\">Cases</h2>");
        int opened = 0;
        int wanted = 0;
        for (Sort sort : List.of(Sort.DISAGREE, Sort.WRONG)) {
            wanted += sorted.getOrDefault(sort, List.of()).size();
        }
        page.append(
                "<p class=\"note\">What each arm said and looked at is kept here for cases on which arms disagree or are"
                        + " wrong");
        if (wanted > MOST_OPENED) {
            page.append(", the first ")
                    .append(Html.number(MOST_OPENED))
                    .append(" of ")
                    .append(Html.number(wanted));
        }
        page.append("; cases that every arm gets right are only named. Of what an arm looked at, the first ")
                .append(Evidence.MOST)
                .append(" are shown.</p>");
        page.append("<p class=\"filter\" id=\"filter\" hidden><label>Find in cases <input type=\"search\" id=\"find\""
                + " autocomplete=\"off\"></label> <output id=\"found\" aria-live=\"polite\"></output></p>");
        for (Sort sort : Sort.values()) {
            List<Integer> cases = sorted.getOrDefault(sort, List.of());
            if (cases.isEmpty()) {
                continue;
            }
            page.append("<details class=\"group\"").append(sort == Sort.DISAGREE ? " open" : "");
            page.append("><summary><h3>").append(sort.title).append(" <span class=\"count\">");
            page.append(Html.number(cases.size()))
                    .append("</span></h3></summary><div class=\"cases ")
                    .append(sort.key);
            page.append("\">");
            if (sort == Sort.RIGHT) {
                cases.stream().limit(MOST_PLAIN).forEach(i -> plain(page, i));
            } else {
                for (int i : cases.subList(0, Math.min(cases.size(), MOST_OPENED - opened))) {
                    opened(page, i);
                    opened++;
                }
            }
            page.append("</div></details>");
        }
        page.append("</section>");
    }

    private void plain(StringBuilder page, int ordinal) {
        Case each = report.suite().cases().get(ordinal);
        page.append("<p class=\"case\"><code>").append(Html.line(each.id(), 40)).append("</code> ");
        page.append(Html.line(each.input(), 160))
                .append(" <span class=\"label\">")
                .append(right(each))
                .append("</span>");
        page.append(leaked(each)).append("</p>");
    }

    private void opened(StringBuilder page, int ordinal) {
        Case each = report.suite().cases().get(ordinal);
        page.append("<details class=\"case\"><summary><code>")
                .append(Html.line(each.id(), 40))
                .append("</code> ");
        page.append(Html.line(each.input(), 160)).append(leaked(each)).append("<span class=\"marks\">");
        for (int arm = 0; arm < arms.size(); arm++) {
            boolean right = arms.get(arm).outcomes().get(ordinal).exact() == 1;
            page.append("<span class=\"mark ")
                    .append(right ? "good" : "bad")
                    .append("\">")
                    .append(right ? "✓ " : "✗ ");
            page.append(Html.text(arms.get(arm).arm())).append("</span>");
        }
        page.append("</span></summary><div class=\"body\"><dl><dt>Asked</dt><dd class=\"text\">");
        page.append(Html.text(each.input()))
                .append("</dd><dt>Right</dt><dd class=\"text\">")
                .append(right(each));
        page.append("</dd>");
        if (!each.tags().isEmpty()) {
            page.append("<dt>Tags</dt><dd>")
                    .append(Html.text(String.join(", ", each.tags())))
                    .append("</dd>");
        }
        page.append("</dl>");
        for (int arm = 0; arm < arms.size(); arm++) {
            said(page, arms.get(arm).arm(), arm, arms.get(arm).outcomes().get(ordinal));
        }
        page.append("</div></details>");
    }

    private String right(Case each) {
        return each.answers().isEmpty()
                ? "<i>nothing answers it</i>"
                : Html.text(String.join(" · ", each.answers().stream().limit(5).toList()));
    }

    private String leaked(Case each) {
        return report.leakage().ids().contains(each.id()) ? " <span class=\"leaked\">seen in training</span>" : "";
    }

    private static void said(StringBuilder page, String name, int arm, Outcome outcome) {
        boolean right = outcome.exact() == 1;
        page.append("<div class=\"said\"><h4><span class=\"dot arm").append(arm).append("\"></span>");
        page.append(Html.text(name)).append("</h4><p class=\"text\">");
        switch (outcome.kind()) {
            case "abstained" -> page.append("<i>abstained</i>");
            case "refused" -> page.append("<i>refused by a rule</i>");
            case Outcome.WITHHELD ->
                page.append("<i>withheld: it stands on a document that you may not read any more</i>");
            default -> page.append("<b>").append(Html.text(outcome.said())).append("</b>");
        }
        page.append(" <span class=\"mark ").append(right ? "good" : "bad").append("\">");
        page.append(right ? "✓ right" : "✗ wrong").append("</span>");
        if (!right && outcome.tokenF1() > 0) {
            page.append(" token F1 ").append(Html.percent(outcome.tokenF1()));
        }
        if (!Double.isNaN(outcome.probability())) {
            page.append(" <span class=\"dim\">probability ")
                    .append(Html.percent(outcome.probability()))
                    .append("</span>");
        }
        page.append("</p>");
        if (!outcome.evidence().isEmpty()) {
            page.append("<ul class=\"evidence\">");
            outcome.evidence().forEach(each -> evidence(page, each));
            page.append("</ul>");
        }
        page.append("</div>");
    }

    private static void evidence(StringBuilder page, Evidence evidence) {
        page.append("<li>");
        switch (evidence) {
            case Evidence.Neighbour near -> {
                page.append("<span class=\"dim\">").append(String.format(Locale.ROOT, "%.2f", near.similarity()));
                page.append("</span> <span class=\"label\">")
                        .append(Html.text(near.label()))
                        .append("</span> ");
                page.append("<span class=\"text\">")
                        .append(Html.text(near.text()))
                        .append("</span>");
            }
            case Evidence.Passage passage -> {
                page.append("<span class=\"dim\">")
                        .append(passage.cited() ? "cited" : "found")
                        .append("</span> ");
                page.append("<b>").append(Html.text(passage.title())).append("</b> <code>");
                page.append(Html.text(passage.path())).append("</code><blockquote class=\"text\">");
                page.append(Html.text(passage.quote())).append("</blockquote>");
            }
        }
        page.append("</li>");
    }
}
