package dev.tandem.behavior.passages;

import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.model.LoraFiles;
import dev.tandem.behavior.registry.Registry;
import dev.tandem.behavior.tuning.Linear;
import dev.tandem.behavior.tuning.TunableBase;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.domain.Failure;
import dev.tandem.domain.OpenEmbedder;
import dev.tandem.domain.OpenReranker;
import dev.tandem.domain.OpenSpanReader;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Printable;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;

/** Opens retrievers, rerankers and readers from the registry: every byte of them is checked at every opening. */
public final class TunedEncoders {

    private final Registry registry;
    private final TunableBase base;

    public TunedEncoders(Registry registry, TunableBase base) {
        this.registry = registry;
        this.base = base;
    }

    /**
     * The encoder.
     *
     * @param reference as {@link Registry#find} takes it
     * @throws Failure MISSING where there is none that the asker may use; CONFLICT where it is of another kind or of another
     *     base model; BROKEN where it is damaged
     */
    public OpenEmbedder retriever(Principal asker, String reference) {
        return open(
                asker,
                reference,
                RetrieverTraining.KIND,
                (_, files, lora) -> base.embedder(lora, TopFiles.hash(files)));
    }

    /** The same of a reranker. */
    public OpenReranker reranker(Principal asker, String reference) {
        return open(
                asker,
                reference,
                RerankerTraining.KIND,
                (_, files, lora) -> base.reranker(lora, top(files, RerankerTraining.OUTPUTS), TopFiles.hash(files)));
    }

    /** The same of a reader. */
    public OpenSpanReader reader(Principal asker, String reference) {
        return open(
                asker,
                reference,
                ReaderTraining.KIND,
                (_, files, lora) -> base.reader(lora, top(files, ReaderTraining.OUTPUTS), TopFiles.hash(files)));
    }

    /**
     * The folder of its model on its own, as the settings for encoders and rerankers take one; made where it is not there,
     * and gone with the adapter.
     *
     * @param kind {@link RetrieverTraining#KIND} or one of the others
     * @throws Failure as {@link #retriever}
     */
    public Path folder(Principal asker, String reference, String kind) {
        return open(asker, reference, kind, (adapter, files, lora) -> {
            Path folder = registry.merged(adapter);
            Optional<Linear> head = switch (kind) {
                case RerankerTraining.KIND -> Optional.of(top(files, RerankerTraining.OUTPUTS));
                case ReaderTraining.KIND -> Optional.of(top(files, ReaderTraining.OUTPUTS));
                default -> Optional.empty();
            };
            base.export(lora, head, kind.equals(ReaderTraining.KIND), folder);
            return folder;
        });
    }

    @FunctionalInterface
    private interface Opening<T> {
        T of(AdapterEntry adapter, SortedMap<String, byte[]> files, Lora lora);
    }

    private Linear top(SortedMap<String, byte[]> files, int outputs) {
        return TopFiles.read(files, outputs, base.shape().hidden());
    }

    private <T> T open(Principal asker, String reference, String kind, Opening<T> opening) {
        AdapterEntry adapter = checked(registry, base, asker, reference, kind);
        SortedMap<String, byte[]> files = registry.read(asker, adapter);
        return opening.of(adapter, files, LoraFiles.read(files, base.shape()));
    }

    /** The adapter, where it is of that kind and of that base model; see {@link #retriever}. */
    static AdapterEntry checked(Registry registry, TunableBase base, Principal asker, String reference, String kind) {
        AdapterEntry adapter = registry.find(asker, reference);
        if (!adapter.kind().equals(kind)) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "The adapter " + adapter.reference() + " is a " + Printable.of(adapter.kind()) + ", not a " + kind
                            + ".",
                    "See which there are with tandem adapters list.");
        }
        if (!adapter.baseHash().equals(base.hash())) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "The adapter " + adapter.reference() + " was tuned from " + adapter.base() + " ("
                            + adapter.baseHash().substring(0, AdapterEntry.SHORT) + "), and here is " + base.name()
                            + " (" + base.hash().substring(0, AdapterEntry.SHORT) + ").",
                    "Train it again: tandem train " + kind + " --data " + adapter.dataset() + ".");
        }
        return adapter;
    }
}
