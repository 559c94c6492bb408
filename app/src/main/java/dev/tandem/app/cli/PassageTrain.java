package dev.tandem.app.cli;

import dev.tandem.app.Wiring;
import dev.tandem.behavior.passages.PassageIndex;
import dev.tandem.behavior.passages.PassageRequest;
import dev.tandem.behavior.passages.PassageResult;
import dev.tandem.behavior.passages.PassageTraining;
import dev.tandem.behavior.passages.ReaderTraining;
import dev.tandem.behavior.passages.RerankerTraining;
import dev.tandem.behavior.passages.RetrieverTraining;
import dev.tandem.behavior.registry.Registry;
import dev.tandem.behavior.tuning.Trainer;
import dev.tandem.behavior.tuning.TrainingSettings;
import dev.tandem.behavior.tuning.TunableBase;
import dev.tandem.behavior.worth.Budgets;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.catalog.AdapterWriter;
import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.DatasetVersion;
import dev.tandem.domain.Example;
import dev.tandem.domain.Principal;
import dev.tandem.measure.Interval;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** A retriever, reranker or reader, from the command's words to what a person or a program reads of it. */
final class PassageTrain {

    /** What is tuned. */
    enum Kind {
        RETRIEVER,
        RERANKER,
        READER;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        private TrainingSettings usual(int rank, long seed) {
            return switch (this) {
                case RETRIEVER -> TrainingSettings.ofRetriever(rank, seed);
                case RERANKER -> TrainingSettings.ofReranker(rank, seed);
                case READER -> TrainingSettings.ofReader(rank, seed);
            };
        }

        private String figure() {
            return switch (this) {
                case RETRIEVER -> "MRR@10";
                case RERANKER -> "accuracy";
                case READER -> "token F1";
            };
        }
    }

    /** Passages of the index beside those of the dataset, for each question. */
    static final int NEAR = 30;

    private final Session session;
    private final Path home;
    private final Terminal terminal;
    private final Wiring wiring;
    private final Principal owner;
    private final Kind kind;
    private final PassageOptions options;
    private final LoraOptions lora;
    private final WorthOptions worth;
    private final ProgressLine progress;

    PassageTrain(
            Session session,
            Path home,
            Wiring wiring,
            Principal owner,
            Kind kind,
            PassageOptions options,
            LoraOptions lora,
            WorthOptions worth) {
        this.session = session;
        this.home = home;
        this.terminal = session.terminal();
        this.wiring = wiring;
        this.owner = owner;
        this.kind = kind;
        this.options = options;
        this.lora = lora;
        this.worth = worth;
        this.progress = new ProgressLine(terminal);
    }

    void run() {
        DatasetVersion dataset = TrainCommand.known(wiring, owner, options.data);
        List<Example> examples = wiring.catalog(owner).datasets().examples(owner, dataset);
        String name = AdapterWriter.requireName(options.name != null ? options.name : TrainCommand.plain(options.data));
        var request = new PassageRequest(
                owner,
                name,
                dataset,
                examples,
                worth.conditions(wiring, owner, Budgets.OF_FINDING, kind == Kind.RETRIEVER),
                TrainCommand.consent(wiring, owner, dataset, examples, options.allowPii));
        Trainer trainer = wiring.trainer();
        Path checkpoints =
                wiring.home().checkpoints(owner.tenant()).resolve(owner.user()).resolve(name);
        TrainingSettings settings = lora.settings(rank -> kind.usual(rank, options.seed), checkpoints);
        var told = new TuningProgress(terminal, progress, lora, kind.figure());
        told.begin(settings, "");
        PassageResult result;
        try {
            result = recipe(trainer).run(request, settings, (doing, share) -> progress.show(share, doing), told);
            told.end();
        } finally {
            progress.clear();
        }
        AdapterEntry adapter = options.promote && result.exceeded().isEmpty()
                ? write(writer -> writer.adapters().promote(result.adapter(), Registry.PRODUCTION))
                : result.adapter();
        String collection = options.collection;
        boolean moves = kind == Kind.RETRIEVER && adapter.aliases().contains(Registry.PRODUCTION);
        if (moves && collection != null) {
            ReembedCommand.by(session, home, owner, adapter.reference(), collection, options.json);
        }
        if (options.json) {
            var json = TrainCommand.trained(adapter, result.took(), result.tokensPerSecond());
            json.put("questions", result.questions());
            json.put("cases", result.cases());
            json.put("epoch", result.epoch());
            json.put("steps", result.steps());
            json.put("parity", result.parity());
            terminal.out.println(Json.line(json));
        } else {
            show(adapter, result, moves && collection != null);
        }
    }

    private PassageTraining recipe(Trainer trainer) {
        Registry registry = wiring.registry(owner);
        TunableBase base = wiring.tunable();
        PassageIndex index =
                options.collection == null ? PassageIndex.NONE : wiring.passages(owner, options.collection, NEAR);
        return switch (kind) {
            case RETRIEVER -> new RetrieverTraining(this::write, registry, base, trainer, index);
            case RERANKER -> new RerankerTraining(this::write, registry, base, trainer, index);
            case READER -> new ReaderTraining(this::write, registry, base, trainer, wiring.plainReader());
        };
    }

    private <T> T write(Function<CatalogWriter, T> work) {
        return wiring.write(owner, work);
    }

    private void show(AdapterEntry adapter, PassageResult result, boolean moved) {
        terminal.out.println(terminal.accent(adapter.reference()) + "  " + adapter.kind() + ", "
                + Text.count(result.questions(), "question") + " of " + adapter.dataset() + ", measured on "
                + Text.count(result.cases(), "other"));
        terminal.out.println("");
        terminal.out.println(
                terminal.bold(String.format(Locale.ROOT, "%-15s %-22s %-22s %s", "", "before", "tuned", "gained")));
        result.measured()
                .forEach((name, figure) -> terminal.out.println(String.format(
                        Locale.ROOT,
                        "%-15s %-22s %-22s %s",
                        name,
                        text(figure.before()),
                        text(figure.after()),
                        gained(figure.over()))));
        terminal.out.println("");
        if (!result.exceeded().isEmpty()) {
            terminal.out.println(terminal.bad("Not to be promoted: it is worse than its budgets allow."));
            result.exceeded().forEach(each -> terminal.out.println("    " + each));
        }
        result.worse().stream()
                .limit(3)
                .forEach(each -> terminal.out.println(String.format(
                        Locale.ROOT,
                        "worse: %s  %.2f, before %.2f",
                        Text.line(each.question(), 70),
                        each.after(),
                        each.before())));
        terminal.out.println(moved ? "The collection answers with it." : "Use it: " + use(adapter));
        terminal.out.println("");
        terminal.out.println(terminal.dim(String.format(
                Locale.ROOT,
                "%.0f s, %s steps, best after epoch %d, %s tokens/s; as served it differs by %.1e at most; intervals are"
                        + " of 95%%",
                result.took().toMillis() / 1e3,
                Text.number(result.steps()),
                result.epoch(),
                Text.number(Math.round(result.tokensPerSecond())),
                result.parity())));
    }

    private String use(AdapterEntry adapter) {
        String collection = options.collection == null ? "default" : options.collection;
        return switch (kind) {
            case RETRIEVER -> "tandem reembed --encoder adapter:" + adapter.name() + " --collection " + collection;
            case RERANKER ->
                "tandem tune-retrieval --queries FILE --reranker adapter:" + adapter.name() + " --collection "
                        + collection;
            case READER -> "tandem config set reader adapter:" + adapter.name();
        };
    }

    private String gained(Interval over) {
        String words = String.format(
                Locale.ROOT, "%+.1f (%+.1f to %+.1f)", 100 * over.value(), 100 * over.low(), 100 * over.high());
        return over.low() > 0 ? terminal.good(words) : over.high() < 0 ? terminal.bad(words) : words;
    }

    private static String text(Interval interval) {
        return String.format(
                Locale.ROOT,
                "%.1f%% (%.1f to %.1f)",
                100 * interval.value(),
                100 * interval.low(),
                100 * interval.high());
    }
}
