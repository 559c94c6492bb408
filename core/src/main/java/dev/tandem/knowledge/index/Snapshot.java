package dev.tandem.knowledge.index;

import dev.tandem.domain.Chunk;
import dev.tandem.domain.Language;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.Query;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** One committed state of a collection's index; every answer of one search comes from the same. */
public final class Snapshot implements AutoCloseable {

    private static final int DOCUMENTS_AT_A_TIME = 256;

    private final LuceneDirectory lexicalDirectory;
    private final CommitSearcher lexical;
    private final @Nullable LuceneDirectory denseDirectory;
    private final @Nullable CommitSearcher dense;

    private Snapshot(
            LuceneDirectory lexicalDirectory,
            CommitSearcher lexical,
            @Nullable LuceneDirectory denseDirectory,
            @Nullable CommitSearcher dense) {
        this.lexicalDirectory = lexicalDirectory;
        this.lexical = lexical;
        this.denseDirectory = denseDirectory;
        this.dense = dense;
    }

    static Snapshot of(LuceneDirectory lexical, @Nullable LuceneDirectory dense) {
        CommitSearcher first = lexical.acquire();
        try {
            CommitSearcher second = dense == null ? null : dense.acquire();
            return new Snapshot(lexical, first, dense, second);
        } catch (Throwable e) {
            lexical.release(first);
            throw e;
        }
    }

    /** Chunks that can be found by their words. */
    public int chunks() {
        return lexical.getIndexReader().numDocs();
    }

    /** Chunks that can be found by meaning. */
    public int vectors() {
        return dense == null ? 0 : dense.getIndexReader().numDocs();
    }

    /**
     * What both channels put forward for a question, everything scored by both.
     *
     * @param words the question's text; null to leave the lexical channel out
     * @param meaning the question's unit vector, asked for once the words were looked up; null to leave the dense channel
     *     out
     * @param most candidates from each channel
     */
    public Candidates candidates(@Nullable String words, @Nullable Supplier<float[]> meaning, Scope scope, int most) {
        return lexicalDirectory.guard(() -> {
            var union = new HashMap<String, Scored>();
            Map<Language, LexicalChannel> channels = words == null ? Map.of() : channels(words);
            boolean complete = true;
            // Each language puts forward its own: weights of words mean nothing across them.
            for (LexicalChannel channel : channels.values()) {
                int[] found = channel.candidates(lexical.filter(scope), most);
                complete &= found.length < most;
                collectLexical(found, union);
            }
            if (meaning != null && dense != null && denseDirectory != null) {
                float[] vector = meaning.get();
                complete &= denseDirectory.guard(() -> addDense(dense, vector, scope, most, union));
            }
            tellLanguages(union);
            // The language that knows most of the question sets what an answer could attain: one put in German must not
            // seem well answered in English by the one name that both share.
            Language question = Language.ENGLISH;
            double attainable = 0;
            for (Map.Entry<Language, LexicalChannel> each : channels.entrySet()) {
                double own = each.getValue().attainable();
                if (own > attainable || (own == attainable && each.getKey() == Language.ENGLISH)) {
                    question = each.getKey();
                    attainable = own;
                }
            }
            for (Map.Entry<Language, LexicalChannel> each : channels.entrySet()) {
                scoreLexical(each.getKey(), each.getValue(), attainable, union);
            }
            rank(union);
            return new Candidates(union.values().stream().map(Scored::candidate).toList(), complete, question);
        });
    }

    /** A candidate while its scores come in. */
    private static final class Scored {
        final String id;
        final ChunkId parsed;
        final int lexicalPlace;
        boolean lexicalFound;
        boolean denseFound;
        Language language = Language.ENGLISH;
        double bm25 = Double.NaN;
        double attainable;
        double cosine = Double.NaN;
        int lexicalRank;
        int denseRank;

        Scored(String id, int lexicalPlace) {
            this.id = id;
            this.parsed = ChunkId.parse(id);
            this.lexicalPlace = lexicalPlace;
        }

        /** Of what could be attained. */
        double share() {
            return attainable > 0 ? bm25 / attainable : bm25;
        }

        Candidate candidate() {
            return new Candidate(
                    id,
                    parsed.document(),
                    parsed.version(),
                    bm25,
                    attainable,
                    lexicalRank,
                    cosine,
                    denseRank,
                    language,
                    lexicalPlace);
        }
    }

    private Map<Language, LexicalChannel> channels(String words) throws IOException {
        var channels = new EnumMap<Language, LexicalChannel>(Language.class);
        for (Language language : lexical.languages()) {
            channels.put(language, LexicalChannel.of(lexical, language, words));
        }
        return channels;
    }

    private void collectLexical(int[] found, Map<String, Scored> union) throws IOException {
        Arrays.sort(found);
        String[] ids = chunkIds(lexical, found);
        for (int i = 0; i < found.length; i++) {
            var scored = new Scored(ids[i], found[i]);
            scored.lexicalFound = true;
            union.put(ids[i], scored);
        }
    }

    private boolean addDense(CommitSearcher searcher, float[] meaning, Scope scope, int most, Map<String, Scored> union)
            throws IOException {
        var channel = new DenseChannel(searcher, meaning);
        Query filter = searcher.filter(scope);
        int[] found = channel.candidates(filter, most);
        Arrays.sort(found);
        String[] ids = chunkIds(searcher, found);
        var places = new HashMap<String, Integer>();
        for (int i = 0; i < found.length; i++) {
            places.put(ids[i], found[i]);
        }
        // What one channel found is looked up in the other's directory; what is not there yet, or no more, is left out.
        List<String> onlyLexical =
                union.keySet().stream().filter(id -> !places.containsKey(id)).toList();
        places.putAll(find(searcher, onlyLexical));
        List<String> onlyDense =
                Arrays.stream(ids).filter(id -> !union.containsKey(id)).toList();
        find(lexical, onlyDense).forEach((id, place) -> union.put(id, new Scored(id, place)));
        for (String id : ids) {
            Scored scored = union.get(id);
            if (scored != null) {
                scored.denseFound = true;
            }
        }
        List<Map.Entry<String, Integer>> ordered =
                places.entrySet().stream().sorted(Map.Entry.comparingByValue()).toList();
        double[] cosines =
                channel.score(ordered.stream().mapToInt(Map.Entry::getValue).toArray());
        for (int i = 0; i < cosines.length; i++) {
            Scored scored = union.get(ordered.get(i).getKey());
            if (scored != null) {
                scored.cosine = cosines[i];
            }
        }
        return found.length < most;
    }

    private void tellLanguages(Map<String, Scored> union) throws IOException {
        if (lexical.languages().stream().allMatch(Language.ENGLISH::equals)) {
            return;
        }
        List<Scored> ordered = union.values().stream()
                .sorted(Comparator.comparingInt(each -> each.lexicalPlace))
                .toList();
        int i = 0;
        for (LeafReaderContext leaf : lexical.getLeafContexts()) {
            int end = leaf.docBase + leaf.reader().maxDoc();
            BinaryDocValues values = leaf.reader().getBinaryDocValues(Fields.LANGUAGE);
            for (; i < ordered.size() && ordered.get(i).lexicalPlace < end; i++) {
                if (values != null && values.advanceExact(ordered.get(i).lexicalPlace - leaf.docBase)) {
                    ordered.get(i).language =
                            Language.named(values.binaryValue().utf8ToString());
                }
            }
        }
    }

    private static void scoreLexical(
            Language language, LexicalChannel channel, double attainable, Map<String, Scored> union)
            throws IOException {
        List<Scored> ordered = union.values().stream()
                .filter(each -> each.language == language)
                .sorted(Comparator.comparingInt(each -> each.lexicalPlace))
                .toList();
        double[] scores = channel.score(
                ordered.stream().mapToInt(each -> each.lexicalPlace).toArray());
        for (int i = 0; i < scores.length; i++) {
            ordered.get(i).bm25 = scores[i];
            ordered.get(i).attainable = attainable;
        }
    }

    /** Ranks within each channel, by exact score, of words over what could be attained; equal scores by chunk id. */
    private static void rank(Map<String, Scored> union) {
        int rank = 0;
        for (Scored each : union.values().stream()
                .filter(scored -> scored.lexicalFound)
                .sorted(Comparator.comparingDouble((Scored scored) -> -scored.share())
                        .thenComparingDouble(scored -> -scored.bm25)
                        .thenComparing(scored -> scored.id))
                .toList()) {
            each.lexicalRank = ++rank;
        }
        rank = 0;
        for (Scored each : union.values().stream()
                .filter(scored -> scored.denseFound)
                .sorted(Comparator.comparingDouble((Scored scored) -> -scored.cosine)
                        .thenComparing(scored -> scored.id))
                .toList()) {
            each.denseRank = ++rank;
        }
    }

    private static String[] chunkIds(CommitSearcher searcher, int[] ascending) throws IOException {
        String[] ids = new String[ascending.length];
        int i = 0;
        for (LeafReaderContext leaf : searcher.getLeafContexts()) {
            int end = leaf.docBase + leaf.reader().maxDoc();
            if (i == ascending.length || ascending[i] >= end) {
                continue;
            }
            BinaryDocValues values = leaf.reader().getBinaryDocValues(Fields.CHUNK);
            for (; i < ascending.length && ascending[i] < end; i++) {
                values.advanceExact(ascending[i] - leaf.docBase);
                ids[i] = values.binaryValue().utf8ToString();
            }
        }
        return ids;
    }

    /** Where the live chunks with these ids stand; absent where there is none. */
    private static Map<String, Integer> find(CommitSearcher searcher, List<String> ids) throws IOException {
        var places = new HashMap<String, Integer>();
        List<String> ascending = ids.stream().sorted().toList();
        for (LeafReaderContext leaf : searcher.getLeafContexts()) {
            if (leaf.reader().terms(Fields.CHUNK) == null) {
                continue;
            }
            Bits live = leaf.reader().getLiveDocs();
            TermsEnum terms = leaf.reader().terms(Fields.CHUNK).iterator();
            PostingsEnum postings = null;
            for (String id : ascending) {
                if (terms.seekExact(new BytesRef(id))) {
                    postings = terms.postings(postings, PostingsEnum.NONE);
                    for (int at = postings.nextDoc(); at != PostingsEnum.NO_MORE_DOCS; at = postings.nextDoc()) {
                        if (live == null || live.get(at)) {
                            places.put(id, leaf.docBase + at);
                        }
                    }
                }
            }
        }
        return places;
    }

    /** The chunk itself; only what is shown is read. */
    public Chunk chunk(Candidate candidate) {
        return lexicalDirectory.guard(() ->
                Fields.chunk(candidate.chunkId(), lexical.storedFields().document(candidate.place(), Fields.STORED)));
    }

    /** Whether any of the documents in these access sets, a few at a time by their ids, passes the test. */
    public boolean anyDocument(Set<Long> accessSets, Predicate<Set<String>> test) {
        return lexicalDirectory.guard(() -> {
            var ids = new LinkedHashSet<String>();
            for (LeafReaderContext leaf : lexical.getLeafContexts()) {
                Bits live = leaf.reader().getLiveDocs();
                NumericDocValues access = leaf.reader().getNumericDocValues(Fields.ACCESS);
                BinaryDocValues chunks = leaf.reader().getBinaryDocValues(Fields.CHUNK);
                for (int at = 0; at < leaf.reader().maxDoc(); at++) {
                    if ((live == null || live.get(at))
                            && access.advanceExact(at)
                            && accessSets.contains(access.longValue())
                            && chunks.advanceExact(at)) {
                        ids.add(ChunkId.parse(chunks.binaryValue().utf8ToString())
                                .document());
                        if (ids.size() == DOCUMENTS_AT_A_TIME) {
                            if (test.test(ids)) {
                                return true;
                            }
                            ids.clear();
                        }
                    }
                }
            }
            return !ids.isEmpty() && test.test(ids);
        });
    }

    @Override
    public void close() {
        try {
            lexicalDirectory.release(lexical);
        } finally {
            if (denseDirectory != null && dense != null) {
                denseDirectory.release(dense);
            }
        }
    }
}
