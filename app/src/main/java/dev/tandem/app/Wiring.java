package dev.tandem.app;

import dev.tandem.assistant.Assistant;
import dev.tandem.assistant.AssistantSettings;
import dev.tandem.assistant.Chat;
import dev.tandem.assistant.Metered;
import dev.tandem.assistant.PlainReader;
import dev.tandem.assistant.Remembering;
import dev.tandem.assistant.StandAlone;
import dev.tandem.behavior.passages.PassageIndex;
import dev.tandem.behavior.passages.TunedEncoders;
import dev.tandem.behavior.registry.Registry;
import dev.tandem.behavior.tuning.Classifier;
import dev.tandem.behavior.tuning.FollowedClassifier;
import dev.tandem.behavior.tuning.Trainer;
import dev.tandem.behavior.tuning.TunableBase;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.catalog.Answers;
import dev.tandem.catalog.Audit;
import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.CollectionEncoder;
import dev.tandem.catalog.Conversations;
import dev.tandem.catalog.Home;
import dev.tandem.catalog.HomeLock;
import dev.tandem.catalog.SourceEntry;
import dev.tandem.catalog.Usage;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.EncoderSource;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Generator;
import dev.tandem.domain.Language;
import dev.tandem.domain.OpenSpanReader;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Printable;
import dev.tandem.domain.Query;
import dev.tandem.domain.Reranker;
import dev.tandem.domain.RetrievalSettings;
import dev.tandem.domain.Searcher;
import dev.tandem.domain.SpanReader;
import dev.tandem.knowledge.extract.ExtractLimits;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.index.Indexes;
import dev.tandem.knowledge.ingest.Consent;
import dev.tandem.knowledge.ingest.IngestSettings;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.ingest.Source;
import dev.tandem.knowledge.retrieve.Reranking;
import dev.tandem.knowledge.retrieve.Retriever;
import dev.tandem.llm.EmbeddingModels;
import dev.tandem.llm.LanguageModels;
import dev.tandem.onnx.OnnxBase;
import dev.tandem.onnx.OnnxReranker;
import dev.tandem.parse.ParserPool;
import dev.tandem.sources.JdbcSource;
import dev.tandem.sources.WebSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The one class that builds things: everything that a command, a test or a benchmark uses of a home, made when it is
 * first asked for and closed with it. Opening one touches no disk.
 */
public final class Wiring implements AutoCloseable {

    private final Home home;
    private final Settings settings;
    private final Map<String, String> environment;
    private final Map<String, Catalog> catalogs = new HashMap<>();
    private final Map<String, Generator> models = new ConcurrentHashMap<>();
    private final OpenEncoders encoders;

    /** Of encoders met as a collection's live one, by their hash. */
    private final Map<String, EncoderSource> live = new ConcurrentHashMap<>();

    private final Map<Path, OnnxReranker> rerankers = new ConcurrentHashMap<>();
    private @Nullable TunableBase tunable;

    /** Readers that were trained, by the hashes of their adapters. */
    private final Map<String, OpenSpanReader> readers = new ConcurrentHashMap<>();

    private @Nullable Indexes indexes;
    private @Nullable ParserPool parsers;

    private final boolean forgiving;

    /** Why what was asked last was answered by words alone; null where it was not. */
    private final AtomicReference<@Nullable Failure> away = new AtomicReference<>();

    private Wiring(Home home, Settings settings, Map<String, String> environment, boolean forgiving) {
        this.home = home;
        this.forgiving = forgiving;
        this.settings = settings;
        this.environment = environment;
        this.encoders = new OpenEncoders(home, settings, cache(), this::key);
    }

    /** What a home holds, wired as its settings say. */
    public static Wiring of(Path home, Map<String, String> environment) {
        return new Wiring(Home.at(home), Settings.load(home), environment, false);
    }

    /**
     * The same for who asks and does not measure: where a served encoder is away, its collections are asked by words alone.
     */
    public static Wiring forgiving(Path home, Map<String, String> environment) {
        return new Wiring(Home.at(home), Settings.load(home), environment, true);
    }

    /** Why what was asked since this was called last was answered by words alone; empty where it was not. */
    public Optional<Failure> wordsAlone() {
        return Optional.ofNullable(away.getAndSet(null));
    }

    /** The same with other settings than the home's own. */
    public static Wiring of(Path home, Settings settings, Map<String, String> environment) {
        return new Wiring(Home.at(home), settings, environment, false);
    }

    public Home home() {
        return home;
    }

    public Settings settings() {
        return settings;
    }

    public synchronized Catalog catalog(Principal asker) {
        return catalogs.computeIfAbsent(asker.tenant(), tenant -> Catalog.read(home, tenant));
    }

    /** The configured encoder, for texts that are no collection's; what it costs the asker's tenant pays. */
    public Embedder embedder(Principal asker) {
        return encoders.open(asker.tenant(), encoders.wanted(""), null);
    }

    /** The encoder whose vectors answer the collection's questions, asked only what may go where it sends it. */
    public Embedder embedder(Principal asker, String collection) {
        return catalog(asker).guard(encoder(asker).apply(encoder(asker, collection)), collection);
    }

    /** An encoder that stays on this machine: the configured one if it does, and the bundled one otherwise. */
    public Embedder embedder() {
        return encoders.local();
    }

    /** What the settings say that a new collection of that name gets. */
    public EncoderSource encoderSource(String collection) {
        return encoders.wanted(collection);
    }

    /** For people; asks no server. */
    public String encoderName() {
        return EmbeddingModels.isRemote(settings.encoder())
                ? settings.encoder()
                : embedder().encoder().name();
    }

    /** Where model and native libraries are unpacked: once for all homes where the launcher has a place for them. */
    private Path cache() {
        String shared = System.getProperty("tandem.cache", "");
        return shared.isEmpty() ? home.cache() : Path.of(shared);
    }

    /** By words and by meaning: the default everywhere. Each collection is asked with the encoder that made its vectors. */
    public Searcher searcher(Principal asker) {
        Searcher fused = Retriever.fused(indexes(), encoder(asker), catalog(asker));
        return new Reranking(
                forgiving ? Retriever.orByWords(fused, lexical(asker), away::set) : fused,
                collection -> catalog(asker)
                        .retrieval(collection)
                        .map(RetrievalSettings::reranker)
                        .filter(folder -> !folder.isEmpty())
                        .map(folder -> reranker(Path.of(folder))));
    }

    /** Any cross-encoder in a folder, opened once. */
    public Reranker reranker(Path folder) {
        return rerankers.computeIfAbsent(folder.toAbsolutePath().normalize(), path -> OnnxReranker.load(path, cache()));
    }

    public Searcher lexical(Principal asker) {
        return Retriever.lexical(indexes(), catalog(asker));
    }

    public Searcher dense(Principal asker) {
        return Retriever.dense(indexes(), encoder(asker), catalog(asker));
    }

    /** Opens encoders that were met as a collection's live one. */
    private Function<Encoder, Embedder> encoder(Principal asker) {
        return encoder ->
                encoders.open(asker.tenant(), live.getOrDefault(encoder.hash(), encoders.wanted("")), encoder);
    }

    /** Answers with the configured language model, or with the built-in reader where there is none. */
    public Assistant assistant(Principal asker) {
        return settings.model().isEmpty() ? reading(asker) : assistant(asker, generator(asker));
    }

    /** Answers without a language model: with the reader that the settings name, else with the built-in one. */
    public Assistant reading(Principal asker) {
        SpanReader trained = trainedReader(asker);
        Assistant assistant = trained == null
                ? Assistant.reading(searcher(asker), catalog(asker), embedder(), AssistantSettings.DEFAULT)
                : Assistant.reading(searcher(asker), catalog(asker), embedder(), trained, AssistantSettings.DEFAULT);
        return assistant.retrieving(passages(asker));
    }

    /** Who may not use it, for it learned from what they may not read, is answered by the built-in one. */
    private @Nullable SpanReader trainedReader(Principal asker) {
        if (settings.reader().isEmpty() || settings.reader().equals(Settings.PLAIN)) {
            return null;
        }
        if (settings.reader().equals(Settings.TUNED)) {
            return readers.computeIfAbsent(Settings.TUNED, _ -> BuiltInReader.open(cache()));
        }
        String name = settings.reader().substring(settings.reader().indexOf(':') + 1);
        AdapterEntry adapter;
        try {
            adapter = registry(asker).find(asker, name);
        } catch (Failure e) {
            if (e.kind() == Failure.Kind.MISSING) {
                return null;
            }
            throw e;
        }
        return readers.computeIfAbsent(
                String.valueOf(adapter.hash()), _ -> tuned(asker).reader(asker, name));
    }

    /** As {@link #assistant(Principal)}, and what it answered before is given again where nothing has changed. */
    public Assistant.Replies remembering(Principal asker, Assistant assistant) {
        return new Remembering(
                assistant,
                Answers.of(home, asker.tenant()),
                this::moment,
                settings + " " + embedder().encoder() + " "
                        + Wiring.class.getPackage().getImplementationVersion());
    }

    /** The ledger, and how far the collection's index has followed it; empty while vectors are behind words or not asked. */
    private String moment(Principal asker, String collection) {
        CollectionIndex index = indexes().of(asker, collection).orElse(null);
        if (away.get() != null || index == null || index.vectorSequence() != index.sequence()) {
            return "";
        }
        return catalog(asker).moment() + "." + index.sequence() + "."
                + index.encoder().hash() + "." + catalog(asker).retrieval(collection);
    }

    /** What the asker's conversations are held with; {@code replies} with this assistant or what remembers for it. */
    public Chat.Table table(Principal asker, Assistant assistant, Assistant.Replies replies) {
        Embedder tokens = embedder();
        return new Chat.Table(
                assistant,
                replies,
                catalog(asker),
                conversations(asker),
                settings.model().isEmpty()
                        ? StandAlone.byRules()
                        : StandAlone.by(generator(asker), tokens::countTokens),
                settings.modelTime(),
                asker);
    }

    public Conversations conversations(Principal asker) {
        return Conversations.of(home, asker);
    }

    /** What language models were used for in the asker's tenant. */
    public Usage usage(Principal asker) {
        return Usage.of(home, asker);
    }

    /** Who let a rule be passed over in the asker's tenant, and why. */
    public Audit audit(Principal asker) {
        return Audit.of(home, asker.tenant());
    }

    /**
     * The encoder in the form that can be tuned.
     *
     * @throws Failure MISSING where it was not fetched yet
     */
    public synchronized TunableBase tunable() {
        TunableBase known = tunable;
        if (known == null) {
            known = OnnxBase.bundled(cache(), TuneJars::resource);
            tunable = known;
        }
        return known;
    }

    /**
     * What tunes it.
     *
     * @throws Failure MISSING where it was not fetched yet
     */
    public Trainer trainer() {
        return TuneJars.trainer();
    }

    /** Passages near a question, as the asker's own collection has them. */
    public PassageIndex passages(Principal asker, String collection, int most) {
        Searcher searcher = searcher(asker);
        return question -> searcher.search(new Query(question, asker, collection, Filter.everything(), most)).stream()
                .map(hit -> hit.chunk().text())
                .toList();
    }

    /** The reader that needs no training, for passages that belong to no document. */
    public SpanReader plainReader() {
        return new PlainReader(embedder());
    }

    /** Retrievers, rerankers and readers that were tuned here. */
    public TunedEncoders tuned(Principal asker) {
        return new TunedEncoders(registry(asker), tunable());
    }

    /** A classifier for an asker, with the encoder that it was trained on. */
    public Classifier classifier(Principal asker, String reference) {
        return Classifier.open(registry(asker), asker, reference, embedder(asker), this::tunable);
    }

    /**
     * The classifier that a name means, also while it changes.
     *
     * @param unusable told once of each that was promoted and cannot be opened
     */
    public FollowedClassifier followed(Principal asker, String reference, Consumer<Failure> unusable) {
        Registry registry = registry(asker);
        return FollowedClassifier.open(
                registry,
                asker,
                reference,
                adapter -> Classifier.open(registry, asker, adapter, embedder(asker), this::tunable),
                unusable);
    }

    /** Writes into the owner's catalog, and holds the home for no longer than that. */
    public <T> T write(Principal owner, Function<CatalogWriter, T> work) {
        try (HomeLock lock = home.lock();
                CatalogWriter writer = CatalogWriter.open(lock, owner.tenant())) {
            return work.apply(writer);
        }
    }

    /** What training made, for the asker's tenant. */
    public Registry registry(Principal asker) {
        return new Registry(home, asker.tenant(), catalog(asker));
    }

    /** Writes into the home, and is the only one to do so until it is closed. */
    public Ingestor ingestor() {
        return ingestor(Consent.GIVEN);
    }

    /**
     * The same, which asks before it spends.
     *
     * @param consent asked before many texts go to a server
     */
    public Ingestor ingestor(Consent consent) {
        var limits = new ExtractLimits(
                settings.maxFileMegabytes() * 1_000_000L,
                settings.parsing().characters(),
                ExtractLimits.standard().maxTime());
        return Ingestor.open(
                home,
                encoders,
                consent,
                IngestSettings.standard().with(limits).with(Language.named(settings.language())),
                parsers());
    }

    /** What a source's entry describes, opened with the credentials that it points at. */
    public Source source(SourceEntry entry) {
        if (entry.kind().equals(SourceEntry.WEB)) {
            return WebSource.of(entry.name(), settings.web());
        }
        return new JdbcSource(JdbcEntries.definition(entry), login(entry, "user"), login(entry, "password"));
    }

    private String login(SourceEntry entry, String what) {
        String reference = entry.definition().getOrDefault(what, "");
        return reference.isEmpty()
                ? ""
                : secret(reference, "--" + what + " of " + entry.name(), "point elsewhere: --" + what);
    }

    /** Reads office documents, mail and archives; starts nothing before a file needs it. */
    private synchronized ParserPool parsers() {
        ParserPool open = parsers;
        if (open == null) {
            open = ParserPool.within(settings.parsing(), settings.ocr());
            parsers = open;
        }
        return open;
    }

    /** Answers from what was retrieved, written by that language model. */
    public Assistant assistant(Principal asker, Generator model) {
        return Assistant.writing(searcher(asker), catalog(asker), embedder(), model, AssistantSettings.DEFAULT)
                .retrieving(passages(asker));
    }

    private ToIntFunction<String> passages(Principal asker) {
        return collection -> catalog(asker)
                .retrieval(collection)
                .map(RetrievalSettings::passages)
                .orElse(AssistantSettings.DEFAULT.passages());
    }

    /** The configured language model, with its fallback, counted and paid for by the asker's tenant. */
    public Generator generator(Principal asker) {
        return generator(asker, settings.model());
    }

    /** Another language model, which the configured key opens, too; it counts as having the configured price. */
    public Generator generator(Principal asker, String reference) {
        boolean fallback = !settings.modelFallback().isEmpty() && reference.equals(settings.model());
        return catalog(asker)
                .guard(Metered.by(
                        models.computeIfAbsent(reference, model -> open(model, fallback)),
                        usage(asker),
                        Metered.Price.parse(settings.modelPrice()),
                        fallback ? Metered.Price.parse(settings.modelFallbackPrice()) : null,
                        settings.budgetUsd()));
    }

    /** One for the life of this home: it remembers which servers are to be left alone. */
    private Generator open(String reference, boolean fallback) {
        var patience = LanguageModels.Patience.DEFAULT.withDeadline(settings.modelTime());
        String key = key("model-key", settings.modelKey());
        return fallback
                ? LanguageModels.open(
                        reference,
                        key,
                        settings.modelFallback(),
                        key("model-fallback-key", settings.modelFallbackKey()),
                        patience)
                : LanguageModels.open(reference, key, patience);
    }

    private @Nullable String key(String setting, String reference) {
        if (reference.isEmpty()) {
            return null;
        }
        return secret(reference, setting, "point elsewhere: tandem config set " + setting);
    }

    private String secret(String reference, String setting, String elsewhere) {
        String place = reference.substring(reference.indexOf(':') + 1);
        if (reference.startsWith("env:")) {
            String key = environment.getOrDefault(place, "");
            if (key.isBlank()) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "The environment variable " + Printable.of(place) + ", where " + setting
                                + " points, is not set.",
                        "Set it, or " + elsewhere + " env:NAME.");
            }
            return key;
        }
        try {
            return Files.readString(Path.of(place)).strip();
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The file " + Printable.of(place) + ", where " + setting + " points, cannot be read.",
                    "Check its path and permissions, or " + elsewhere + " file:PATH.",
                    e);
        }
    }

    private synchronized Indexes indexes() {
        Indexes open = indexes;
        if (open == null) {
            open = Indexes.reading(home::index, this::encoder);
            indexes = open;
        }
        return open;
    }

    /** What it is; a server may have to be asked for that. */
    private Encoder met(Principal asker, String collection, EncoderSource source) {
        return catalog(asker)
                .guard(encoders.open(asker.tenant(), source, null), collection)
                .encoder();
    }

    /**
     * The encoder whose vectors answer the collection's questions, as the catalog says at this moment; a collection from
     * before it said so is asked by whose vectors are there.
     */
    public Encoder encoder(Principal asker, String collection) {
        Optional<CollectionEncoder> known = catalog(asker).encoders(asker, collection).stream()
                .filter(each -> each.use() == CollectionEncoder.Use.LIVE)
                .findFirst();
        if (known.isPresent()) {
            live.put(known.get().encoder().hash(), known.get().source());
            return known.get().encoder();
        }
        Path directory = home.index(asker.tenant(), collection);
        for (EncoderSource source : encoders.likely(collection)) {
            Encoder encoder = met(asker, collection, source);
            if (CollectionIndex.hasVectorsOf(directory, encoder)) {
                live.put(encoder.hash(), source);
                return encoder;
            }
        }
        Encoder wanted = met(asker, collection, encoders.wanted(collection));
        CollectionIndex.requireSameEncoder(directory, wanted);
        return wanted;
    }

    @Override
    public synchronized void close() {
        if (indexes != null) {
            indexes.close();
            indexes = null;
        }
        catalogs.values().forEach(Catalog::close);
        catalogs.clear();
        encoders.close();
        rerankers.values().forEach(OnnxReranker::close);
        rerankers.clear();
        readers.values().forEach(OpenSpanReader::close);
        readers.clear();
        if (parsers != null) {
            parsers.close();
            parsers = null;
        }
    }
}
