package dev.tandem.knowledge.index;

import dev.tandem.domain.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.search.similarities.Similarity;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.jspecify.annotations.Nullable;

/**
 * One Lucene index on disk: its writer, if this process writes, and searchers over its last commit. Each commit carries
 * the ledger sequence that it holds, the hash of the encoder it belongs to and the format it is written in.
 *
 * <p>Merges run in the writing thread ({@link SerialMergeScheduler}): segments, and with them term statistics, are then
 * a function of the writes alone, and a failing merge surfaces where somebody can report it.
 */
final class LuceneDirectory implements AutoCloseable {

    /**
     * One more for each change of fields or analysis, so that no index is read by other rules than it was written by. What
     * an index does not need is not asked of who reads it: one with English words alone is of the first.
     */
    static final int FORMAT_NOW = 1;

    /** Words of other languages stand in fields of their own, with the language beside them. */
    static final int FORMAT_OF_LANGUAGES = 2;

    private static final int NEWEST = FORMAT_OF_LANGUAGES;

    private static final String FORMAT = "tandem.format";
    private static final String SEQUENCE = "tandem.sequence";
    private static final String ENCODER = "tandem.encoder";

    /** A change of what the directory holds. */
    interface Change {
        void make(IndexWriter writer) throws IOException;
    }

    private final Path path;
    private final Directory directory;
    private final Similarity similarity;
    private final @Nullable IndexWriter writer;
    /** Over the newest commit when it was last looked at. Holds one reference to its reader, given up when replaced. */
    private volatile CommitSearcher newest;

    private boolean uncommitted;
    private int needed = FORMAT_NOW;

    private LuceneDirectory(
            Path path,
            Directory directory,
            Similarity similarity,
            @Nullable IndexWriter writer,
            CommitSearcher newest) {
        this.path = path;
        this.directory = directory;
        this.similarity = similarity;
        this.writer = writer;
        this.newest = newest;
    }

    /** Whether anything was ever committed there, even if it is damaged now. */
    static boolean exists(Path path) {
        return Broken.guard(path, () -> {
            if (!Files.isDirectory(path)) {
                return false;
            }
            try (Directory directory = FSDirectory.open(path)) {
                return holdsMoreThanAnAttempt(directory);
            }
        });
    }

    /** What a crash before the first commit leaves behind counts for nothing and may be written over. */
    private static boolean holdsMoreThanAnAttempt(Directory directory) throws IOException {
        for (String name : directory.listAll()) {
            if (!name.equals(IndexWriter.WRITE_LOCK_NAME) && !name.startsWith("pending_segments")) {
                return true;
            }
        }
        return false;
    }

    /** Opens for writing; where nothing is there yet, commits an empty index of sequence 0 first. */
    static LuceneDirectory write(Path path, IndexWriterConfig config, String encoderHash) {
        return Broken.guard(path, () -> {
            Directory directory = FSDirectory.open(path);
            IndexWriter writer = null;
            try {
                boolean fresh = !DirectoryReader.indexExists(directory);
                if (fresh && holdsMoreThanAnAttempt(directory)) {
                    throw new IndexNotFoundException("files but no commit in " + path);
                }
                writer = new IndexWriter(directory, settled(config));
                if (fresh) {
                    stamp(writer, Map.of(SEQUENCE, "0", ENCODER, encoderHash, FORMAT, Integer.toString(FORMAT_NOW)));
                    writer.commit();
                }
                Similarity similarity = config.getSimilarity();
                return new LuceneDirectory(path, directory, similarity, writer, open(path, directory, similarity));
            } catch (Throwable e) {
                if (writer != null) {
                    writer.rollback();
                }
                directory.close();
                throw e;
            }
        });
    }

    static LuceneDirectory read(Path path, Similarity similarity) {
        return Broken.guard(path, () -> {
            Directory directory = FSDirectory.open(path);
            try {
                return new LuceneDirectory(path, directory, similarity, null, open(path, directory, similarity));
            } catch (Throwable e) {
                directory.close();
                throw e;
            }
        });
    }

    /**
     * Deletes what has that term and writes every segment anew that still holds anything deleted, whenever it was: on return
     * no file of the directory does. Sequence, encoder and format stay as they are.
     */
    static void purge(Path path, IndexWriterConfig config, Term term) {
        Broken.run(path, () -> {
            try (Directory directory = FSDirectory.open(path);
                    IndexWriter writer =
                            new IndexWriter(directory, settled(config).setCommitOnClose(true))) {
                writer.deleteDocuments(term);
                writer.forceMergeDeletes(true);
                writer.commit();
            }
        });
    }

    /** What is wrong with the last commit: every file is read against its checksum; empty where all is whole. */
    static Optional<Failure> damage(Path path, Similarity similarity) {
        try {
            Broken.run(path, () -> {
                try (Directory directory = FSDirectory.open(path)) {
                    for (String name : SegmentInfos.readLatestCommit(directory).files(true)) {
                        try (IndexInput input = directory.openInput(name, IOContext.READONCE)) {
                            CodecUtil.checksumEntireFile(input);
                        }
                    }
                    open(path, directory, similarity).reader().close();
                }
            });
            return Optional.empty();
        } catch (Failure e) {
            if (e.kind() != Failure.Kind.BROKEN) {
                throw e;
            }
            return Optional.of(e);
        }
    }

    private static CommitSearcher open(Path path, Directory directory, Similarity similarity) throws IOException {
        var searcher = new CommitSearcher(DirectoryReader.open(directory), similarity);
        int format = format(searcher.commitData());
        if (format < FORMAT_NOW || format > NEWEST) {
            searcher.reader().close();
            throw Broken.format(path, format, NEWEST);
        }
        return searcher;
    }

    /** 0 where it says none. */
    private static int format(Map<String, String> commitData) {
        String format = commitData.getOrDefault(FORMAT, "");
        return format.matches("\\d{1,9}") ? Integer.parseInt(format) : 0;
    }

    /** From the next commit on it is of this format at least: what is written now needs it. */
    void need(int format) {
        needed = Math.max(needed, format);
    }

    private static IndexWriterConfig settled(IndexWriterConfig config) {
        return config.setMergeScheduler(new SerialMergeScheduler())
                // When what was deleted is to be gone, then all of it.
                .setMergePolicy(new TieredMergePolicy().setForceMergeDeletesPctAllowed(0))
                .setCommitOnClose(false);
    }

    /** Whether something was written that no commit holds yet. */
    boolean isChanged() {
        return uncommitted;
    }

    /** Seen and durable from the next {@link #commit}. */
    void change(Change change) {
        run(() -> {
            uncommitted = true;
            change.make(writer());
        });
    }

    private IndexWriter writer() {
        if (writer == null) {
            throw new IllegalStateException("opened for reading: " + path);
        }
        return writer;
    }

    /** Makes everything written so far durable and visible, as the state of this ledger sequence. */
    void commit(long sequence) {
        run(() -> {
            var data = new HashMap<>(newest.commitData());
            data.put(SEQUENCE, Long.toString(sequence));
            data.put(FORMAT, Integer.toString(Math.max(needed, format(data))));
            stamp(writer(), data);
            writer().commit();
            uncommitted = false;
        });
    }

    private static void stamp(IndexWriter writer, Map<String, String> data) {
        writer.setLiveCommitData(data.entrySet());
    }

    /** Of the last commit. */
    long sequence() {
        return Long.parseLong(commitData(SEQUENCE, "0"));
    }

    /** Of the last commit. */
    String encoderHash() {
        return commitData(ENCODER, "");
    }

    private String commitData(String key, String otherwise) {
        CommitSearcher searcher = acquire();
        try {
            return searcher.commitData().getOrDefault(key, otherwise);
        } finally {
            release(searcher);
        }
    }

    /** A searcher over the last commit, whoever made it. Give it back with {@link #release}. */
    CommitSearcher acquire() {
        return guard(() -> {
            CommitSearcher searcher = newest;
            return isStillThere(searcher) && searcher.reader().tryIncRef() ? searcher : acquireRefreshed();
        });
    }

    /** A commit deletes the file of the one before it: looking for that file is the cheapest way to notice. */
    private boolean isStillThere(CommitSearcher searcher) {
        return Files.exists(path.resolve(searcher.commitFile()));
    }

    private synchronized CommitSearcher acquireRefreshed() throws IOException {
        CommitSearcher before = newest;
        if (!isStillThere(before)) {
            CommitSearcher after = refreshed(before);
            if (after != before) {
                newest = after;
                before.reader().decRef();
            }
        }
        newest.reader().incRef();
        return newest;
    }

    private CommitSearcher refreshed(CommitSearcher before) throws IOException {
        DirectoryReader changed;
        try {
            changed = DirectoryReader.openIfChanged(before.reader());
        } catch (IllegalStateException _) {
            // Another index stands at this path: it was moved away and built again.
            return open(path, directory, similarity);
        }
        return changed == null ? before : new CommitSearcher(changed, similarity);
    }

    void release(CommitSearcher searcher) {
        run(searcher.reader()::decRef);
    }

    /** Runs a use of this directory and says what is broken where it fails. */
    <T> T guard(Broken.Use<T> use) {
        return Broken.guard(path, use, this::verify);
    }

    void run(Broken.Task task) {
        guard(() -> {
            task.run();
            return path;
        });
    }

    /** Reads every file against its checksum. */
    void verify() throws IOException {
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
            for (var leaf : reader.leaves()) {
                leaf.reader().checkIntegrity();
            }
        }
    }

    /** What was not committed is dropped; the ledger brings it back. Merges since the last commit are kept. */
    @Override
    public void close() {
        Broken.run(path, () -> {
            try (directory) {
                if (writer != null) {
                    if (writer.isOpen() && !uncommitted && writer.hasUncommittedChanges()) {
                        writer.commit();
                    }
                    writer.rollback();
                }
                newest.reader().decRef();
            }
        });
    }
}
