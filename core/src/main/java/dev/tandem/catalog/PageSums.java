package dev.tandem.catalog;

import dev.tandem.domain.Failure;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * A checksum of each page of a catalog, which SQLite itself does not keep: in {@code catalog.db.sums} beside it, one long a
 * page.
 *
 * <p>In log mode a page of the file changes in a checkpoint and at no other time. So SQLite makes none by itself; the one
 * writer makes them here, when the log has grown and at its end. The log names the pages that are about to change: they are
 * written down ({@code catalog.db.pending}) and forced to disk, then the checkpoint is made, then their sums are put in
 * place, then the note goes. Whatever stops that, the pages of the note are the only ones whose sums are not known, and
 * the next writer takes them anew. Without sums everything works as before, and damage shows later: nothing here
 * makes a change of the catalog fail.
 */
final class PageSums {

    /** Of log since the last checkpoint, in bytes: as many pages as SQLite itself would take, a thousand. */
    private static final long GROWN = 8L << 20;

    private static final int LOG_HEADER = 32;
    private static final int FRAME_HEADER = 24;
    /** Of the database, as far as its page size stands in it. */
    private static final int HEADER = 18;
    /** What the second half of a sum is mixed with, so that a damaged sum is told from a damaged page. */
    private static final int MIXED = 0x5bd1e995;

    private final Path database;
    private final Path log;
    private final Path sums;
    private final Path pending;
    private long sizeAtCheckpoint;

    PageSums(Path database) {
        this.database = database;
        this.log = database.resolveSibling(database.getFileName() + "-wal");
        this.sums = database.resolveSibling(database.getFileName() + ".sums");
        this.pending = database.resolveSibling(database.getFileName() + ".pending");
    }

    /** What a check found: pages that are not what was written, and whether sums themselves were damaged. */
    record Found(List<Integer> pages, boolean sumsDamaged) {}

    /** For the one writer, before its first change: from now on a page changes only in {@link #checkpoint}. */
    void begin(Sql sql) {
        sql.run("PRAGMA wal_autocheckpoint = 0");
    }

    /** For the one writer, after a commit. */
    void committed(Sql sql) {
        long size = logSize();
        if (size - sizeAtCheckpoint >= GROWN) {
            checkpoint(sql);
            sizeAtCheckpoint = logSize();
        }
    }

    private long logSize() {
        try {
            return Files.exists(log) ? Files.size(log) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    /** For the one writer: moves what the log holds into the file, and says whether the log is empty. */
    boolean checkpoint(Sql sql) {
        boolean noted = note();
        boolean emptied = truncate(sql);
        if (noted) {
            take();
        }
        return emptied;
    }

    /** For the one writer, instead of closing: the last connection to a database may change its file, too. */
    void close(Sql sql) {
        boolean changed = Files.exists(pending) || !Files.exists(sums) || logSize() > 0;
        boolean noted = changed && note();
        try {
            if (changed) {
                truncate(sql);
            }
        } finally {
            sql.closeConnection();
        }
        if (noted) {
            take();
        }
    }

    /** As far as readers let it, without waiting for them. */
    private static boolean truncate(Sql sql) {
        long timeout = sql.number("PRAGMA busy_timeout");
        sql.run("PRAGMA busy_timeout = 0");
        try {
            return sql.number("PRAGMA wal_checkpoint(TRUNCATE)") == 0;
        } catch (Failure _) {
            // A full disk: the log keeps what the file lacks.
            return false;
        } finally {
            sql.run("PRAGMA busy_timeout = " + timeout);
        }
    }

    /** Says whether {@link #writeNote} could; there are no sums where not. */
    boolean note() {
        try {
            writeNote();
            return true;
        } catch (IOException e) {
            giveUp();
            return false;
        }
    }

    private void take() {
        try {
            takeSums();
        } catch (IOException e) {
            giveUp();
        }
    }

    private void giveUp() {
        try {
            drop();
        } catch (Failure _) {
            // Then a later check may take what was written for damage; a change of the catalog is worth more.
        }
    }

    /** Writes down which pages a checkpoint may change: those of the log, and what an earlier note says. */
    private void writeNote() throws IOException {
        SortedSet<Integer> pages = logged();
        // Counts and versions of the file are on its first page.
        pages.add(1);
        pages.removeAll(noted());
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * pages.size());
        pages.forEach(bytes::putInt);
        try (FileChannel out = FileChannel.open(pending, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // After what stands there, so that a second power cut cannot take what the first one left; a page that was
            // written in part is written over.
            write(out, bytes.flip(), out.size() / Integer.BYTES * Integer.BYTES);
            out.force(true);
        }
        Path folder = pending.toAbsolutePath().getParent();
        if (folder != null) {
            Storage.force(folder);
        }
    }

    private SortedSet<Integer> noted() throws IOException {
        var pages = new TreeSet<Integer>();
        if (Files.exists(pending)) {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(pending));
            while (bytes.remaining() >= Integer.BYTES) {
                int page = bytes.getInt();
                // Power failed while the note was written: it may hold zeros.
                if (page > 0) {
                    pages.add(page);
                }
            }
        }
        return pages;
    }

    /** Pages in the log's frames; see "The WAL File Format" in SQLite's documentation. */
    private SortedSet<Integer> logged() throws IOException {
        var pages = new TreeSet<Integer>();
        if (!Files.exists(log)) {
            return pages;
        }
        try (FileChannel in = FileChannel.open(log)) {
            ByteBuffer header = ByteBuffer.allocate(LOG_HEADER);
            if (in.size() < LOG_HEADER) {
                return pages;
            }
            read(in, header, 0);
            int pageSize = header.getInt(8);
            long salt = header.getLong(16);
            ByteBuffer frame = ByteBuffer.allocate(FRAME_HEADER);
            for (long at = LOG_HEADER; at + FRAME_HEADER + pageSize <= in.size(); at += FRAME_HEADER + pageSize) {
                read(in, frame.clear(), at);
                if (frame.getLong(8) != salt) {
                    // Left over from before the log began anew.
                    break;
                }
                pages.add(frame.getInt(0));
            }
        }
        return pages;
    }

    /** Puts the sums of the noted pages, and of those that never had one, in place. */
    private void takeSums() throws IOException {
        SortedSet<Integer> noted = noted();
        try (FileChannel in = FileChannel.open(database);
                FileChannel out = FileChannel.open(
                        sums, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            int pageSize = pageSize(in);
            int pages = (int) (in.size() / pageSize);
            int before = (int) (out.size() / Long.BYTES);
            ByteBuffer page = ByteBuffer.allocate(pageSize);
            ByteBuffer sum = ByteBuffer.allocate(Long.BYTES);
            for (int number : noted) {
                if (number <= Math.min(pages, before)) {
                    write(out, sum.clear().putLong(0, sum(in, page, number)), at(number));
                }
            }
            for (int number = before + 1; number <= pages; number++) {
                write(out, sum.clear().putLong(0, sum(in, page, number)), at(number));
            }
            out.truncate((long) pages * Long.BYTES);
            out.force(true);
        }
        Files.deleteIfExists(pending);
    }

    /** Of the file as it is on disk, but for pages that a checkpoint was at; nothing where there are no sums. */
    Found check() {
        try {
            return Files.exists(sums) && Files.exists(database) ? checked() : new Found(List.of(), false);
        } catch (IOException e) {
            throw Storage.failure(e, database);
        }
    }

    private Found checked() throws IOException {
        SortedSet<Integer> unknown = noted();
        var damaged = new ArrayList<Integer>();
        boolean sumsDamaged = false;
        try (FileChannel in = FileChannel.open(database);
                FileChannel known = FileChannel.open(sums)) {
            if (in.size() < HEADER) {
                return new Found(List.of(1), false);
            }
            ByteBuffer first = ByteBuffer.allocate(Long.BYTES);
            int pageSize = pageSize(in);
            if (pageSize < 512) {
                return new Found(List.of(1), false);
            }
            int pages = (int) Math.min(in.size() / pageSize, known.size() / Long.BYTES);
            ByteBuffer page = ByteBuffer.allocate(pageSize);
            for (int number = 1; number <= pages; number++) {
                if (unknown.contains(number)) {
                    continue;
                }
                read(known, first.clear(), at(number));
                long kept = first.getLong(0);
                if ((int) kept != mixed((int) (kept >>> 32), number)) {
                    sumsDamaged = true;
                } else if (kept != sum(in, page, number)) {
                    damaged.add(number);
                }
            }
            if (in.size() / pageSize < known.size() / Long.BYTES && unknown.isEmpty()) {
                damaged.add(pages + 1);
            }
        }
        return new Found(List.copyOf(damaged), sumsDamaged);
    }

    /** As there were none: they are taken of all pages at the next writer's end. */
    void drop() {
        try {
            Files.deleteIfExists(sums);
            Files.deleteIfExists(pending);
        } catch (IOException e) {
            throw Storage.failure(e, sums);
        }
    }

    private static int pageSize(FileChannel database) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        read(database, header, 0);
        int size = Short.toUnsignedInt(header.getShort(16));
        return size == 1 ? 65_536 : size;
    }

    private static long sum(FileChannel in, ByteBuffer page, int number) throws IOException {
        read(in, page.clear(), (long) (number - 1) * page.capacity());
        var crc = new CRC32C();
        crc.update(page.flip());
        int sum = (int) crc.getValue();
        return (long) sum << 32 | Integer.toUnsignedLong(mixed(sum, number));
    }

    private static int mixed(int sum, int number) {
        return sum ^ MIXED ^ Integer.reverse(number);
    }

    private static long at(int number) {
        return (long) (number - 1) * Long.BYTES;
    }

    private static void read(FileChannel in, ByteBuffer into, long at) throws IOException {
        while (into.hasRemaining()) {
            if (in.read(into, at + into.position()) < 0) {
                throw new EOFException();
            }
        }
    }

    private static void write(FileChannel out, ByteBuffer bytes, long at) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes, at + bytes.position());
        }
    }
}
