package dev.tandem.app.cli;

import dev.tandem.app.Wiring;
import dev.tandem.behavior.dataset.Checks;
import dev.tandem.behavior.dataset.Columns;
import dev.tandem.behavior.dataset.DocumentChecks;
import dev.tandem.behavior.dataset.EffectiveSize;
import dev.tandem.behavior.dataset.ExportFormat;
import dev.tandem.behavior.dataset.Finding;
import dev.tandem.behavior.dataset.Imported;
import dev.tandem.behavior.dataset.Importer;
import dev.tandem.behavior.dataset.Redaction;
import dev.tandem.behavior.dataset.Rejected;
import dev.tandem.behavior.tuning.SuspiciousLabels;
import dev.tandem.behavior.tuning.TextVectors;
import dev.tandem.catalog.DatasetVersion;
import dev.tandem.catalog.DatasetWriter;
import dev.tandem.catalog.Datasets;
import dev.tandem.catalog.Home;
import dev.tandem.catalog.Storage;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Part;
import dev.tandem.domain.Principal;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tandem dataset}: examples to learn from and to measure on, in versions. */
@Command(
        name = "dataset",
        header = "Import, check and export examples: what goes in, what should come out.",
        description = {
            "Reads JSON Lines (text and label, input and output, question and answer, prompt and completion, or chat"
                    + " messages), CSV and TSV with a header, each plain or gzipped. The same examples are the same"
                    + " version, whatever the order of the rows.",
            "A dataset is yours alone until you say otherwise. Who may not read a document that it was made from does"
                    + " not see it.",
        },
        footer = {
            "  tandem dataset import tickets.csv --name queues",
            "  tandem dataset import train.jsonl --test test.jsonl --name intents --allow group:support",
            "  tandem dataset check queues",
            "  tandem dataset redact queues",
            "  tandem dataset show queues@1",
            "  tandem dataset export queues --part train --format chat --output train.jsonl",
        },
        mixinStandardHelpOptions = true)
final class DatasetCommand implements Runnable {

    /** Of a split for which no seed was given. */
    static final int SPLIT_SEED = 1;

    private static final String REFERENCE = "NAME[@VERSION]";

    private final Session session;
    private final DatasetView view;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by the parser
    private CommandSpec spec;

    DatasetCommand(Session session) {
        this.session = session;
        this.view = new DatasetView(session.terminal());
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Say what to do: import, list, show, check, redact, export or access");
    }

    @Command(
            name = "import",
            header = "Read examples from files; a version of a dataset comes of them.",
            description = "Rows that are no examples are named with their line and the reason; the exit code is then 1."
                    + " Families, copies and near copies stay in one part. Rows that say their part in a column split"
                    + " or part keep it.",
            footer = {
                "  tandem dataset import tickets.csv --name queues --text subject --label queue",
                "  tandem dataset import train.jsonl.gz --test test.jsonl.gz --name intents",
                "  tandem dataset import faq.jsonl --name faq --from handbook/faq.md --allow group:hr",
            },
            mixinStandardHelpOptions = true)
    int importing(
            @Parameters(arity = "1..*", paramLabel = "FILE", description = "JSON Lines, CSV or TSV, plain or gzipped")
                    List<Path> files,
            @Option(names = "--name", paramLabel = "NAME", required = true, description = "of the dataset") String name,
            @Option(
                            names = "--test",
                            paramLabel = "FILE",
                            description = "all of it is there to measure on, and all the rest to learn from")
                    @Nullable
                    Path test,
            @Option(
                            names = "--allow",
                            paramLabel = "GRANTEES",
                            description =
                                    "who may read it besides you: everyone, group:NAME, user:NAME, separated by commas")
                    @Nullable
                    AccessSet allow,
            @Option(
                            names = "--from",
                            paramLabel = "DOCUMENT",
                            description = "a document that it was made from, by id or path; may be given several times")
                    @Nullable
                    List<String> from,
            @Mixin InCollection collection,
            @Option(
                            names = "--text",
                            paramLabel = "COLUMN",
                            description = "of the input (default: text, input, question or prompt)")
                    @Nullable
                    String text,
            @Option(
                            names = "--label",
                            paramLabel = "COLUMN",
                            description = "of the output (default: label, output, answer or completion)")
                    @Nullable
                    String label,
            @Option(
                            names = "--test-share",
                            paramLabel = "SHARE",
                            defaultValue = "0.2",
                            description = "of the examples is there to measure on (default: ${DEFAULT-VALUE})")
                    double testShare,
            @Option(
                            names = "--validation-share",
                            paramLabel = "SHARE",
                            defaultValue = "0",
                            description =
                                    "is there to choose settings by; a classifier, which cross-validates, learns from it"
                                            + " as well (default: ${DEFAULT-VALUE})")
                    double validationShare,
            @Option(names = "--no-split", description = "all is there to learn from, where no column says otherwise")
                    boolean noSplit,
            @Option(
                            names = "--seed",
                            paramLabel = "N",
                            defaultValue = "" + SPLIT_SEED,
                            description = "of the split (default: ${DEFAULT-VALUE})")
                    long seed,
            @Option(
                            names = "--rejected",
                            paramLabel = "FILE",
                            description = "write all rejected rows there, as JSON Lines")
                    @Nullable
                    Path rejected,
            @Option(names = "--json", description = "one JSON object") boolean json,
            @Mixin Scope scope,
            @Mixin Place place) {
        DatasetWriter.requireName(name);
        requireShares(testShare, validationShare);
        Principal owner = scope.asker();
        Imported imported = read(files, test, new Columns(text, label));
        List<Example> examples =
                noSplit || test != null ? imported.split(seed, 0, 0) : imported.split(seed, validationShare, testShare);
        if (rejected != null) {
            write(rejected, out -> {
                for (Rejected row : imported.rejected()) {
                    out.append(Json.line(DatasetView.json(row))).append('\n');
                }
            });
        }
        try (Wiring wiring = wiring(place)) {
            List<String> sources = from == null
                    ? List.of()
                    : from.stream()
                            .map(document -> DocumentName.resolve(wiring, owner, collection.name, document))
                            .toList();
            Datasets datasets = wiring.catalog(owner).datasets();
            List<DatasetVersion> before = datasets.find(owner, owner.user() + "/" + name)
                    .map(known -> datasets.versions(owner, known))
                    .orElse(List.of());
            DatasetVersion version = wiring.write(
                    owner,
                    writer -> writer.datasets()
                            .put(
                                    owner,
                                    name,
                                    allow,
                                    sources,
                                    examples,
                                    imported.files(),
                                    imported.format(),
                                    imported.rejected().size()));
            boolean known = before.stream().anyMatch(each -> each.hash().equals(version.hash()));
            if (json) {
                session.terminal().out.println(Json.line(DatasetView.imported(version, imported, known)));
            } else {
                view.imported(version, examples, imported, known);
            }
            return imported.rejected().isEmpty() ? 0 : 1;
        }
    }

    @Command(name = "list", header = "The datasets that you may read.", mixinStandardHelpOptions = true)
    void list(
            @Option(names = "--json", description = "one JSON object a line") boolean json,
            @Mixin Scope scope,
            @Mixin Place place) {
        Terminal terminal = session.terminal();
        Principal asker = scope.asker();
        try (Wiring wiring = wiring(place)) {
            List<DatasetVersion> all = wiring.catalog(asker).datasets().list(asker);
            if (json) {
                all.forEach(each -> terminal.out.println(Json.line(DatasetView.json(each, asker))));
            } else if (all.isEmpty()) {
                terminal.err.println(
                        "No datasets here that you may read. Next: tandem dataset import FILE --name NAME");
            } else {
                view.list(all, asker);
            }
        }
    }

    @Command(
            name = "show",
            header = "A dataset: versions, parts, labels, some examples.",
            mixinStandardHelpOptions = true)
    void show(
            @Parameters(paramLabel = REFERENCE, description = "such as queues, queues@2 or ana/queues")
                    String reference,
            @Option(names = "--json", description = "one JSON object") boolean json,
            @Mixin Scope scope,
            @Mixin Place place) {
        Principal asker = scope.asker();
        try (Wiring wiring = wiring(place)) {
            Datasets datasets = wiring.catalog(asker).datasets();
            DatasetVersion dataset = known(datasets, asker, reference);
            List<DatasetVersion> versions = datasets.versions(asker, dataset);
            List<Example> examples = datasets.examples(asker, dataset);
            if (json) {
                session.terminal().out.println(Json.line(DatasetView.json(dataset, versions, examples, asker)));
            } else {
                view.show(dataset, versions, examples, asker);
            }
        }
    }

    @Command(
            name = "check",
            header = "Find what makes examples worth less than they seem.",
            description =
                    "Copies and near copies, the same text in train and test, the same text with different labels,"
                            + " labels that differ by case or blanks only, labels that are measured but not learned, small"
                            + " labels, long texts, personal data. What is shown of an example does not show the personal data in it. The exit code is 1 when something serious is found.",
            footer = {
                "  tandem dataset check queues --labels",
                "  tandem dataset check faq --against handbook",
                "  tandem dataset check train.jsonl --test test.jsonl --all",
            },
            mixinStandardHelpOptions = true)
    int check(
            @Parameters(paramLabel = "NAME|FILE", description = "a dataset, or a file that is not imported")
                    String what,
            @Option(names = "--test", paramLabel = "FILE", description = "beside a file: what is there to measure on")
                    @Nullable
                    Path test,
            @Option(names = "--text", paramLabel = "COLUMN", description = "of a file: the input's") @Nullable
                    String text,
            @Option(names = "--label", paramLabel = "COLUMN", description = "of a file: the output's") @Nullable
                    String label,
            @Option(
                            names = "--labels",
                            description =
                                    "look for labels that the other examples speak against, too; embeds the texts")
                    boolean labels,
            @Option(
                            names = "--against",
                            paramLabel = "COLLECTION",
                            description = "look for what stands in its documents or is denied there, too")
                    @Nullable
                    String against,
            @Option(names = "--all", description = "every case, not the first three of each kind") boolean all,
            @Option(names = "--json", description = "one JSON object") boolean json,
            @Mixin Scope scope,
            @Mixin Place place) {
        Principal asker = scope.asker();
        List<Example> examples;
        List<Rejected> rejected = List.of();
        List<Finding> findings;
        Set<Example> suspicious = new HashSet<>();
        var progress = new ProgressLine(session.terminal());
        try (Wiring wiring = wiring(place)) {
            Datasets datasets = wiring.catalog(asker).datasets();
            Optional<DatasetVersion> dataset = test == null ? datasets.find(asker, what) : Optional.empty();
            if (dataset.isPresent()) {
                examples = datasets.examples(asker, dataset.get());
                findings = Checks.of(examples);
            } else if (test != null || Files.exists(Path.of(what)) || what.contains(".")) {
                Imported imported = read(List.of(Path.of(what)), test, new Columns(text, label));
                boolean parts = test != null || !imported.placed().isEmpty();
                examples = imported.examples();
                rejected = imported.rejected();
                findings = Checks.of(examples).stream()
                        .filter(each -> parts || each.kind() != Finding.Kind.EMPTY_PART)
                        .toList();
            } else {
                throw new Failure(
                        Failure.Kind.MISSING,
                        "There is neither a dataset nor a file '" + Text.line(what, 80) + "'.",
                        "See what is there with tandem dataset list.");
            }
            if (against != null) {
                requireDocuments(wiring, asker, against);
                int[] done = new int[1];
                findings = joined(
                        findings, new DocumentChecks(asker, against, wiring.lexical(asker)).of(examples, count -> {
                                    done[0] += count;
                                    progress.show((double) done[0] / examples.size(), "held against documents");
                                }));
            }
            if (labels) {
                List<SuspiciousLabels.Suspect> suspects = SuspiciousLabels.of(
                        examples,
                        vectors(wiring, asker, examples, dataset.isPresent(), progress),
                        share -> progress.show(0.5 + share / 2, "comparing labels"));
                suspects.forEach(each -> suspicious.add(each.example()));
                findings = joined(
                        findings, SuspiciousLabels.finding(suspects).stream().toList());
            }
        } finally {
            progress.clear();
        }
        EffectiveSize size = EffectiveSize.of(examples, suspicious);
        if (json) {
            session.terminal().out.println(Json.line(DatasetView.json(examples, findings, rejected, size)));
        } else {
            view.check(examples, findings, rejected, size, all);
        }
        return rejected.isEmpty() && findings.stream().noneMatch(Finding::serious) ? 0 : 1;
    }

    private static List<Finding> joined(List<Finding> some, List<Finding> others) {
        return Stream.concat(some.stream(), others.stream())
                .sorted(Comparator.comparing(Finding::kind))
                .toList();
    }

    private static void requireDocuments(Wiring wiring, Principal asker, String collection) {
        if (wiring.catalog(asker)
                .documents(asker, Home.requireCollection(collection))
                .isEmpty()) {
            throw new Failure(
                    Failure.Kind.MISSING,
                    "There is no collection '" + Text.line(collection, 80) + "' with documents that you may read.",
                    "See what is there with tandem status.");
        }
    }

    /** Of the inputs; those of a dataset are kept, so that training need not make them again. */
    private static List<float[]> vectors(
            Wiring wiring, Principal asker, List<Example> examples, boolean keep, ProgressLine progress) {
        List<String> texts = examples.stream().map(Example::input).toList();
        // Of this machine, as documents of a local-only collection may be behind the examples.
        Embedder embedder = wiring.embedder();
        if (!keep) {
            return embedder.embed(texts, Embedder.Role.PASSAGE);
        }
        return wiring.write(asker, writer -> {
            var vectors = new TextVectors(writer.vectors(embedder.encoder()), embedder);
            vectors.prepare(texts, (done, of) -> progress.show(0.5 * done / of, "embedding"));
            return vectors.of(texts);
        });
    }

    @Command(
            name = "redact",
            header = "Take personal data out of a dataset; a new version comes of it.",
            description =
                    "An e-mail address becomes [email], a telephone number [phone], and so on; labels, web addresses"
                            + " and names stay. Versions from before keep what they hold.",
            footer = {"  tandem dataset redact queues", "  tandem dataset redact queues --drop"},
            mixinStandardHelpOptions = true)
    void redact(
            @Parameters(paramLabel = REFERENCE, description = "a dataset of yours, such as queues or queues@2")
                    String reference,
            @Option(names = "--drop", description = "leave out the examples that hold any") boolean drop,
            @Option(names = "--json", description = "one JSON object") boolean json,
            @Mixin Scope scope,
            @Mixin Place place) {
        Principal owner = scope.asker();
        try (Wiring wiring = wiring(place)) {
            Datasets datasets = wiring.catalog(owner).datasets();
            DatasetVersion before = known(datasets, owner, reference);
            if (!before.owner().equals(owner.user())) {
                throw new Failure(
                        Failure.Kind.DENIED,
                        "'" + Text.line(reference, 80) + "' is changed by its owner only.",
                        "Ask its owner.");
            }
            Redaction redaction = Redaction.of(datasets.examples(owner, before), drop);
            if (redaction.examples().isEmpty()) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "Every example of " + before.reference() + " holds personal data, so none would be left.",
                        "Replace the values instead: tandem dataset redact " + before.name() + ".");
            }
            DatasetVersion after = redaction.changed() == 0
                    ? before
                    : wiring.write(
                            owner,
                            writer -> writer.datasets()
                                    .put(
                                            owner,
                                            before.name(),
                                            null,
                                            List.of(),
                                            redaction.examples(),
                                            before.files(),
                                            before.format(),
                                            before.rejected()));
            if (json) {
                session.terminal().out.println(Json.line(DatasetView.json(redaction, after, drop)));
            } else {
                view.redacted(redaction, after, drop);
            }
        }
    }

    @Command(
            name = "export",
            header = "Write examples to a file or to standard output.",
            description = "What is written is read back as the same version by tandem dataset import.",
            footer = {
                "  tandem dataset export queues --format csv --output queues.csv",
                "  tandem dataset export queues@2 --part test | head",
            },
            mixinStandardHelpOptions = true)
    void export(
            @Parameters(paramLabel = REFERENCE, description = "such as queues, queues@2 or ana/queues")
                    String reference,
            @Option(names = "--part", paramLabel = "PART", description = "train, validation or test (default: all)")
                    @Nullable
                    String part,
            @Option(
                            names = "--format",
                            paramLabel = "FORMAT",
                            defaultValue = "jsonl",
                            description = "jsonl, csv, prompt-completion or chat (default: ${DEFAULT-VALUE})")
                    String format,
            @Option(names = "--output", paramLabel = "FILE", description = "a new file (default: standard output)")
                    @Nullable
                    Path output,
            @Mixin Scope scope,
            @Mixin Place place) {
        ExportFormat wanted = ExportFormat.of(format);
        Part only = part == null
                ? null
                : Part.of(part)
                        .orElseThrow(() -> new Failure(
                                Failure.Kind.INVALID,
                                "There is no part '" + Text.line(part, 80) + "'.",
                                "Choose train, validation or test."));
        Principal asker = scope.asker();
        try (Wiring wiring = wiring(place)) {
            Datasets datasets = wiring.catalog(asker).datasets();
            DatasetVersion dataset = known(datasets, asker, reference);
            List<Example> examples = datasets.examples(asker, dataset).stream()
                    .filter(example -> only == null || example.part() == only)
                    .toList();
            if (examples.isEmpty() && only != null) {
                throw new Failure(
                        Failure.Kind.MISSING,
                        dataset.reference() + " has no examples in the part " + only.word() + ".",
                        "See its parts with tandem dataset show " + dataset.reference() + ".");
            }
            if (output == null) {
                // Data as it stands: a file and a pipe get the same bytes.
                wanted.write(examples, session.terminal().out);
                return;
            }
            write(output, out -> wanted.write(examples, out));
            session.terminal().err.println("Wrote " + Text.count(examples.size(), "example") + " to " + output + ".");
        } catch (IOException e) {
            throw Storage.failure(e, Path.of("standard output"));
        }
    }

    @Command(
            name = "access",
            header = "Show or change who may read a dataset.",
            description = "Only its owner sees and changes it. A dataset is never given to more than the documents are"
                    + " that it was made from.",
            footer = {
                "  tandem dataset access queues",
                "  tandem dataset access queues --allow group:support",
                "  tandem dataset access queues --owner-only",
            },
            mixinStandardHelpOptions = true)
    void access(
            @Parameters(paramLabel = "NAME", description = "a dataset of yours") String name,
            @Option(
                            names = "--allow",
                            paramLabel = "GRANTEES",
                            description =
                                    "everyone, group:NAME, user:NAME, separated by commas; replaces what was allowed before")
                    @Nullable
                    AccessSet allow,
            @Option(names = "--owner-only", description = "nobody but you") boolean ownerOnly,
            @Option(names = "--json", description = "one JSON object") boolean json,
            @Mixin Scope scope,
            @Mixin Place place) {
        if (allow != null && ownerOnly) {
            throw new Failure(
                    Failure.Kind.INVALID, "--allow and --owner-only exclude each other.", "Give one of the two.");
        }
        Principal asker = scope.asker();
        AccessSet wanted = ownerOnly ? AccessSet.ownerOnly(asker) : allow;
        try (Wiring wiring = wiring(place)) {
            Datasets datasets = wiring.catalog(asker).datasets();
            DatasetVersion dataset = known(datasets, asker, name);
            if (!dataset.owner().equals(asker.user())) {
                throw new Failure(
                        Failure.Kind.DENIED,
                        "Who may read '" + Text.line(name, 80) + "' is shown to its owner only.",
                        "Ask its owner.");
            }
            if (wanted != null) {
                dataset = wiring.write(asker, writer -> writer.datasets().setAccess(asker, dataset(name), wanted));
            }
            if (json) {
                session.terminal().out.println(Json.line(DatasetView.json(dataset, asker)));
            } else {
                view.access(dataset);
            }
        }
    }

    /** The bare name: {@code queues} of {@code ana/queues@2}. */
    private static String dataset(String reference) {
        return reference.substring(reference.lastIndexOf('/') + 1).replaceFirst("@.*", "");
    }

    private static void requireShares(double test, double validation) {
        if (!(test >= 0 && validation >= 0 && test + validation < 1)) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "--test-share and --validation-share leave nothing to learn from, or are no shares.",
                    "Give shares such as 0.2 that add up to less than 1.");
        }
    }

    private static Imported read(List<Path> files, @Nullable Path test, Columns columns) {
        Imported imported = Importer.read(files, columns);
        return test == null
                ? imported
                : imported.in(Part.TRAIN)
                        .and(Importer.read(List.of(test), columns).in(Part.TEST));
    }

    private static DatasetVersion known(Datasets datasets, Principal asker, String reference) {
        return datasets.find(asker, reference)
                .orElseThrow(() -> new Failure(
                        Failure.Kind.MISSING,
                        "There is no dataset '" + Text.line(reference, 80) + "'.",
                        "See what is there with tandem dataset list."));
    }

    @FunctionalInterface
    private interface Writing {
        void to(Appendable out) throws IOException;
    }

    /** Into a new file: what is there already is left alone. */
    private static void write(Path file, Writing writing) {
        try (var out = Files.newBufferedWriter(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            writing.to(out);
        } catch (FileAlreadyExistsException e) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "The file " + file + " is there already.",
                    "Name another one, or remove it first.",
                    e);
        } catch (IOException e) {
            throw Storage.failure(e, file);
        }
    }

    private Wiring wiring(Place place) {
        return Wiring.of(place.home(session.environment()), session.environment());
    }
}
