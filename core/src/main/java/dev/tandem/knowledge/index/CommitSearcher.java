package dev.tandem.knowledge.index;

import dev.tandem.domain.Language;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.similarities.Similarity;
import org.jspecify.annotations.Nullable;

/** Searches one commit, and knows the access sets in it: who may read them all needs no filter. */
final class CommitSearcher extends IndexSearcher {

    private final DirectoryReader reader;
    private final String commitFile;
    private final Map<String, String> commitData;
    private final Set<Long> accessSets = new HashSet<>();
    private final SortedSet<Language> languages = new TreeSet<>();

    CommitSearcher(DirectoryReader reader, Similarity similarity) throws IOException {
        super(reader);
        this.reader = reader;
        this.commitFile = reader.getIndexCommit().getSegmentsFileName();
        this.commitData = Map.copyOf(reader.getIndexCommit().getUserData());
        setSimilarity(similarity);
        // A cache would hold one asker's filters while another searches, and save little: filters are cheap.
        setQueryCache(null);
        for (LeafReaderContext leaf : getLeafContexts()) {
            for (FieldInfo field : leaf.reader().getFieldInfos()) {
                if (WordAnalysis.isField(field.name)) {
                    languages.add(WordAnalysis.language(field.name));
                }
            }
            NumericDocValues access = leaf.reader().getNumericDocValues(Fields.ACCESS);
            long last = -1;
            while (access != null && access.nextDoc() != NumericDocValues.NO_MORE_DOCS) {
                if (access.longValue() != last || accessSets.isEmpty()) {
                    last = access.longValue();
                    accessSets.add(last);
                }
            }
        }
    }

    DirectoryReader reader() {
        return reader;
    }

    /** The file that a later commit deletes. */
    String commitFile() {
        return commitFile;
    }

    Map<String, String> commitData() {
        return commitData;
    }

    /** Those that chunks of this commit are in, or were in before they were deleted. */
    SortedSet<Language> languages() {
        return languages;
    }

    /** What restricts a search to the scope; null where nothing needs to. */
    @Nullable
    Query filter(Scope scope) {
        Query asked = Fields.query(scope.filter());
        if (scope.accessSets().containsAll(accessSets)) {
            return asked;
        }
        long[] readable = accessSets.stream()
                .filter(scope.accessSets()::contains)
                .mapToLong(Long::longValue)
                .toArray();
        if (readable.length == 0) {
            return new MatchNoDocsQuery("nothing that the asker may read");
        }
        Query access = NumericDocValuesField.newSlowSetQuery(Fields.ACCESS, readable);
        return asked == null
                ? access
                : new BooleanQuery.Builder()
                        .add(access, BooleanClause.Occur.FILTER)
                        .add(asked, BooleanClause.Occur.FILTER)
                        .build();
    }
}
