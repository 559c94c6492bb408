package dev.tandem.knowledge.index;

import dev.tandem.domain.Chunk;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Language;
import dev.tandem.domain.Span;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LongField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** How a chunk is written as a Lucene document in each directory, and how a filter reads it. */
final class Fields {

    /** Chunk id: a term to find it by, and doc values to join the two directories by. */
    static final String CHUNK = "chunk";
    /** Document id, a term: what replaces and removes. */
    static final String DOCUMENT = "document";
    /** Access-set id: doc values, so that it changes without writing the chunk again. */
    static final String ACCESS = "access";
    /** Code of the chunk's language, doc values; English where there is none. */
    static final String LANGUAGE = "language";
    /** {@link IndexText#words}, analysed; of other languages than English in a field of each, see {@link WordAnalysis}. */
    static final String WORDS = "words";

    static final String VECTOR = "vector";

    private static final String MODIFIED = "modified";
    private static final String METADATA = "metadata";
    private static final Set<String> OF_EVERY_DOCUMENT = Set.of("source", "title", "path", "document");

    private static final String TEXT = "text";
    private static final String HEADINGS = "headings";
    private static final String START = "start";
    private static final String END = "end";
    private static final String SECTION_START = "sectionStart";
    private static final String SECTION_END = "sectionEnd";
    private static final String PAGE = "page";
    /** What {@link #chunk} reads. */
    static final Set<String> STORED = Set.of(TEXT, HEADINGS, START, END, SECTION_START, SECTION_END, PAGE);

    /** Longer metadata values are looked up by their hash: Lucene bounds the length of a term. */
    private static final int LONGEST_PLAIN_VALUE = 256;

    /** Frequencies and lengths for BM25; no positions, for no query asks for phrases. */
    private static final FieldType WORDS_TYPE = new FieldType();

    static {
        WORDS_TYPE.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        WORDS_TYPE.setTokenized(true);
        WORDS_TYPE.freeze();
    }

    private Fields() {}

    static Document lexical(DocumentRef document, long accessSet, Chunk chunk) {
        Document fields = common(document, accessSet, chunk);
        fields.add(new Field(
                WordAnalysis.field(document.language()),
                LexicalChannel.wellFormed(IndexText.words(document, chunk)),
                WORDS_TYPE));
        if (document.language() != Language.ENGLISH) {
            fields.add(new BinaryDocValuesField(
                    LANGUAGE, new BytesRef(document.language().code())));
        }
        fields.add(new StoredField(TEXT, chunk.text()));
        fields.add(new StoredField(HEADINGS, chunk.headingPath()));
        fields.add(new StoredField(START, chunk.span().start()));
        fields.add(new StoredField(END, chunk.span().end()));
        fields.add(new StoredField(SECTION_START, chunk.section().start()));
        fields.add(new StoredField(SECTION_END, chunk.section().end()));
        fields.add(new StoredField(PAGE, chunk.page()));
        return fields;
    }

    static Document vector(DocumentRef document, long accessSet, Chunk chunk, float[] vector) {
        Document fields = common(document, accessSet, chunk);
        fields.add(new KnnFloatVectorField(VECTOR, vector, VectorSimilarityFunction.DOT_PRODUCT));
        return fields;
    }

    private static Document common(DocumentRef document, long accessSet, Chunk chunk) {
        var fields = new Document();
        fields.add(new StringField(CHUNK, chunk.id(), Field.Store.NO));
        fields.add(new BinaryDocValuesField(CHUNK, new BytesRef(chunk.id())));
        fields.add(new StringField(DOCUMENT, document.id(), Field.Store.NO));
        fields.add(new NumericDocValuesField(ACCESS, accessSet));
        fields.add(new LongField(MODIFIED, millis(document.modified(), 0), Field.Store.NO));
        fields.add(metadata("source", document.source()));
        fields.add(metadata("title", document.title()));
        fields.add(metadata("path", document.path()));
        document.metadata().forEach((key, value) -> {
            if (!OF_EVERY_DOCUMENT.contains(key)) {
                fields.add(metadata(key, value));
            }
        });
        return fields;
    }

    /** Reads back what {@link #lexical} stored. */
    static Chunk chunk(String chunkId, Document stored) {
        ChunkId id = ChunkId.parse(chunkId);
        return new Chunk(
                id.document(),
                id.version(),
                id.ordinal(),
                new Span(number(stored, START), number(stored, END)),
                new Span(number(stored, SECTION_START), number(stored, SECTION_END)),
                stored.get(HEADINGS),
                number(stored, PAGE),
                stored.get(TEXT));
    }

    private static int number(Document stored, String name) {
        IndexableField field = stored.getField(name);
        return field.numericValue().intValue();
    }

    static Term ofDocument(String documentId) {
        return new Term(DOCUMENT, documentId);
    }

    static Term ofChunk(String chunkId) {
        return new Term(CHUNK, chunkId);
    }

    /** The filter as a query to be used as one; null where nothing is asked. */
    static @Nullable Query query(Filter filter) {
        return switch (filter) {
            case Filter.Everything() -> null;
            case Filter.Equals(String key, String value) -> equal(key.toLowerCase(Locale.ROOT), value);
            case Filter.Modified(Instant from, Instant to) -> modified(from, to);
            case Filter.All(List<Filter> filters) -> all(filters);
        };
    }

    private static Query equal(String key, String value) {
        return new TermQuery(key.equals("document") ? ofDocument(value) : new Term(METADATA, valueTerm(key, value)));
    }

    /** Dates are kept in whole milliseconds, so a bound between two of them moves up to the later one. */
    private static Query modified(@Nullable Instant from, @Nullable Instant to) {
        long first = from == null ? Long.MIN_VALUE : millis(from, 1);
        long end = to == null ? Long.MAX_VALUE : millis(to, 1);
        if (to != null && end <= first) {
            return new MatchNoDocsQuery("an empty range of dates");
        }
        return LongField.newRangeQuery(MODIFIED, first, to == null ? end : end - 1);
    }

    /** The instant in milliseconds, a fraction of one rounded down, or up where {@code fraction} is 1. */
    private static long millis(Instant instant, int fraction) {
        try {
            long millis = instant.toEpochMilli();
            return instant.isAfter(Instant.ofEpochMilli(millis)) ? millis + fraction : millis;
        } catch (ArithmeticException _) {
            return instant.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    private static @Nullable Query all(List<Filter> filters) {
        var clauses = new BooleanQuery.Builder();
        for (Filter each : filters) {
            Query query = query(each);
            if (query != null) {
                clauses.add(query, BooleanClause.Occur.FILTER);
            }
        }
        BooleanQuery built = clauses.build();
        return built.clauses().isEmpty() ? null : built;
    }

    private static Field metadata(String key, String value) {
        return new StringField(METADATA, valueTerm(key, value), Field.Store.NO);
    }

    private static String valueTerm(String key, String value) {
        String plain = key + "\0=" + value;
        return plain.length() <= LONGEST_PLAIN_VALUE ? plain : "\0sha256=" + sha256(plain);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
