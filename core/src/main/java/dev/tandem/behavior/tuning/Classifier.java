package dev.tandem.behavior.tuning;

import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.model.LoraFiles;
import dev.tandem.behavior.registry.Registry;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.domain.Answer;
import dev.tandem.domain.Answerer;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Failure;
import dev.tandem.domain.OpenEmbedder;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A registered classifier at work. Who may use it is asked of the catalog at every call, so that a revoked source holds
 * from its commit, however long the classifier has been open. Closing it closes the encoder that was tuned with it, where there
 * is one.
 */
public final class Classifier implements Answerer, AutoCloseable {

    private static final int SHOWN = 3;

    private final Registry registry;
    private final AdapterEntry adapter;
    private final Head head;
    private final Embedder embedder;
    private final @Nullable OpenEmbedder own;

    private Classifier(
            Registry registry, AdapterEntry adapter, Head head, Embedder embedder, @Nullable OpenEmbedder own) {
        this.own = own;
        this.registry = registry;
        this.adapter = adapter;
        this.head = head;
        this.embedder = embedder;
    }

    /**
     * Reads the adapter's files and checks them.
     *
     * @param reference as {@link Registry#find} takes it
     * @throws Failure MISSING where there is none that the asker may use, BROKEN where it is damaged, CONFLICT where it was
     *     made on another encoder
     */
    public static Classifier open(Registry registry, Principal asker, String reference, Embedder embedder) {
        return open(registry, asker, reference, embedder, () -> {
            throw new IllegalStateException("no base model is at hand");
        });
    }

    /**
     * The same, also of one whose encoder was tuned with it.
     *
     * @param tunable what it was tuned from
     */
    public static Classifier open(
            Registry registry, Principal asker, String reference, Embedder embedder, Supplier<TunableBase> tunable) {
        return open(registry, asker, registry.find(asker, reference), embedder, tunable);
    }

    /** The same of an adapter that was found. */
    public static Classifier open(
            Registry registry,
            Principal asker,
            AdapterEntry adapter,
            Embedder embedder,
            Supplier<TunableBase> tunable) {
        if (adapter.kind().equals(LoraClassifierTraining.KIND)) {
            TunableBase base = tunable.get();
            if (!adapter.baseHash().equals(base.hash())) {
                throw new Failure(
                        Failure.Kind.CONFLICT,
                        "The adapter " + adapter.reference() + " was tuned from " + adapter.base() + " ("
                                + adapter.baseHash().substring(0, AdapterEntry.SHORT) + "), and here is "
                                + base.name() + " (" + base.hash().substring(0, AdapterEntry.SHORT) + ").",
                        "Train it again: tandem train classifier --method lora --data " + adapter.dataset() + ".");
            }
            SortedMap<String, byte[]> files = registry.read(asker, adapter);
            Lora lora = LoraFiles.read(files, base.shape());
            Head head = HeadFiles.read(files);
            OpenEmbedder tuned = base.embedder(lora, LoraFiles.hash(files));
            return new Classifier(registry, adapter, head, tuned, tuned);
        }
        Head head = HeadFiles.read(registry.open(asker, adapter, embedder.encoder()));
        return new Classifier(registry, adapter, head, embedder, null);
    }

    public AdapterEntry adapter() {
        return adapter;
    }

    public List<String> labels() {
        return head.labels();
    }

    /** Below this probability the label is marked as not sure. */
    public double threshold() {
        return head.threshold();
    }

    @Override
    public Answer answer(Query query) {
        return classify(query.asker(), List.of(query.text())).getFirst();
    }

    /**
     * The label of each text, in their order.
     *
     * @throws Failure MISSING where the asker may not use it any more
     */
    public List<Answer.Labelled> classify(Principal asker, List<String> texts) {
        if (!registry.mayUse(asker, adapter)) {
            throw new Failure(
                    Failure.Kind.MISSING,
                    "There is no adapter '" + adapter.reference() + "'.",
                    "See what is there with tandem adapters list.");
        }
        var answers = new ArrayList<Answer.Labelled>(texts.size());
        for (float[] vector : embedder.embed(texts, Embedder.Role.PASSAGE)) {
            answers.add(Likeliest.answer(head, vector, SHOWN, List.of(), adapter.reference()));
        }
        return answers;
    }

    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
    }
}
