package dev.tandem.behavior.registry;

import dev.tandem.behavior.tuning.ClassifierTraining;
import dev.tandem.behavior.tuning.HeadSettings;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.catalog.Arrival;
import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.DatasetVersion;
import dev.tandem.catalog.Extraction;
import dev.tandem.catalog.Home;
import dev.tandem.catalog.HomeLock;
import dev.tandem.catalog.Sha256;
import dev.tandem.catalog.Standing;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Example;
import dev.tandem.domain.Part;
import dev.tandem.domain.Principal;
import dev.tandem.knowledge.retrieve.HashingEmbedder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A home with documents, datasets and small classifiers of its own, which take milliseconds to train. */
public final class AdapterHouse implements AutoCloseable {

    /** One penalty and two folds: what is learned here is easy. */
    public static final HeadSettings QUICK = new HeadSettings(1, 2, List.of(0.01), 0.95);

    private static final int TRAIN = 10;
    private static final int TEST = 2;

    public final Home home;
    public final Embedder embedder = new HashingEmbedder();
    public final Catalog catalog;
    public final Registry registry;

    public AdapterHouse(Path folder) {
        this.home = Home.at(folder);
        writing(CatalogWriter::collections); // makes the catalog
        this.catalog = Catalog.read(home, Principal.DEFAULT_TENANT);
        this.registry = new Registry(home, Principal.DEFAULT_TENANT, catalog);
    }

    /** With the home's lock, for as long as the work takes. */
    public <T> T writing(Function<CatalogWriter, T> work) {
        try (HomeLock lock = home.lock();
                CatalogWriter writer = CatalogWriter.open(lock, Principal.DEFAULT_TENANT)) {
            return work.apply(writer);
        }
    }

    /** A document's id. */
    public String document(Principal owner, String path, String access) {
        return writing(writer -> {
            var arrival = new Arrival(
                    "docs",
                    owner,
                    path,
                    path,
                    "file",
                    AccessSet.parse(access),
                    new TreeMap<>(),
                    Sha256.hex(path),
                    path.length(),
                    Instant.EPOCH);
            writer.ready(
                    writer.put(arrival, null),
                    new Extraction("title", "text", new TreeMap<>(), null, List.of(), List.of()));
            return Arrival.documentId("docs", owner.user(), path);
        });
    }

    /** Gives the document to these and its owner, and to nobody else. */
    public AccessSet setDocumentAccess(String id, Principal owner, String access) {
        AccessSet wanted = AccessSet.parse(access).withOwner(owner);
        return writing(writer -> {
            Standing document = writer.standing(id).orElseThrow();
            writer.setAccess(document, wanted);
            return wanted;
        });
    }

    public DatasetVersion dataset(
            Principal owner, String name, @Nullable String access, List<String> sources, List<Example> examples) {
        return writing(writer -> writer.datasets()
                .put(
                        owner,
                        name,
                        access == null ? null : AccessSet.parse(access),
                        sources,
                        examples,
                        List.of("a.jsonl"),
                        "jsonl",
                        0));
    }

    public DatasetVersion setDatasetAccess(Principal owner, String name, String access) {
        return writing(writer -> writer.datasets().setAccess(owner, name, AccessSet.parse(access)));
    }

    /** What came of training on all that the owner reads of the dataset. */
    public AdapterEntry train(Principal owner, String name, DatasetVersion dataset) {
        return train(request(owner, name, dataset), embedder).adapter();
    }

    public ClassifierTraining.Request request(Principal owner, String name, DatasetVersion dataset) {
        return new ClassifierTraining.Request(
                owner,
                name,
                dataset,
                catalog.datasets().examples(owner, dataset),
                QUICK,
                ClassifierTraining.Leaked.REFUSE);
    }

    public ClassifierTraining.Result train(ClassifierTraining.Request request, Embedder with) {
        return writing(writer -> new ClassifierTraining(writer, registry, with).run(request, _ -> {}));
    }

    /** A classifier of the owner's on a dataset of the same name, of which every word tells of {@code marker}. */
    public AdapterEntry trained(Principal owner, String name, String marker) {
        return train(owner, name, dataset(owner, marker, null, List.of(), examples(marker)));
    }

    /** Of two labels that are easy to tell apart, some of them to measure on. */
    public static List<Example> examples(String marker) {
        var examples = new ArrayList<Example>();
        for (String label : List.of("bill", "ship")) {
            for (int i = 0; i < TRAIN + TEST; i++) {
                examples.add(new Example(
                        marker + "text about the " + label + " number " + i,
                        marker + "label-" + label,
                        "",
                        i < TRAIN ? Part.TRAIN : Part.TEST,
                        examples.size() + 1));
            }
        }
        return examples;
    }

    @Override
    public void close() {
        catalog.close();
    }
}
