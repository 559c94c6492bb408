package dev.tandem.knowledge.index;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.util.IOUtils;

/** Copies of one Lucene directory, each its last commit, while another process writes it. */
public final class IndexCopy {

    /** Between reading the commit and opening its files microseconds pass, in which a writer may replace it. */
    private static final int ATTEMPTS = 50;

    /** Takes a file of the commit. */
    @FunctionalInterface
    public interface Sink {
        void file(String name, InputStream content) throws IOException;
    }

    private IndexCopy() {}

    /**
     * Hands on every file of the last commit, each read against its checksum before.
     *
     * @throws dev.tandem.domain.Failure BROKEN where one is damaged, naming it
     */
    public static void take(Path directory, Sink sink) {
        Broken.run(directory, () -> {
            try (Directory files = FSDirectory.open(directory)) {
                var opened = new TreeMap<String, IndexInput>();
                try {
                    open(files, opened);
                    for (Map.Entry<String, IndexInput> file : opened.entrySet()) {
                        IndexInput input = file.getValue();
                        CodecUtil.checksumEntireFile(input);
                        input.seek(0);
                        sink.file(file.getKey(), stream(input));
                    }
                } finally {
                    IOUtils.close(opened.values());
                }
            }
        });
    }

    /** Files that are open stay whole, even when a later commit deletes them. */
    private static void open(Directory files, Map<String, IndexInput> opened) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                for (String name : SegmentInfos.readLatestCommit(files).files(true)) {
                    opened.put(name, files.openInput(name, IOContext.DEFAULT));
                }
                return;
            } catch (NoSuchFileException | FileNotFoundException e) {
                IOUtils.close(opened.values());
                opened.clear();
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static InputStream stream(IndexInput input) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                return input.getFilePointer() < input.length() ? input.readByte() & 0xff : -1;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int rest = (int) Math.min(length, input.length() - input.getFilePointer());
                if (rest == 0 && length > 0) {
                    return -1;
                }
                input.readBytes(bytes, offset, rest);
                return rest;
            }
        };
    }
}
