package dev.tandem.behavior.registry;

import dev.tandem.behavior.worth.Worth;
import dev.tandem.catalog.AdapterDraft;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.catalog.Adapters;
import dev.tandem.catalog.Adapters.Reference;
import dev.tandem.catalog.Audit;
import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.Forgetting;
import dev.tandem.catalog.Home;
import dev.tandem.catalog.HomeLock;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Printable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The adapters of one tenant. Registering writes the files first and the catalog's row after them, so that a row never
 * tells of files that are not there; removing goes the other way. Reading an adapter checks every byte of it.
 */
public final class Registry {

    /** What training moves: the newest that was trained. */
    public static final String CANDIDATE = "candidate";

    /** The kind of adapter that has an encoder of its own: its base model is not the home's encoder. */
    public static final String TUNED = "lora";

    /** The kind of adapter that finds passages; it has an encoder of its own, too, as the next two have. */
    public static final String RETRIEVER = "retriever";

    /** The kind of adapter that puts passages in order. */
    public static final String RERANKER = "reranker";

    /** The kind of adapter that finds answers in passages. */
    public static final String READER = "reader";

    private static final Set<String> OWN_ENCODER = Set.of(TUNED, RETRIEVER, RERANKER, READER);

    /** What the audit trail calls a promotion of what is worse than its budgets allow. */
    public static final String FORCED = "promote-over-budget";

    /** What is used where nothing else is said. */
    public static final String PRODUCTION = "production";

    private final Home home;
    private final String tenant;
    private final Catalog catalog;
    private final AdapterFiles files;

    public Registry(Home home, String tenant, Catalog catalog) {
        this.home = home;
        this.tenant = tenant;
        this.catalog = catalog;
        this.files = new AdapterFiles(home.adapters(tenant));
    }

    /** Everything the asker may use, and what failed of it; one's own first. */
    public List<AdapterEntry> list(Principal asker) {
        return adapters().list(asker);
    }

    /** The states of one adapter, newest first, failed ones among them. */
    public List<AdapterEntry> named(Principal asker, String name) {
        List<AdapterEntry> found = adapters().named(asker, Reference.parse(name));
        if (found.isEmpty()) {
            throw missing(name);
        }
        return found;
    }

    /**
     * The one that is meant: by alias or hash, else {@code production}, else {@code candidate}.
     *
     * @throws Failure MISSING where there is none, or none that the asker may use
     */
    public AdapterEntry find(Principal asker, String text) {
        Reference reference = Reference.parse(text);
        Optional<AdapterEntry> found = reference.state().isEmpty()
                ? adapters()
                        .find(asker, reference.at(PRODUCTION))
                        .or(() -> adapters().find(asker, reference.at(CANDIDATE)))
                : adapters().find(asker, reference);
        return found.orElseThrow(() -> blocked(asker, reference).orElseGet(() -> missing(text)));
    }

    /** Why there is none, where all there was of that name learned from what was forgotten. */
    private Optional<Failure> blocked(Principal asker, Reference reference) {
        return adapters().named(asker, reference).stream()
                .filter(each ->
                        each.reason() != null && String.valueOf(each.reason()).startsWith(Forgetting.BLOCKED))
                .findFirst()
                .map(each -> new Failure(
                        Failure.Kind.CONFLICT,
                        "The adapter '" + Printable.of(reference.toString()) + "' cannot be used, it is "
                                + each.reason(),
                        "See what can be used with tandem adapters list, or train it again:"
                                + " tandem train classifier --data NAME."));
    }

    /** Whether the asker may use it at this moment. */
    public boolean mayUse(Principal asker, AdapterEntry adapter) {
        return adapters().mayUse(asker, adapter);
    }

    /**
     * Its files by name, whole and bound to that base model.
     *
     * @throws Failure MISSING where the asker may not use it; BROKEN where a file is missing or damaged; CONFLICT where it
     *     was made on another base model
     */
    public SortedMap<String, byte[]> open(Principal asker, AdapterEntry adapter, Encoder base) {
        requireBase(adapter, base);
        return read(asker, adapter);
    }

    /** Its files by name, whole; for whom the base model does not matter. */
    public SortedMap<String, byte[]> read(Principal asker, AdapterEntry adapter) {
        if (adapter.failed() || !mayUse(asker, adapter)) {
            throw missing(adapter.reference());
        }
        return files.read(adapter);
    }

    /** A folder for its merged model, beside its files and gone with them; who makes it fills it. */
    public Path merged(AdapterEntry adapter) {
        return files.merged(String.valueOf(adapter.hash()));
    }

    private static void requireBase(AdapterEntry adapter, Encoder base) {
        if (!OWN_ENCODER.contains(adapter.kind()) && !adapter.baseHash().equals(base.hash())) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "The adapter " + adapter.reference() + " was trained on " + adapter.base() + " ("
                            + adapter.baseHash().substring(0, AdapterEntry.SHORT) + "), and this home uses "
                            + base.name() + " (" + base.hash().substring(0, AdapterEntry.SHORT) + ").",
                    "Train again on this encoder: tandem train classifier --data " + adapter.dataset()
                            + ", or go back to the other one with tandem config set encoder.");
        }
    }

    /** Keeps the files and then the row, and points {@code candidate} at it. */
    public AdapterEntry register(CatalogWriter writer, AdapterDraft draft, SortedMap<String, byte[]> content) {
        SortedMap<String, String> hashes = AdapterFiles.hashes(content);
        String hash = AdapterFiles.hash(hashes);
        writer.adapters().requireDataset(draft);
        files.write(hash, content);
        return writer.inTransaction(() -> {
            var complete = new AdapterDraft(
                    draft.owner(),
                    draft.name(),
                    draft.dataset(),
                    draft.kind(),
                    draft.task(),
                    draft.base(),
                    draft.baseHash(),
                    draft.settings(),
                    draft.figures(),
                    draft.card(),
                    hashes);
            AdapterEntry entry = writer.adapters().register(complete, hash);
            return writer.adapters().promote(entry, CANDIDATE);
        });
    }

    /**
     * Points the alias of one's own adapter at that state of it, which is read once more before. What is worse than its
     * budgets allow is refused.
     *
     * @param reference as {@link #find} takes it; without a state, the candidate
     */
    public AdapterEntry promote(Principal owner, String reference, String alias, Encoder base) {
        return promote(owner, reference, alias, base, Worth::require);
    }

    /**
     * The same of one that is worse than its budgets allow; who wanted that, and why, is written to the audit trail first.
     *
     * @throws Failure INVALID where the reason says nothing
     */
    public AdapterEntry promoteAnyway(
            Principal owner, String reference, String alias, Encoder base, Audit audit, String reason) {
        if (reason.isBlank()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The reason to promote it all the same is empty.",
                    "Say it in a sentence: --force \"only English texts come in, ticket 4711\".");
        }
        return promote(owner, reference, alias, base, adapter -> {
            List<String> against = Worth.against(adapter);
            if (!against.isEmpty()) {
                audit.write(owner, FORCED, adapter.reference(), String.join("; ", against), reason.strip());
            }
        });
    }

    private AdapterEntry promote(
            Principal owner, String reference, String alias, Encoder base, Consumer<AdapterEntry> gate) {
        Reference wanted = Reference.parse(reference);
        AdapterEntry adapter =
                own(owner, wanted.state().isEmpty() ? wanted.at(CANDIDATE).toString() : reference);
        open(owner, adapter, base);
        gate.accept(adapter);
        return writing(writer -> writer.adapters().promote(adapter, alias));
    }

    /** Keeps what one's own adapter was measured to do since it was registered. */
    public AdapterEntry measured(Principal owner, AdapterEntry adapter, String figures) {
        if (!adapter.owner().equals(owner.user())) {
            throw notOwner(adapter.reference());
        }
        return writing(writer -> writer.adapters().measured(adapter, figures));
    }

    /** Points the alias back to where it pointed before; see {@link dev.tandem.catalog.AdapterWriter#rollback}. */
    public AdapterEntry rollback(Principal owner, String name, String alias) {
        Reference reference = Reference.parse(name);
        if (named(owner, name).stream().noneMatch(each -> each.owner().equals(owner.user()))) {
            throw notOwner(name);
        }
        return writing(writer ->
                writer.adapters().rollback(owner, reference.name(), alias, adapter -> mayUse(owner, adapter)));
    }

    /** Takes it out of the registry and deletes its files where no other adapter has the same. */
    public AdapterEntry remove(Principal owner, String reference, boolean withAliases) {
        AdapterEntry adapter = own(owner, reference);
        writing(writer -> {
            if (writer.adapters().remove(adapter, withAliases)) {
                files.delete(String.valueOf(adapter.hash()));
            }
            return adapter;
        });
        return adapter;
    }

    /** Takes one's own trainings of that name that failed out of the list; says how many. */
    public int removeFailed(Principal owner, String name) {
        return writing(writer -> writer.adapters().removeFailed(owner, name));
    }

    private AdapterEntry own(Principal owner, String reference) {
        AdapterEntry adapter = find(owner, reference);
        if (!adapter.owner().equals(owner.user())) {
            throw notOwner(reference);
        }
        return adapter;
    }

    private <T> T writing(Function<CatalogWriter, T> work) {
        try (HomeLock lock = home.lock();
                CatalogWriter writer = CatalogWriter.open(lock, tenant)) {
            return work.apply(writer);
        }
    }

    private Adapters adapters() {
        return catalog.adapters();
    }

    private static Failure notOwner(String reference) {
        return new Failure(
                Failure.Kind.DENIED,
                "The adapter '" + Printable.of(reference) + "' is another's: you may use it, not move or remove it.",
                "Ask its owner, or train one of your own.");
    }

    private static Failure missing(String reference) {
        return new Failure(
                Failure.Kind.MISSING,
                "There is no adapter '" + Printable.of(reference) + "'.",
                "See what is there with tandem adapters list, or train one: tandem train classifier --data NAME.");
    }
}
