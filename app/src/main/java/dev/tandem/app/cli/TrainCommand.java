package dev.tandem.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.app.Wiring;
import dev.tandem.behavior.dataset.Imported;
import dev.tandem.behavior.dataset.Importer;
import dev.tandem.behavior.dataset.PersonalDataConsent;
import dev.tandem.behavior.dataset.Split;
import dev.tandem.behavior.registry.Registry;
import dev.tandem.behavior.tuning.ClassifierTraining;
import dev.tandem.behavior.tuning.ClassifierTraining.Leaked;
import dev.tandem.behavior.tuning.HeadSettings;
import dev.tandem.behavior.tuning.Objective;
import dev.tandem.behavior.worth.Budgets;
import dev.tandem.behavior.worth.Conditions;
import dev.tandem.behavior.worth.Worth;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.catalog.AdapterWriter;
import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.DatasetVersion;
import dev.tandem.catalog.HomeLock;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Part;
import dev.tandem.domain.Principal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tandem train}: makes an adapter from a dataset. */
@Command(
        name = "train",
        header = "Train on your own examples, in seconds or minutes.",
        description =
                "A classifier is a linear head on the sentence encoder, which stays as it is, or with --method lora"
                        + " is tuned by low-rank adaptation. What has to be chosen is chosen on the training examples; the test"
                        + " examples are only measured on.",
        footer = {
            "  tandem train classifier --data queues",
            "  tandem train classifier --train train.jsonl --test test.jsonl --name intents",
            "  tandem train classifier --data queues --promote --json | tail -n 1",
        },
        mixinStandardHelpOptions = true)
final class TrainCommand implements Runnable {

    /** What is learned. */
    private enum Method {
        HEAD,
        LORA;

        static Method of(String word) {
            return switch (word) {
                case "head" -> HEAD;
                case "lora" -> LORA;
                default ->
                    throw invalid("'" + Text.line(word, 40) + "' is no method to train by", "Choose head or lora.");
            };
        }
    }

    private final Session session;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by the parser
    private CommandSpec spec;

    TrainCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Say what to train: classifier, retriever, reranker or reader");
    }

    @Command(
            name = "classifier",
            header = "Labels for texts: a head on the frozen encoder.",
            footer = {
                "  tandem train classifier --data queues",
                "  tandem train classifier --train train.jsonl --test test.jsonl --name intents",
                "  tandem train classifier --data queues --method lora",
            },
            mixinStandardHelpOptions = true)
    int classifier(
            @Option(names = "--data", paramLabel = "NAME", description = "a dataset, or a state of it: queues@3")
                    @Nullable
                    String data,
            @Option(
                            names = "--train",
                            paramLabel = "FILE",
                            description = "examples to import and train on, as tandem dataset import reads them")
                    @Nullable
                    Path train,
            @Option(
                            names = "--test",
                            paramLabel = "FILE",
                            description = "with --train: examples to measure on; without"
                                    + " it a fifth of the examples is kept for that")
                    @Nullable
                    Path test,
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            description = "of the adapter (default: the dataset's, or the file's)")
                    @Nullable
                    String name,
            @Option(
                            names = "--allow",
                            paramLabel = "GRANTEES",
                            description = "with --train: who may read the examples and use the classifier besides you")
                    @Nullable
                    AccessSet allow,
            @Option(
                            names = "--method",
                            paramLabel = "METHOD",
                            defaultValue = "head",
                            description = "head: on the encoder as it is, in seconds; lora: the encoder is tuned as"
                                    + " well, in minutes, and measured against that head (default: ${DEFAULT-VALUE})")
                    String method,
            @Option(
                            names = "--objective",
                            paramLabel = "WHAT",
                            description =
                                    "lora: what the encoder learns from: labels, or pairs of texts, which are many"
                                            + " where texts are few (pairs where labels have 16 texts or fewer)")
                    @Nullable
                    String objective,
            @Mixin LoraOptions lora,
            @Mixin WorthOptions worth,
            @Option(names = "--promote", description = "make it the one in production at once") boolean promote,
            @Option(names = "--drop-leaked", description = "leave out training examples that stand in test, too")
                    boolean dropLeaked,
            @Option(
                            names = "--allow-leakage",
                            description =
                                    "train although test texts stand in training; marked wherever figures are shown")
                    boolean allowLeakage,
            @Option(
                            names = "--allow-pii",
                            paramLabel = "REASON",
                            description =
                                    "train although examples hold personal data, and why: the reason is kept in the"
                                            + " audit trail and stands on the adapter's card")
                    @Nullable
                    String allowPii,
            @Option(
                            names = "--seed",
                            paramLabel = "N",
                            description = "of the folds, and of the split of a file (default: one of its own for each)")
                    @Nullable
                    Long seed,
            @Option(
                            names = "--precision",
                            paramLabel = "SHARE",
                            description = "of the labels given at or above the threshold, so many should be right"
                                    + " (default: ${DEFAULT-VALUE})",
                            defaultValue = "0.95")
                    double precision,
            @Option(names = "--json", description = "the figures as one JSON object, last line of the output")
                    boolean json,
            @Mixin Scope scope,
            @Mixin Place place) {
        if ((data == null) == (train == null)) {
            throw invalid("Give either --data NAME or --train FILE", "tandem dataset list shows your datasets.");
        }
        if (test != null && train == null) {
            throw invalid("--test goes with --train", "A dataset has its own test examples.");
        }
        if (dropLeaked && allowLeakage) {
            throw invalid("--drop-leaked and --allow-leakage exclude each other", "Give one of the two.");
        }
        if (!(precision > 0 && precision <= 1)) {
            throw invalid("--precision is a share, not " + precision, "Give a number above 0 and at most 1.");
        }
        if (allowPii != null) {
            PersonalDataConsent.requireReason(allowPii);
        }
        Method by = Method.of(method);
        lora.requireFor(by == Method.LORA);
        if (objective != null && by != Method.LORA) {
            throw invalid("--objective is of low-rank tuning", "Ask for it with --method lora, or leave it out.");
        }
        Objective said = objective == null ? null : Objective.named(objective);
        Leaked leaked = dropLeaked ? Leaked.DROP : allowLeakage ? Leaked.ALLOW : Leaked.REFUSE;
        HeadSettings standard = HeadSettings.STANDARD;
        var settings = new HeadSettings(
                seed == null ? standard.seed() : seed, standard.folds(), standard.penalties(), precision);
        Principal owner = scope.asker();
        Terminal terminal = session.terminal();
        var progress = new ProgressLine(terminal);
        try (Wiring wiring = Wiring.of(place.home(session.environment()), session.environment());
                var _ = Interrupted.saying(
                        terminal, "Stopped. No classifier was registered; what was imported and embedded is kept.")) {
            Imported imported = train == null ? null : imported(train, test);
            // Refused before anything of it is kept.
            List<Example> read = imported == null
                    ? List.of()
                    : ClassifierTraining.usable(
                            imported.split(seed == null ? DatasetCommand.SPLIT_SEED : seed, 0, Split.TEST_SHARE),
                            leaked);
            if (imported != null) {
                if (allowPii == null) {
                    PersonalDataConsent.NONE.require(read);
                }
                new DatasetView(terminal).rejected(imported.rejected());
            }
            Conditions conditions = worth.conditions(wiring, owner, Budgets.OF_LABELS, by == Method.LORA);
            String called = AdapterWriter.requireName(name != null ? name : data != null ? plain(data) : ofFile(train));
            DatasetVersion known = data == null ? null : known(wiring, owner, data);
            if (by == Method.LORA) {
                new LoraTrain(session, wiring, owner, lora)
                        .run(
                                called,
                                settings,
                                leaked,
                                conditions,
                                promote,
                                json,
                                allowPii,
                                said,
                                writer -> known != null ? known : kept(writer, owner, called, allow, read, imported));
                return imported == null || imported.rejected().isEmpty() ? 0 : 1;
            }
            try (HomeLock lock = wiring.home().lock();
                    CatalogWriter writer = CatalogWriter.open(lock, owner.tenant())) {
                DatasetVersion dataset = known != null ? known : kept(writer, owner, called, allow, read, imported);
                List<Example> examples = wiring.catalog(owner).datasets().examples(owner, dataset);
                var request = new ClassifierTraining.Request(
                        owner,
                        called,
                        dataset,
                        examples,
                        settings,
                        leaked,
                        consent(wiring, owner, dataset, examples, allowPii),
                        conditions);
                Registry registry = wiring.registry(owner);
                ClassifierTraining.Result result = new ClassifierTraining(writer, registry, wiring.embedder(owner))
                        .run(request, event -> show(progress, event));
                AdapterEntry adapter =
                        promote ? writer.adapters().promote(result.adapter(), Registry.PRODUCTION) : result.adapter();
                progress.clear();
                if (json) {
                    terminal.out.println(Json.line(json(adapter, result)));
                } else {
                    new TrainView(terminal).show(adapter, result, precision);
                }
                return imported == null || imported.rejected().isEmpty() ? 0 : 1;
            }
        } finally {
            progress.clear();
        }
    }

    @Command(
            name = "retriever",
            header = "An encoder that finds passages: questions are brought near those that answer them.",
            footer = {
                "  tandem dataset import pairs.jsonl --name faq      {\"query\": \"…\", \"passage\": \"…\"}",
                "  tandem train retriever --data faq --collection handbook",
                "  tandem reembed --encoder adapter:faq --collection handbook",
            },
            mixinStandardHelpOptions = true)
    int retriever(
            @Mixin PassageOptions passages,
            @Mixin LoraOptions lora,
            @Mixin WorthOptions worth,
            @Mixin Scope scope,
            @Mixin Place place) {
        return passages(PassageTrain.Kind.RETRIEVER, passages, lora, worth, scope, place);
    }

    @Command(
            name = "reranker",
            header = "An encoder that puts the passages that were found in a better order.",
            footer = {
                "  tandem train reranker --data faq --collection handbook",
                "  tandem tune-retrieval --queries questions.jsonl --reranker adapter:faq",
            },
            mixinStandardHelpOptions = true)
    int reranker(
            @Mixin PassageOptions passages,
            @Mixin LoraOptions lora,
            @Mixin WorthOptions worth,
            @Mixin Scope scope,
            @Mixin Place place) {
        return passages(PassageTrain.Kind.RERANKER, passages, lora, worth, scope, place);
    }

    @Command(
            name = "reader",
            header = "An encoder that finds the answer in a passage, or says that there is none.",
            footer = {
                "  tandem dataset import squad.json --name spans",
                "  tandem train reader --data spans --rank 16",
            },
            mixinStandardHelpOptions = true)
    int reader(
            @Mixin PassageOptions passages,
            @Mixin LoraOptions lora,
            @Mixin WorthOptions worth,
            @Mixin Scope scope,
            @Mixin Place place) {
        return passages(PassageTrain.Kind.READER, passages, lora, worth, scope, place);
    }

    private int passages(
            PassageTrain.Kind kind,
            PassageOptions passages,
            LoraOptions lora,
            WorthOptions worth,
            Scope scope,
            Place place) {
        Principal owner = scope.asker();
        Path home = place.home(session.environment());
        try (Wiring wiring = Wiring.of(home, session.environment());
                var _ = Interrupted.saying(
                        session.terminal(),
                        "Stopped. Nothing was registered; the same command with --resume goes on.")) {
            new PassageTrain(session, home, wiring, owner, kind, passages, lora, worth).run();
            return 0;
        }
    }

    /** To learn from personal data; writes it to the audit trail. */
    static PersonalDataConsent consent(
            Wiring wiring, Principal owner, DatasetVersion dataset, List<Example> examples, @Nullable String allowPii) {
        return allowPii == null
                ? PersonalDataConsent.NONE
                : PersonalDataConsent.audited(
                        wiring.audit(owner), owner, dataset.reference() + " " + dataset.hash(), examples, allowPii);
    }

    private static Imported imported(Path train, @Nullable Path test) {
        Imported imported = Importer.read(train);
        return test == null
                ? imported
                : imported.in(Part.TRAIN).and(Importer.read(test).in(Part.TEST));
    }

    private static DatasetVersion kept(
            CatalogWriter writer,
            Principal owner,
            String name,
            @Nullable AccessSet allow,
            List<Example> examples,
            @Nullable Imported imported) {
        if (imported == null) {
            throw new IllegalStateException("neither a dataset nor a file");
        }
        return writer.datasets()
                .put(
                        owner,
                        name,
                        allow,
                        List.of(),
                        examples,
                        imported.files(),
                        imported.format(),
                        imported.rejected().size());
    }

    static DatasetVersion known(Wiring wiring, Principal owner, String data) {
        return wiring.catalog(owner)
                .datasets()
                .find(owner, data)
                .orElseThrow(() -> new Failure(
                        Failure.Kind.MISSING,
                        "There is no dataset '" + Text.line(data, 80) + "'.",
                        "See what is there with tandem dataset list; import one with tandem dataset import FILE --name"
                                + " NAME."));
    }

    /** {@code ana/queues@3} is trained as {@code queues}. */
    static String plain(String dataset) {
        String name = dataset.substring(dataset.lastIndexOf('/') + 1);
        return name.contains("@") ? name.substring(0, name.indexOf('@')) : name;
    }

    private static String ofFile(@Nullable Path file) {
        String name = file == null || file.getFileName() == null
                ? ""
                : file.getFileName().toString();
        return name.replaceFirst("\\..*$", "").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]+", "-");
    }

    private static void show(ProgressLine line, ClassifierTraining.Event event) {
        switch (event) {
            case ClassifierTraining.Event.Embedding at ->
                line.show(
                        0.9 * at.done() / at.of(),
                        "embedding, " + Text.number(at.done()) + " of " + Text.count(at.of(), "text"));
            case ClassifierTraining.Event.Fitting at -> line.show(0.9 + 0.1 * at.share(), "fitting the head");
        }
    }

    /** {@code {"adapter","kind","task","test":{…},"base":{…},"frozen":{…},…,"seconds",…}}. */
    private static ObjectNode json(AdapterEntry adapter, ClassifierTraining.Result result) {
        ObjectNode json = trained(adapter, result.took(), null);
        json.put("classes", result.classes());
        json.put("head_seconds", seconds(result.fitting()));
        json.put("threshold", Json.rounded(result.threshold()));
        json.put("dropped", result.dropped());
        return json;
    }

    /**
     * What every training says of its adapter.
     *
     * @param tokensPerSecond that were learned from; null where what is learned from is no tokens
     */
    static ObjectNode trained(AdapterEntry adapter, Duration took, @Nullable Double tokensPerSecond) {
        ObjectNode json = Json.object();
        json.put("adapter", adapter.reference());
        json.put("kind", adapter.kind());
        json.put("task", adapter.task());
        JsonNode figures = Worth.figures(adapter);
        for (String first : List.of("test", "base", "frozen", "forgetting", "robustness")) {
            json.set(first, figures.path(first));
        }
        json.put("seconds", seconds(took));
        json.put("tokens_per_second", tokensPerSecond == null ? null : Math.round(tokensPerSecond));
        json.put("peak_rss_mb", PeakMemory.megabytes());
        figures.properties().forEach(each -> json.set(each.getKey(), each.getValue()));
        int leaked = figures.path("leaked").asInt();
        json.putObject("leakage").put("cases", leaked).put("allowed", leaked > 0);
        json.put("hash", adapter.hash());
        json.put("dataset", adapter.dataset());
        var aliases = json.putArray("aliases");
        adapter.aliases().forEach(aliases::add);
        return json;
    }

    private static double seconds(Duration took) {
        return Math.round(took.toMillis() / 10.0) / 100.0;
    }

    private static Failure invalid(String what, String next) {
        return new Failure(Failure.Kind.INVALID, what + ".", next);
    }
}
