package dev.tandem.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.app.Wiring;
import dev.tandem.behavior.registry.Registry;
import dev.tandem.behavior.worth.Due;
import dev.tandem.behavior.worth.Worth;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.catalog.DatasetVersion;
import dev.tandem.catalog.Datasets;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tandem adapters}: what training made, compared, promoted and taken back. */
@Command(
        name = "adapters",
        header = "List what training made; promote it, take it back.",
        description = {
            "An adapter is known by the hash of its content and never changes. Aliases point at one:"
                    + " candidate at the newest that was trained, production at the one that is used.",
            "Who may not read the examples that an adapter was trained on neither sees nor uses it.",
        },
        footer = {
            "  tandem adapters list",
            "  tandem adapters show queues",
            "  tandem adapters diff queues@production queues@candidate",
            "  tandem adapters promote queues",
            "  tandem adapters rollback queues",
            "  tandem adapters revalidate queues",
            "  tandem adapters export queues --output queues-adapter",
        },
        mixinStandardHelpOptions = true)
final class AdaptersCommand implements Runnable {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
    /** The figure that counts for each kind, and how it is written before its value. */
    static final Map<String, String> COUNTING = Map.of("accuracy", "", "ndcg_at_10", "nDCG ", "token_f1", "F1 ");

    private static final String REFERENCE = "NAME[@ALIAS]";

    private final Session session;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by the parser
    private CommandSpec spec;

    AdaptersCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Say what to do: list, show, diff, promote, rollback, revalidate, remove or export");
    }

    @Command(name = "list", header = "Every adapter that you may use, newest first.", mixinStandardHelpOptions = true)
    void list(
            @Option(names = "--json", description = "one JSON object a line") boolean json,
            @Mixin Scope scope,
            @Mixin Place place) {
        Terminal terminal = session.terminal();
        Principal asker = scope.asker();
        try (Wiring wiring = wiring(place)) {
            List<AdapterEntry> all = wiring.registry(asker).list(asker);
            if (json) {
                all.forEach(each -> terminal.out.println(Json.line(json(each, asker))));
            } else if (all.isEmpty()) {
                terminal.err.println("No adapters here that you may use. Next: tandem train classifier --train FILE");
            } else {
                terminal.out.println(terminal.bold(String.format(
                        Locale.ROOT,
                        "%-32s %-24s %-10s %-17s %s",
                        "adapter",
                        "alias",
                        "figure",
                        "trained (UTC)",
                        "due")));
                all.forEach(each -> show(each, asker));
            }
        }
    }

    private void show(AdapterEntry each, Principal asker) {
        Terminal terminal = session.terminal();
        String owner = each.owner().equals(asker.user()) ? "" : each.owner() + "/";
        String figure = figure(each);
        String row = String.format(
                Locale.ROOT,
                "%-32s %-24s %-10s %-17s %s",
                Text.line(owner + each.reference(), 32),
                Text.line(String.join(", ", each.aliases()), 24),
                each.failed() ? "failed" : figure,
                DAY.format(each.at()),
                each.failed() ? "" : Due.of(each).toString());
        terminal.out.println(each.failed() ? terminal.dim(row.stripTrailing()) : row.stripTrailing());
        if (each.reason() != null) {
            Text.wrap(each.reason(), terminal.width - 4)
                    .forEach(line -> terminal.out.println(terminal.dim("    " + line)));
        }
        if (Due.isOver(each, Due.today())) {
            terminal.out.println(terminal.bad("    overdue: tandem adapters revalidate " + each.reference()));
        }
        if (!Worth.against(each).isEmpty()) {
            terminal.out.println(
                    terminal.bad("    not to be promoted: tandem adapters show " + each.reference() + " says why"));
        }
        if (leaked(each) > 0) {
            terminal.out.println(
                    terminal.bad("    leaked: " + Text.count(leaked(each), "test text") + " stood in training"));
        }
    }

    @Command(name = "show", header = "An adapter's card.", mixinStandardHelpOptions = true)
    void show(
            @Parameters(paramLabel = REFERENCE, description = "such as queues or queues@candidate") String reference,
            @Option(names = "--json", description = "settings and figures as one JSON object") boolean json,
            @Mixin Scope scope,
            @Mixin Place place) {
        Terminal terminal = session.terminal();
        Principal asker = scope.asker();
        try (Wiring wiring = wiring(place)) {
            Registry registry = wiring.registry(asker);
            AdapterEntry adapter = registry.find(asker, reference);
            // Shown only of what is whole: a card of damaged files would promise what they do not keep.
            registry.read(asker, adapter);
            if (json) {
                terminal.out.println(Json.line(json(adapter, asker)));
                return;
            }
            adapter.card().stripTrailing().lines().forEach(line -> card(terminal, line));
            terminal.out.println();
            terminal.out.println("Hash " + adapter.hash());
            terminal.out.println("Trained " + DAY.format(adapter.at()) + " UTC"
                    + (adapter.aliases().isEmpty() ? "" : "; " + String.join(" and ", adapter.aliases())));
            terminal.out.println("Due " + Due.of(adapter)
                    + (Due.isOver(adapter, Due.today())
                            ? terminal.bad(": overdue, tandem adapters revalidate " + adapter.reference())
                            : ""));
            AdapterRevalidation.show(terminal, Worth.figures(adapter).path(Worth.AGAIN));
        }
    }

    /** Markdown breaks no lines, a terminal does: what belongs to a point of a list stands under it. */
    private static void card(Terminal terminal, String line) {
        String point = line.startsWith("- ") ? "- " : "";
        List<String> lines = Text.wrap(line.substring(point.length()), terminal.width - point.length());
        for (int i = 0; i < lines.size(); i++) {
            terminal.out.println((i == 0 ? point : " ".repeat(point.length())) + lines.get(i));
        }
    }

    @Command(name = "diff", header = "What is different between two adapters.", mixinStandardHelpOptions = true)
    void diff(
            @Parameters(index = "0", paramLabel = "ONE", description = "such as queues@production") String one,
            @Parameters(index = "1", paramLabel = "OTHER", description = "such as queues@candidate") String other,
            @Option(names = "--json", description = "the differences as one JSON object") boolean json,
            @Mixin Scope scope,
            @Mixin Place place) {
        Principal asker = scope.asker();
        try (Wiring wiring = wiring(place)) {
            Registry registry = wiring.registry(asker);
            AdapterEntry left = registry.find(asker, one);
            AdapterEntry right = registry.find(asker, other);
            var differences = new TreeMap<String, String[]>();
            BiConsumer<String, String[]> add = (name, values) -> {
                if (!values[0].equals(values[1])) {
                    differences.put(name, values);
                }
            };
            add.accept("hash", new String[] {String.valueOf(left.hash()), String.valueOf(right.hash())});
            add.accept(
                    "base", new String[] {left.base() + " " + left.baseHash(), right.base() + " " + right.baseHash()});
            add.accept("dataset", new String[] {left.dataset(), right.dataset()});
            flat("settings", tree(left.settings()), tree(right.settings()), add);
            flat("figures", tree(left.figures()), tree(right.figures()), add);
            List<String> examples = examples(wiring, asker, left, right);
            if (json) {
                ObjectNode object = Json.object();
                object.put("left", left.reference());
                object.put("right", right.reference());
                ObjectNode values = object.putObject("differences");
                differences.forEach(
                        (name, pair) -> values.putArray(name).add(pair[0]).add(pair[1]));
                var notes = object.putArray("examples");
                examples.forEach(notes::add);
                session.terminal().out.println(Json.line(object));
                return;
            }
            Terminal terminal = session.terminal();
            terminal.out.println(terminal.bold(String.format(
                    Locale.ROOT,
                    "%-28s %-34s %-34s",
                    "",
                    Text.line(left.reference(), 34),
                    Text.line(right.reference(), 34))));
            if (differences.isEmpty()) {
                terminal.out.println("The same in everything that is registered of them.");
            }
            differences.forEach((name, pair) -> terminal.out.println(String.format(
                            Locale.ROOT,
                            "%-28s %-34s %-34s",
                            Text.line(name, 28),
                            Text.line(pair[0], 34),
                            Text.line(pair[1], 34))
                    .stripTrailing()));
            examples.forEach(terminal.out::println);
        }
    }

    /** What happened to the examples between the two, as far as both datasets are there to be read. */
    private static List<String> examples(Wiring wiring, Principal asker, AdapterEntry left, AdapterEntry right) {
        if (left.datasetHash().equals(right.datasetHash())) {
            return List.of();
        }
        Optional<Set<String>> before = inputs(wiring, asker, left);
        Optional<Set<String>> after = inputs(wiring, asker, right);
        if (before.isEmpty() || after.isEmpty()) {
            return List.of();
        }
        var added = new HashSet<>(after.get());
        added.removeAll(before.get());
        var gone = new HashSet<>(before.get());
        gone.removeAll(after.get());
        return List.of(Text.count(added.size(), "example") + " added or relabelled, "
                + Text.count(gone.size(), "example") + " gone or relabelled.");
    }

    private static Optional<Set<String>> inputs(Wiring wiring, Principal asker, AdapterEntry adapter) {
        return learned(wiring, asker, adapter).map(examples -> {
            var inputs = new HashSet<String>();
            for (Example example : examples) {
                inputs.add(example.part() + "\u0000" + example.output() + "\u0000" + example.input());
            }
            return inputs;
        });
    }

    /** Its dataset as it is by now. */
    static Optional<DatasetVersion> newest(Wiring wiring, Principal asker, AdapterEntry adapter) {
        return wiring.catalog(asker).datasets().list(asker).stream()
                .filter(each -> each.key() == adapter.datasetKey())
                .findFirst();
    }

    /** The examples of its dataset as it was when it was trained; empty where that state is gone. */
    static Optional<List<Example>> learned(Wiring wiring, Principal asker, AdapterEntry adapter) {
        Datasets datasets = wiring.catalog(asker).datasets();
        return newest(wiring, asker, adapter)
                .flatMap(each -> datasets.versions(asker, each).stream()
                        .filter(version -> version.hash().equals(adapter.datasetHash()))
                        .findFirst())
                .map(dataset -> datasets.examples(asker, dataset));
    }

    @Command(name = "promote", header = "Point an alias at an adapter.", mixinStandardHelpOptions = true)
    void promote(
            @Parameters(paramLabel = REFERENCE, description = "which one; without an alias or a hash, the candidate")
                    String reference,
            @Option(
                            names = "--alias",
                            paramLabel = "ALIAS",
                            defaultValue = Registry.PRODUCTION,
                            description = "what to point at it (default: ${DEFAULT-VALUE})")
                    String alias,
            @Option(
                            names = "--force",
                            paramLabel = "REASON",
                            description =
                                    "also where it is worse than its budgets allow; the reason is written to the audit"
                                            + " trail")
                    @Nullable
                    String force,
            @Option(
                            names = "--collection",
                            paramLabel = "NAME",
                            description = "of a retriever: the collection that gets its vectors at once")
                    @Nullable
                    String collection,
            @Mixin Scope scope,
            @Mixin Place place) {
        Principal asker = scope.asker();
        AdapterEntry promoted;
        try (Wiring wiring = wiring(place)) {
            Registry registry = wiring.registry(asker);
            if (collection != null) {
                requireRetriever(registry.find(asker, candidate(reference)));
            }
            Encoder base = wiring.embedder(asker).encoder();
            AdapterEntry adapter = force == null
                    ? registry.promote(asker, reference, alias, base)
                    : registry.promoteAnyway(asker, reference, alias, base, wiring.audit(asker), force);
            say(adapter, alias);
            promoted = adapter;
        }
        boolean finds = promoted.kind().equals(Registry.RETRIEVER);
        if (finds && collection != null) {
            ReembedCommand.by(
                    session,
                    place.home(session.environment()),
                    asker,
                    promoted.name() + "@" + alias,
                    collection,
                    false);
        } else if (finds) {
            session.terminal()
                    .out
                    .println("A collection gets its vectors with: tandem reembed --encoder adapter:" + promoted.name()
                            + "@" + alias + " --collection NAME");
        }
    }

    /** What is promoted where no state is named. */
    private static String candidate(String reference) {
        return reference.contains("@") ? reference : reference + "@" + Registry.CANDIDATE;
    }

    private static void requireRetriever(AdapterEntry adapter) {
        if (!adapter.kind().equals(Registry.RETRIEVER)) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "--collection is of retrievers, and " + adapter.reference() + " is a " + adapter.kind() + ".",
                    "Leave --collection out.");
        }
    }

    @Command(name = "rollback", header = "Point an alias back at the adapter before.", mixinStandardHelpOptions = true)
    void rollback(
            @Parameters(paramLabel = "NAME", description = "of the adapter") String name,
            @Option(
                            names = "--alias",
                            paramLabel = "ALIAS",
                            defaultValue = Registry.PRODUCTION,
                            description = "which alias (default: ${DEFAULT-VALUE})")
                    String alias,
            @Mixin Scope scope,
            @Mixin Place place) {
        Principal asker = scope.asker();
        try (Wiring wiring = wiring(place)) {
            say(wiring.registry(asker).rollback(asker, name, alias), alias);
        }
    }

    private void say(AdapterEntry adapter, String alias) {
        Terminal terminal = session.terminal();
        terminal.out.println(terminal.accent(adapter.name() + "@" + alias) + " is now " + adapter.reference()
                + (figure(adapter).isEmpty() ? "" : ", " + called(adapter) + figure(adapter)));
        if (leaked(adapter) > 0) {
            terminal.out.println(terminal.bad("Leaked: " + Text.count(leaked(adapter), "test text")
                    + " stood in training; its figures say more than they should."));
        }
    }

    @Command(
            name = "remove",
            header = "Delete an adapter, or the record of trainings that failed.",
            footer = {
                "  tandem adapters remove queues@3f0fc38fd1a3",
                "  tandem adapters remove queues --failed",
            },
            mixinStandardHelpOptions = true)
    void remove(
            @Parameters(paramLabel = "NAME@HASH", description = "which one; the name alone with --failed")
                    String reference,
            @Option(names = "--with-aliases", description = "also where aliases point at it, and those with it")
                    boolean withAliases,
            @Option(names = "--failed", description = "all trainings of that name that failed, and nothing else")
                    boolean failed,
            @Mixin Scope scope,
            @Mixin Place place) {
        Principal asker = scope.asker();
        Terminal terminal = session.terminal();
        try (Wiring wiring = wiring(place)) {
            Registry registry = wiring.registry(asker);
            if (failed) {
                terminal.out.println("Removed "
                        + Text.count(registry.removeFailed(asker, reference), "failed training") + " of "
                        + Text.line(reference, 60));
                return;
            }
            terminal.out.println(
                    "Removed " + registry.remove(asker, reference, withAliases).reference());
        }
    }

    @Command(
            name = "revalidate",
            header = "Measure an adapter again, on what its dataset has by now, and set a new date.",
            footer = {
                "  tandem adapters revalidate queues",
                "  tandem adapters revalidate queues@candidate --budget accuracy=.02 --due 30",
            },
            mixinStandardHelpOptions = true)
    int revalidate(
            @Parameters(paramLabel = REFERENCE, description = "such as queues or queues@candidate") String reference,
            @Option(
                            names = "--budget",
                            paramLabel = "NAME=SHARE",
                            description =
                                    "how much worse than at its registration it may be: accuracy=.02 (default: 0)")
                    @Nullable
                    String budget,
            @Option(
                            names = "--due",
                            paramLabel = "DAYS",
                            defaultValue = "90",
                            description = "for which it is good then (default: ${DEFAULT-VALUE})")
                    int days,
            @Option(
                            names = "--collection",
                            paramLabel = "NAME",
                            description = "of a retriever or reranker: search its passages beside those of the dataset,"
                                    + " as when it was trained")
                    @Nullable
                    String collection,
            @Option(names = "--json", description = "what was measured as one JSON object") boolean json,
            @Mixin Scope scope,
            @Mixin Place place) {
        try (Wiring wiring = wiring(place)) {
            return new AdapterRevalidation(session.terminal(), wiring, scope.asker(), reference)
                    .run(budget, days, collection, json);
        }
    }

    @Command(
            name = "export",
            header = "Write an adapter's files into a folder.",
            footer = {
                "  tandem adapters export queues --output queues-adapter",
                "  tandem adapters export queues --format onnx queues-encoder",
            },
            mixinStandardHelpOptions = true)
    void export(
            @Parameters(index = "0", paramLabel = REFERENCE, description = "such as queues or queues@candidate")
                    String reference,
            @Parameters(index = "1", arity = "0..1", paramLabel = "DIR", description = "a folder, new or empty")
                    @Nullable
                    Path folder,
            @Option(names = "--output", paramLabel = "DIR", description = "the same, said as an option") @Nullable
                    Path output,
            @Option(
                            names = "--format",
                            paramLabel = "FORMAT",
                            description = "of low-rank weights: peft, as they are kept; onnx, merged into the encoder,"
                                    + " which is 134 MB (default: the files as they are kept)")
                    @Nullable
                    String format,
            @Mixin Scope scope,
            @Mixin Place place) {
        Path to = folder != null ? folder : output;
        if (to == null || (folder != null && output != null)) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    to == null ? "No folder is named to write into." : "Two folders are named to write into.",
                    "Name one: tandem adapters export " + Text.line(reference, 60) + " DIR.");
        }
        if (format != null && !List.of("peft", "onnx").contains(format)) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "'" + Text.line(format, 40) + "' is no format to export to.",
                    "Give peft or onnx, or leave --format out.");
        }
        Principal asker = scope.asker();
        try (Wiring wiring = wiring(place)) {
            Registry registry = wiring.registry(asker);
            AdapterEntry adapter = registry.find(asker, reference);
            boolean merged = "onnx".equals(format);
            Set<String> files = AdapterExport.write(wiring, asker, adapter, format, to);
            Terminal terminal = session.terminal();
            terminal.out.println("Wrote " + adapter.reference() + ": " + String.join(", ", files)
                    + (merged ? ", and the model" : ""));
            terminal.out.println("to " + Text.path(to.toString()));
        }
    }

    private Wiring wiring(Place place) {
        return Wiring.of(place.home(session.environment()), session.environment());
    }

    /** The figure that counts for its kind: {@code 93.4%}, {@code nDCG 81.4%}; empty where it failed. */
    private static String figure(AdapterEntry adapter) {
        JsonNode test = tree(adapter.figures()).path("test");
        return COUNTING.entrySet().stream()
                .filter(figure -> test.path(figure.getKey()).path("value").isNumber())
                .map(figure -> figure.getValue()
                        + String.format(
                                Locale.ROOT,
                                "%.1f%%",
                                100 * test.path(figure.getKey()).path("value").asDouble()))
                .findFirst()
                .orElse("");
    }

    private static String called(AdapterEntry adapter) {
        return tree(adapter.figures()).path("test").has("accuracy") ? "accuracy " : "";
    }

    private static int leaked(AdapterEntry adapter) {
        return tree(adapter.figures()).path("leaked").asInt();
    }

    private static void flat(String path, JsonNode left, JsonNode right, BiConsumer<String, String[]> add) {
        var names = new TreeSet<String>();
        left.fieldNames().forEachRemaining(names::add);
        right.fieldNames().forEachRemaining(names::add);
        if (names.isEmpty()) {
            add.accept(path, new String[] {
                left.isMissingNode() ? "" : left.toString(), right.isMissingNode() ? "" : right.toString()
            });
            return;
        }
        names.forEach(name -> flat(path + "." + name, left.path(name), right.path(name), add));
    }

    private static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the catalog holds JSON", e);
        }
    }

    private static ObjectNode json(AdapterEntry adapter, Principal asker) {
        ObjectNode json = Json.object();
        json.put("adapter", adapter.reference());
        json.put("name", adapter.name());
        json.put("owner", adapter.owner());
        json.put("own", adapter.owner().equals(asker.user()));
        json.put("hash", adapter.hash());
        json.put("state", adapter.failed() ? "failed" : "registered");
        json.put("reason", adapter.reason());
        json.put("kind", adapter.kind());
        json.put("task", adapter.task());
        json.put("dataset", adapter.dataset());
        json.put("dataset_hash", adapter.datasetHash());
        json.putObject("base").put("name", adapter.base()).put("hash", adapter.baseHash());
        json.set("settings", tree(adapter.settings()));
        json.set("figures", tree(adapter.figures()));
        json.put("trained", adapter.at().toString());
        json.put("due", adapter.failed() ? null : Due.of(adapter).toString());
        json.put("overdue", Due.isOver(adapter, Due.today()));
        var against = json.putArray("against_promotion");
        Worth.against(adapter).forEach(against::add);
        var aliases = json.putArray("aliases");
        adapter.aliases().forEach(aliases::add);
        return json;
    }
}
