package dev.tandem.bench;

import dev.tandem.assistant.AssistantSettings;
import dev.tandem.assistant.ReaderExample;
import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.Home;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import dev.tandem.domain.Searcher;
import dev.tandem.evidence.AnswerSuite;
import dev.tandem.evidence.BeirSuite;
import dev.tandem.evidence.CorpusIds;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.index.Indexes;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.ingest.Request;
import dev.tandem.knowledge.retrieve.Retriever;
import dev.tandem.onnx.OnnxEmbedder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Both SQuAD sets ingested as a user would, a collection each, in a home that goes away with this. What was embedded in an
 * earlier run is remembered beside it, because the reader's programs embed the same sentences again and again.
 */
final class SquadHome implements AutoCloseable {

    static final String ANSWERED = "squad-v1.1-dev";
    static final String HALF_ANSWERED = "squad-v2.0-dev";
    static final Principal ASKER = Principal.ofUser("bench");
    static final Function<DocumentRef, String> CORPUS_ID = CorpusIds.ofRecords();

    private static final Path DATA = Path.of(System.getProperty("tandem.data", "../shared/data"));

    private final Scratch scratch;
    private final OnnxEmbedder encoder;
    private final VectorCache embedder;
    private final Catalog catalog;
    private final Map<String, CollectionIndex> indexes = new HashMap<>();

    private SquadHome(Scratch scratch, Path vectors) {
        this.scratch = scratch;
        Home home = Home.at(scratch.resolve("home"));
        this.encoder = OnnxEmbedder.bundled(home.cache());
        this.embedder = new VectorCache(encoder, vectors);
        try (Ingestor ingestor = Ingestor.open(home, embedder)) {
            for (String suite : List.of(ANSWERED, HALF_ANSWERED)) {
                String corpus = BeirSuite.corpus(DATA.resolve(suite)).toString();
                ingestor.ingest(Request.of(ASKER, collection(suite), List.of(corpus)), event -> {});
            }
        }
        this.catalog = Catalog.read(home, ASKER.tenant());
        for (String suite : List.of(ANSWERED, HALF_ANSWERED)) {
            String collection = collection(suite);
            indexes.put(collection, CollectionIndex.read(home.index(ASKER.tenant(), collection), encoder.encoder()));
        }
    }

    /** Remembers vectors in the file named by the system property {@code tandem.bench.vectors}. */
    static SquadHome open() {
        Path remembered = Path.of(System.getProperty(
                "tandem.bench.vectors",
                Path.of(System.getProperty("java.io.tmpdir"), "tandem-bench-vectors.bin")
                        .toString()));
        return new SquadHome(Scratch.of("squad"), remembered);
    }

    /** Remembers what it embedded; {@link #encoder} does not. */
    Embedder embedder() {
        return embedder;
    }

    Embedder encoder() {
        return encoder;
    }

    Catalog catalog() {
        return catalog;
    }

    Searcher searcher(Embedder queries) {
        Indexes open = (asker, collection) -> Optional.ofNullable(indexes.get(collection));
        return Retriever.fused(open, queries, catalog);
    }

    /** The collection that a suite's corpus was ingested into. */
    static String collection(String suite) {
        return suite.replace('.', '-');
    }

    static Query query(String question, String suite, int limit) {
        return new Query(question, ASKER, collection(suite), Filter.everything(), limit);
    }

    /** The questions of a set about the articles of one part, {@code train} or {@code test}. */
    static AnswerSuite questions(String suite, String part) {
        return questions(suite, AnswerSuite.articles(DATA.resolve("squad-split.tsv"), part));
    }

    static AnswerSuite questions(String suite, Set<String> articles) {
        return AnswerSuite.read(DATA.resolve(suite)).ofArticles(articles);
    }

    /** The questions with the passages that an assistant with these settings would read. */
    List<ReaderExample> examples(AnswerSuite suite, AssistantSettings settings) {
        Searcher searcher = searcher(embedder);
        var examples = new ArrayList<ReaderExample>();
        for (AnswerSuite.Case each : suite.cases()) {
            List<Hit> hits = searcher.search(query(each.question(), suite.name(), settings.passages()));
            Set<String> right = hits.stream()
                    .map(Hit::document)
                    .filter(document -> each.documents().contains(CORPUS_ID.apply(document)))
                    .map(DocumentRef::id)
                    .collect(Collectors.toSet());
            examples.add(new ReaderExample(each.question(), hits, each.answers(), right));
        }
        return examples;
    }

    @Override
    public void close() {
        indexes.values().forEach(CollectionIndex::close);
        catalog.close();
        encoder.close();
        scratch.close();
    }
}
