package dev.tandem.app.cli;

import dev.tandem.app.Wiring;
import dev.tandem.assistant.AssistantSettings;
import dev.tandem.assistant.PromptOnly;
import dev.tandem.behavior.dataset.Imported;
import dev.tandem.behavior.dataset.Importer;
import dev.tandem.behavior.tuning.ClassifierTraining;
import dev.tandem.behavior.tuning.Fitness;
import dev.tandem.behavior.tuning.HeadSettings;
import dev.tandem.behavior.tuning.TextVectors;
import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.DatasetVersion;
import dev.tandem.catalog.DocumentEntry;
import dev.tandem.catalog.HomeLock;
import dev.tandem.catalog.Sha256;
import dev.tandem.domain.Answerer;
import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Generator;
import dev.tandem.domain.Part;
import dev.tandem.domain.Principal;
import dev.tandem.evidence.JsonLines;
import dev.tandem.evidence.compare.Arm;
import dev.tandem.evidence.compare.Case;
import dev.tandem.evidence.compare.Comparison;
import dev.tandem.evidence.compare.ComparisonReport;
import dev.tandem.evidence.compare.Contender;
import dev.tandem.evidence.compare.Journal;
import dev.tandem.evidence.compare.LabelArms;
import dev.tandem.evidence.compare.Leakage;
import dev.tandem.evidence.compare.MeteredGenerator;
import dev.tandem.evidence.compare.Setup;
import dev.tandem.evidence.compare.Suite;
import dev.tandem.evidence.compare.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tandem compare}: the arms on the same held-out cases, and whether the differences mean anything. */
@Command(
        name = "compare",
        header = "Measure the arms against each other on held-out cases.",
        description = {
            "To classify: baseline knows the names of the labels alone, rag lets the nearest labelled examples vote,"
                    + " tuned is a trained head, hybrid weighs the last two. To answer: rag answers from a collection,"
                    + " baseline is the language model alone; tuned and hybrid need a tuned model. What cannot run here"
                    + " is listed with the reason and what would make it run.",
            "Stopped and started again it goes on where it was, and gives the same report.",
        },
        footer = {
            "  tandem compare --task classify --data queues",
            "  tandem compare --task classify --train train.jsonl --suite test.jsonl --html report.html",
            "  tandem compare --task answer --collection handbook --suite questions.jsonl",
            "  tandem compare --task classify --data queues --json | tail -n 1 > run.json",
        },
        mixinStandardHelpOptions = true)
final class CompareCommand implements Runnable {

    private final Session session;

    @Option(names = "--task", required = true, paramLabel = "TASK", description = "classify or answer")
    private String task = "";

    @Option(
            names = "--suite",
            paramLabel = "FILE",
            description = "held-out cases: JSON Lines with text and label, or question and answers; or a folder with"
                    + " answers.jsonl (default with --data: its test examples)")
    private @Nullable Path suite;

    @Option(names = "--train", paramLabel = "FILE", description = "examples that the arms are made from")
    private @Nullable Path train;

    @Option(names = "--data", paramLabel = "NAME", description = "a dataset instead, or a state of it: queues@3")
    private @Nullable String data;

    @Option(
            names = "--arms",
            paramLabel = "ARMS",
            defaultValue = "all",
            description = "baseline, rag, tuned, hybrid, separated by commas (default: ${DEFAULT-VALUE})")
    private String arms = "all";

    @Option(
            names = "--descriptions",
            paramLabel = "FILE",
            description = "for baseline: a label, a tab and what it means, one a line")
    private @Nullable Path descriptions;

    @Option(
            names = "--tuned-model",
            paramLabel = "MODEL",
            description = "to answer: a language model that was tuned elsewhere, openai-compatible:URL#NAME")
    private @Nullable String tunedModel;

    @Option(names = "--price-in", paramLabel = "USD", description = "of a million tokens of a language model's prompt")
    private @Nullable Double priceIn;

    @Option(names = "--price-out", paramLabel = "USD", description = "of a million tokens that it writes")
    private @Nullable Double priceOut;

    @Option(names = "--drop-leaked", description = "leave out training examples that stand among the cases")
    private boolean dropLeaked;

    @Option(
            names = "--allow-leakage",
            description = "go on although cases stand in training; marked wherever figures are shown")
    private boolean allowLeakage;

    @Mixin
    private ComparisonOutput output = new ComparisonOutput();

    @Mixin
    private InCollection collection = new InCollection();

    @Mixin
    private Scope scope = new Scope();

    @Mixin
    private Place place = new Place();

    CompareCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Task wanted = task();
        Set<Arm> armsWanted = EnumSet.copyOf(Arm.list(arms));
        if (dropLeaked && allowLeakage) {
            throw invalid("--drop-leaked and --allow-leakage exclude each other", "Give one of the two.");
        }
        output.check();
        Terminal terminal = session.terminal();
        var progress = new ProgressLine(terminal);
        try (Wiring wiring = Wiring.of(place.home(session.environment()), session.environment());
                var _ = Interrupted.saying(terminal, "Stopped. What was measured is kept; the same command goes on.")) {
            ComparisonReport report = switch (wanted) {
                case CLASSIFY -> classify(wiring, armsWanted, progress);
                case ANSWER -> answer(wiring, armsWanted, progress);
            };
            progress.clear();
            output.write(terminal, report);
        } finally {
            progress.clear();
        }
    }

    private Task task() {
        return switch (task.strip().toLowerCase(Locale.ROOT)) {
            case "classify" -> Task.CLASSIFY;
            case "answer" -> Task.ANSWER;
            default ->
                throw invalid(
                        "There is no task '" + Text.line(task, 40) + "' to compare arms on", "Say classify or answer.");
        };
    }

    private ComparisonReport classify(Wiring wiring, Set<Arm> wanted, ProgressLine progress) {
        if ((data == null) == (train == null)) {
            throw invalid("Give either --data NAME or --train FILE", "tandem dataset list shows your datasets.");
        }
        Principal asker = scope.asker();
        DatasetVersion dataset = data == null ? null : TrainCommand.known(wiring, asker, data);
        List<Example> examples = dataset != null
                ? wiring.catalog(asker).datasets().examples(asker, dataset)
                : train == null ? List.of() : imported(train);
        Suite cases = suite != null ? read(suite, Task.CLASSIFY) : ownTest(dataset, examples);
        List<Example> learned = learned(examples, cases);
        SortedMap<String, String> meanings = meanings(learned);
        Leakage leakage = Leakage.of(cases, learned.stream().map(Example::input).toList(), allowLeakage);
        var setup = Setup.of(asker, dataset == null ? "examples" : dataset.name())
                .trainedOn(
                        new Setup.Train(dataset == null ? name(train) : dataset.reference(), hash(learned)),
                        leakage,
                        dataset == null ? Set.of() : Set.of(dataset.key()));
        setup.requireAllowed(cases);
        try (HomeLock lock = wiring.home().lock();
                CatalogWriter writer = CatalogWriter.open(lock, asker.tenant())) {
            var vectors = new TextVectors(writer.vectors(wiring.embedder(asker).encoder()), wiring.embedder(asker));
            var texts = new ArrayList<String>();
            learned.forEach(each -> texts.add(each.input()));
            cases.cases().forEach(each -> texts.add(each.input()));
            vectors.prepare(
                    texts,
                    (done, of) -> progress.show(
                            (double) done / of, "embedding, " + Text.number(done) + " of " + Text.count(of, "text")));
            List<Contender> contenders = new LabelArms(
                            learned, meanings, vectors, wiring.embedder(asker), HeadSettings.STANDARD)
                    .make(wanted, share -> progress.show(share, "fitting the head"));
            return new Comparison(setup, cases, contenders, Journal.in(writer, asker), wiring.catalog(asker))
                    .run(ComparisonOutput.progress(progress));
        }
    }

    private List<Example> imported(Path file) {
        Imported imported = Importer.read(file);
        new DatasetView(session.terminal()).rejected(imported.rejected());
        return imported.in(Part.TRAIN).examples();
    }

    private static Suite read(Path file, Task wanted) {
        Suite suite = Suite.read(file);
        if (suite.task() != wanted) {
            throw invalid(
                    "The suite " + suite.name() + " is there to " + suite.task() + ", not to " + wanted,
                    "Say --task " + suite.task() + ", or name another suite.");
        }
        return suite;
    }

    private static Suite ownTest(@Nullable DatasetVersion dataset, List<Example> examples) {
        if (dataset == null) {
            throw invalid("There are no cases to measure on", "Name a file of held-out cases with --suite FILE.");
        }
        var cases = new ArrayList<Case>();
        for (Example each : examples) {
            if (each.part() == Part.TEST) {
                cases.add(new Case(String.valueOf(cases.size() + 1), each.input(), List.of(each.output()), List.of()));
            }
        }
        return Suite.of(dataset.reference(), Task.CLASSIFY, cases);
    }

    /** What the arms are made from: examples that are not there to be measured on, fit to be learned from. */
    private List<Example> learned(List<Example> examples, Suite cases) {
        var all = new ArrayList<Example>();
        examples.stream().filter(each -> each.part() != Part.TEST).forEach(each -> all.add(each.in(Part.TRAIN)));
        Fitness.requireLearnable(all);
        var labels = new TreeSet<String>();
        all.forEach(each -> labels.add(each.output()));
        for (Case each : cases.cases()) {
            String label = each.answers().getFirst();
            if (!labels.contains(label)) {
                throw invalid(
                        "The case " + Text.line(each.id(), 40) + " of the suite " + cases.name() + " has the label '"
                                + Text.line(label, 60) + "', which no training example has",
                        "Add training examples of it, or take the case out.");
            }
            all.add(new Example(each.input(), label, "", Part.TEST, 0));
        }
        Fitness.require(all);
        // In an order of their own: what is made from the same examples is the same, however a file sorts them.
        return (dropLeaked ? ClassifierTraining.withoutLeaks(all) : all)
                .stream()
                        .filter(each -> each.part() == Part.TRAIN)
                        .sorted(Comparator.comparing((Example each) -> Sha256.hex(each.input()))
                                .thenComparing(Example::output))
                        .toList();
    }

    private SortedMap<String, String> meanings(List<Example> learned) {
        var meanings = new TreeMap<String, String>();
        Path file = descriptions;
        if (file == null) {
            return meanings;
        }
        var labels = new TreeSet<String>();
        learned.forEach(each -> labels.add(each.output()));
        JsonLines.lines(file, line -> {
            int tab = line.indexOf('\t');
            String label = tab < 0 ? "" : line.substring(0, tab).strip();
            if (labels.contains(label)) {
                meanings.put(label, line.substring(tab + 1).strip());
            }
        });
        if (meanings.isEmpty()) {
            throw invalid(
                    "No line of " + file + " describes a label",
                    "Write a label, a tab and what it means, one a line, for example " + labels.first()
                            + "<TAB>what belongs there.");
        }
        return meanings;
    }

    /** Of the examples that the arms are really made from, whatever the order. */
    private static String hash(List<Example> learned) {
        return Sha256.hex(learned.stream()
                .map(each -> Sha256.hex(each.input()) + Sha256.hex(each.output()) + Sha256.hex(each.family()))
                .sorted()
                .toList()
                .toString());
    }

    private static String name(@Nullable Path file) {
        return file == null ? "" : String.valueOf(file.getFileName());
    }

    private ComparisonReport answer(Wiring wiring, Set<Arm> wanted, ProgressLine progress) {
        if (train != null || data != null) {
            throw invalid(
                    "--train and --data are for classifying: no answerer is trained here",
                    "Leave them out; name a model that was tuned elsewhere with --tuned-model.");
        }
        if (suite == null) {
            throw invalid("There are no questions to measure on", "Name a file of them with --suite FILE.");
        }
        Suite cases = read(suite, Task.ANSWER);
        Principal asker = scope.asker();
        List<DocumentEntry> documents = wiring.catalog(asker).documents(asker, collection.name);
        if (documents.isEmpty()) {
            throw new Failure(
                    Failure.Kind.MISSING,
                    "There is nothing in the collection '" + Text.line(collection.name, 60) + "' that you may read.",
                    "Ingest documents first: tandem ingest FOLDER --collection " + Text.line(collection.name, 60)
                            + ".");
        }
        SortedMap<String, String> knowledge = knowledge(wiring, asker, documents);
        var contenders = new ArrayList<Contender>();
        for (Arm arm : wanted) {
            contenders.add(contender(arm, wiring, asker, knowledge));
        }
        if (contenders.stream().noneMatch(each -> each instanceof Contender.Runs)) {
            String reasons = contenders.stream()
                    .map(each -> each instanceof Contender.NotRun not ? not.arm() + ": " + not.reason() : "")
                    .reduce((a, b) -> a + "; " + b)
                    .orElse("");
            throw invalid("None of these arms can run here: " + reasons, "Add rag with --arms, or leave --arms out.");
        }
        return new Comparison(
                        Setup.of(asker, collection.name),
                        cases,
                        contenders,
                        Journal.guarded(Journal.in(wiring.home(), asker), () -> requireSame(wiring, asker, knowledge)),
                        wiring.catalog(asker))
                .run(ComparisonOutput.progress(progress));
    }

    private Contender contender(Arm arm, Wiring wiring, Principal asker, SortedMap<String, String> knowledge) {
        boolean model = !wiring.settings().model().isEmpty();
        return switch (arm) {
            case RAG ->
                model
                        ? written(
                                arm,
                                wiring,
                                asker,
                                wiring.generator(asker),
                                wiring.settings().model(),
                                knowledge)
                        : Contender.Runs.free(arm.toString(), wiring.assistant(asker), knowledge);
            case BASELINE ->
                model
                        ? written(
                                arm,
                                wiring,
                                asker,
                                wiring.generator(asker),
                                wiring.settings().model(),
                                new TreeMap<>())
                        : new Contender.NotRun(
                                arm.toString(),
                                "no language model is configured, and the built-in reader knows nothing by itself",
                                "tandem config set model openai-compatible:URL#NAME");
            case TUNED, HYBRID ->
                tunedModel != null
                        ? written(
                                arm,
                                wiring,
                                asker,
                                wiring.generator(asker, tunedModel),
                                tunedModel,
                                arm == Arm.HYBRID ? knowledge : new TreeMap<>())
                        : new Contender.NotRun(
                                arm.toString(),
                                "no tuned language model was named; Tandem does not tune one itself yet",
                                "tandem compare --task answer --collection " + collection.name + " --suite " + suite
                                        + " --tuned-model openai-compatible:URL#NAME --price-in USD --price-out USD");
        };
    }

    /** An arm with a language model, asked alone where there is no knowledge, else with retrieved passages. */
    private Contender written(
            Arm arm,
            Wiring wiring,
            Principal asker,
            Generator model,
            String reference,
            SortedMap<String, String> knowledge) {
        if (priceIn == null || priceOut == null || !(priceIn >= 0) || !(priceOut >= 0)) {
            throw invalid(
                    (priceIn == null || priceOut == null ? "There is no price" : "There is a negative price")
                            + " for the language model " + model.name(),
                    "Give --price-in and --price-out in US dollars for a million tokens; 0 for a model of your own.");
        }
        var metered = new MeteredGenerator(model, priceIn, priceOut);
        Answerer answerer = knowledge.isEmpty()
                ? new PromptOnly(metered, AssistantSettings.DEFAULT)
                : wiring.assistant(asker, metered);
        var made = new TreeMap<>(knowledge);
        made.put("model", reference);
        made.put("price", priceIn + " " + priceOut);
        return new Contender.Runs(arm.toString(), answerer, (asked, answer) -> metered.takeSpent(), made);
    }

    /** What answers from documents depend on: which documents in which version, how they are found. */
    private SortedMap<String, String> knowledge(Wiring wiring, Principal asker, List<DocumentEntry> documents) {
        var made = new TreeMap<String, String>();
        made.put(
                "documents",
                Sha256.hex(documents.stream()
                        .sorted(Comparator.comparing(DocumentEntry::id))
                        .map(each -> each.id() + "@" + each.version())
                        .toList()
                        .toString()));
        made.put("encoder", wiring.encoder(asker, collection.name).hash());
        made.put("settings", AssistantSettings.DEFAULT.toString());
        return made;
    }

    private void requireSame(Wiring wiring, Principal asker, SortedMap<String, String> before) {
        if (!knowledge(wiring, asker, wiring.catalog(asker).documents(asker, collection.name))
                .equals(before)) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "Documents of the collection '" + Text.line(collection.name, 60)
                            + "' changed while the arms were being measured.",
                    "Start the same command again; it begins anew with the documents as they are now.");
        }
    }

    private static Failure invalid(String what, String next) {
        return new Failure(Failure.Kind.INVALID, what + ".", next);
    }
}
