package dev.tandem.app.cli;

import dev.tandem.catalog.Home;
import dev.tandem.catalog.Storage;
import dev.tandem.domain.Failure;
import dev.tandem.evidence.advice.Advice;
import dev.tandem.evidence.advice.Adviser;
import dev.tandem.evidence.advice.Changes;
import dev.tandem.evidence.advice.Measurements;
import dev.tandem.evidence.advice.ModelSize;
import dev.tandem.evidence.advice.Need;
import dev.tandem.evidence.advice.Prices;
import dev.tandem.evidence.advice.Situation;
import dev.tandem.evidence.advice.Task;
import dev.tandem.evidence.advice.Tier;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tandem advise}: prompt, retrieval, tuning or both, from what was measured or else from published priors. */
@Command(
        name = "advise",
        header = "Say which arm to ship, why, and what it will cost.",
        description = {
            "Hard constraints come first, then what a comparison measured on your own cases (--report), then the cheapest"
                    + " arm that is not significantly worse. Where nothing is measured, published guides speak, each rule"
                    + " by name and line: priors, not truths. Say what you know and leave out the rest.",
            "docs/advice.md explains how it decides.",
        },
        footer = {
            "  tandem advise --task answer --documents 2000 --changes daily --needs citations,permissions",
            "  tandem advise --task classify --examples 8000 --volume 250000 --report RUN",
            "  tandem advise --show-prices > prices.tsv      edit it, then: --prices prices.tsv",
        },
        mixinStandardHelpOptions = true)
final class AdviseCommand implements Runnable {

    private final Session session;

    @Option(names = "--task", paramLabel = "TASK", description = "classify, answer, extract or write")
    private @Nullable Task task;

    @Option(names = "--examples", paramLabel = "N", description = "clean examples: input and wanted output")
    private @Nullable Long examples;

    @Option(names = "--classes", paramLabel = "N", description = "labels to tell apart, when classifying")
    private @Nullable Long classes;

    @Option(names = "--documents", paramLabel = "N", description = "documents that answers rest on")
    private @Nullable Long documents;

    @Option(
            names = "--changes",
            paramLabel = "RATE",
            description = "how often their facts change: hourly, daily, weekly, monthly, quarterly, yearly, never")
    private @Nullable Changes changes;

    @Option(
            names = "--needs",
            paramLabel = "NEEDS",
            description = "citations, permissions, tenants, audit, factual, format, tone, terms, reasoning, privacy,"
                    + " local-only, separated by commas; privacy: content must stay out of weights")
    private @Nullable String needs;

    @Option(names = "--narrow", description = "one repetitive task of a closed kind")
    private boolean narrow;

    @Option(names = "--long-output", description = "what is written is a page or more")
    private boolean longOutput;

    @Option(names = "--synthesis", description = "questions need the whole base at once")
    private boolean synthesis;

    @Option(names = "--volume", paramLabel = "N", description = "queries a month")
    private @Nullable Long volume;

    @Option(names = "--latency-ms", paramLabel = "N", description = "an answer must be there by then")
    private @Nullable Long latencyMs;

    @Option(names = "--deadline-days", paramLabel = "N", description = "days until something must work")
    private @Nullable Long deadlineDays;

    @Option(names = "--budget", paramLabel = "USD", description = "to spend before the first answer")
    private @Nullable BigDecimal budget;

    @Option(
            names = "--tier",
            paramLabel = "TIER",
            description = "whose prices to reckon with: start (a small team with tools that are there), business,"
                    + " enterprise (default: start)")
    private @Nullable Tier tier;

    @Option(
            names = "--model-size",
            paramLabel = "SIZE",
            description = "what is tuned in the business tier: small or mid (default: small)")
    private @Nullable ModelSize modelSize;

    @Option(
            names = "--months",
            paramLabel = "N",
            description = "horizon for comparing measured arms by cost (default: ${DEFAULT-VALUE})",
            defaultValue = "12")
    private int months;

    @Option(names = "--bar", paramLabel = "N", description = "quality that is good enough, in the unit of the metric")
    private @Nullable Double bar;

    @Option(
            names = "--prompt-score",
            paramLabel = "N",
            description = "what the prompt alone reaches, by your own figure")
    private @Nullable Double promptScore;

    @Option(names = "--closed-model", description = "the base model cannot be tuned")
    private boolean closedModel;

    @Option(names = "--no-index-on-device", description = "the device may hold no index")
    private boolean noIndexOnDevice;

    @Option(
            names = "--public-examples",
            description = "the examples hold nothing of what --needs privacy keeps out of weights")
    private boolean publicExamples;

    @Option(names = "--no-ml-team", description = "nobody there trains models")
    private boolean noMlTeam;

    @Option(
            names = "--hosted-index",
            description = "reckon with an index hosted elsewhere, instead of the embedded one")
    private boolean hostedIndex;

    @Option(
            names = "--self-hosted",
            description = "reckon with a tuned model on an own machine; needs gpu.hour and gpu.utilisation in --prices")
    private boolean selfHosted;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            description = "of a query and its answer, to reckon per token; needs token.price in --prices")
    private @Nullable Long tokens;

    @Option(names = "--hours-saved", paramLabel = "H", description = "hours of work that one case saves")
    private @Nullable BigDecimal hoursSaved;

    @Option(names = "--wage", paramLabel = "USD", description = "an hour of that work costs")
    private @Nullable BigDecimal wage;

    @Option(
            names = "--report",
            paramLabel = "RUN",
            description = "what was measured: the id of a run in this home, or a file with the JSON of a comparison")
    private @Nullable String report;

    @Option(names = "--prices", paramLabel = "FILE", description = "your edited copy of the prices")
    private @Nullable Path prices;

    @Option(names = "--show-prices", description = "print the prices file, and nothing else")
    private boolean showPrices;

    @Option(
            names = "--chart",
            paramLabel = "FILE",
            description = "where to write the cost chart, an SVG image (default: under the home)")
    private @Nullable Path chart;

    @Option(names = "--json", description = "one JSON object")
    private boolean json;

    @Mixin
    private Place place = new Place();

    @Mixin
    private Scope scope = new Scope();

    AdviseCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Terminal terminal = session.terminal();
        Prices figures = prices == null ? Prices.published() : Prices.read(prices);
        if (showPrices) {
            terminal.out.print(figures.text());
            return;
        }
        Situation situation = situation();
        Optional<Measurements> measured = Optional.ofNullable(report)
                .map(run -> new StoredReports(place.home(session.environment()), session.environment(), scope.asker())
                        .of(run));
        Advice advice = Adviser.advise(situation, measured, figures);
        if (json) {
            terminal.out.println(advice.toJson());
        } else {
            new AdviceView(terminal).show(advice);
            terminal.out.println();
        }
        draw(advice, situation);
    }

    private Situation situation() {
        return Situation.builder()
                .task(Optional.ofNullable(task))
                .examples(number(examples))
                .classes(number(classes))
                .documents(number(documents))
                .changes(Optional.ofNullable(changes))
                .needs(needs == null ? Set.of() : Need.parse(needs))
                .narrow(narrow)
                .longOutput(longOutput)
                .synthesis(synthesis)
                .volume(number(volume))
                .latencyMs(number(latencyMs))
                .deadlineDays(number(deadlineDays))
                .budget(Optional.ofNullable(budget))
                .tier(tier == null ? Tier.START : tier)
                .modelSize(modelSize == null ? ModelSize.SMALL : modelSize)
                .months(months)
                .bar(number(bar))
                .promptScore(number(promptScore))
                .closedModel(closedModel)
                .noIndexOnDevice(noIndexOnDevice)
                .publicExamples(publicExamples)
                .noMlTeam(noMlTeam)
                .hostedIndex(hostedIndex)
                .selfHosted(selfHosted)
                .tokens(number(tokens))
                .hoursSaved(Optional.ofNullable(hoursSaved))
                .wage(Optional.ofNullable(wage))
                .build();
    }

    /** A chart that was asked for is written or fails; one that was not must not cost the advice. */
    private void draw(Advice advice, Situation situation) {
        Path asked = chart;
        Path home = place.home(session.environment());
        Path file = asked != null
                ? asked
                : Home.at(home)
                        .advice(scope.asker())
                        .resolve(
                                "cost-" + situation.tier() + "-" + advice.cost().volume() + ".svg");
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null && asked == null) {
                Storage.createHome(home);
                Files.createDirectories(folder);
            }
            Files.writeString(file, advice.chart());
            (json ? session.terminal().err : session.terminal().out)
                    .println("Chart: " + Text.path(file.toAbsolutePath().toString()));
        } catch (IOException e) {
            if (asked != null) {
                throw new Failure(
                        e instanceof NoSuchFileException || Files.isDirectory(file)
                                ? Failure.Kind.INVALID
                                : Storage.failure(e, file).kind(),
                        "The chart cannot be written to " + Text.line(file.toString(), 200) + ".",
                        "Name a file in a folder that is there and that you may write to.",
                        e);
            }
            session.terminal().err.println("No chart: the home cannot be written; --chart FILE puts it elsewhere.");
        }
    }

    private static OptionalLong number(@Nullable Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private static OptionalDouble number(@Nullable Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
