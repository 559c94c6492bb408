package dev.tandem.parse;

import dev.tandem.domain.Failure;
import dev.tandem.knowledge.extract.OtherFormats;
import dev.tandem.knowledge.extract.Piece;
import dev.tandem.parse.child.Task;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads files in child processes: as many at a time as the limits allow, each child one file after the other. A child
 * starts when a file finds none free; it ends when a file was too much for it, when it has read its share, and with this
 * pool. Safe for use by several threads.
 */
public final class ParserPool implements OtherFormats, AutoCloseable {

    /** Formats made of text that say more when they are taken apart. */
    private static final Set<String> TEXTUAL =
            Set.of("eml", "mbox", "mht", "mhtml", "xml", "fodt", "fods", "fodp", "fb2", "xhtml");

    private static final Pattern ARCHIVE =
            Pattern.compile("(?is).*\\.(?:zip|7z|tar|t(?:gz|bz2|xz)|tar\\.(?:gz|bz2|xz))");

    private final ParseLimits limits;
    private final Ocr ocr;
    private final ChildCommand command;
    private final Semaphore turns;
    private final Deque<ParserChild> idle = new ArrayDeque<>();
    private final Set<ParserChild> all = new HashSet<>();
    private boolean closed;

    private ParserPool(ParseLimits limits, Ocr ocr, ChildCommand command) {
        this.limits = limits;
        this.ocr = ocr;
        this.command = command;
        this.turns = new Semaphore(limits.children(), true);
    }

    /** Starts nothing until a file needs it; recognises no text in pictures. */
    public static ParserPool within(ParseLimits limits) {
        return of(limits, ChildCommand.standard());
    }

    /** The same, and text in pictures is recognised. */
    public static ParserPool within(ParseLimits limits, Ocr ocr) {
        return new ParserPool(limits, ocr, ChildCommand.standard());
    }

    static ParserPool of(ParseLimits limits, ChildCommand command) {
        return new ParserPool(limits, Ocr.OFF, command);
    }

    @Override
    public boolean readsText(String extension) {
        return TEXTUAL.contains(extension);
    }

    @Override
    public Told read(String path, byte[] bytes, Consumer<Piece> out) {
        return read(path, bytes, Task.READ, out);
    }

    @Override
    public boolean readsPages() {
        return true;
    }

    @Override
    public Told readPages(String path, byte[] bytes, Consumer<Piece> out) {
        return read(path, bytes, Task.READ_PAGES, out);
    }

    @Override
    public boolean recognises() {
        return !ocr.command().isEmpty();
    }

    @Override
    public Told recognise(String path, byte[] bytes, Consumer<Piece> out) {
        return read(path, bytes, Task.RECOGNISE, out);
    }

    @Override
    public boolean unpacks(String path) {
        return ARCHIVE.matcher(path).matches();
    }

    @Override
    public void unpack(String path, byte[] bytes, Consumer<Member> out) {
        try (var unpacked = new Unpacked(limits)) {
            with(child -> {
                child.unpack(path, bytes, unpacked);
                return true;
            });
            unpacked.each(out);
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.BUSY,
                    "There is no place for what is unpacked: " + e.getMessage() + ".",
                    "Check that there is space for temporary files, then ingest it again.",
                    e);
        }
    }

    private Told read(String path, byte[] bytes, Task task, Consumer<Piece> out) {
        return with(child -> child.read(path, bytes, task, out));
    }

    private <T> T with(Function<ParserChild, T> work) {
        try {
            turns.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.Kind.BUSY, "Reading it was interrupted.", "Ingest it again.", e);
        }
        try {
            ParserChild child = take();
            try {
                return work.apply(child);
            } finally {
                putBack(child);
            }
        } finally {
            turns.release();
        }
    }

    private ParserChild take() {
        synchronized (this) {
            requireOpen();
            for (ParserChild child = idle.poll(); child != null; child = idle.poll()) {
                if (child.isFit()) {
                    return child;
                }
                end(child);
            }
        }
        // Out of the lock: a start takes a second.
        ParserChild started = ParserChild.start(command, limits, ocr);
        synchronized (this) {
            if (closed) {
                started.close();
            }
            requireOpen();
            all.add(started);
            return started;
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new Failure(Failure.Kind.BUSY, "Reading it was interrupted.", "Ingest it again.");
        }
    }

    private synchronized void putBack(ParserChild child) {
        if (!closed && child.isFit()) {
            idle.push(child);
        } else {
            end(child);
        }
    }

    private void end(ParserChild child) {
        child.close();
        all.remove(child);
    }

    /** Process ids of the children that live. */
    synchronized Set<Long> children() {
        var ids = new HashSet<Long>();
        all.forEach(child -> ids.add(child.id()));
        return ids;
    }

    /** Ends every child; a file that is being read fails. */
    @Override
    public synchronized void close() {
        closed = true;
        all.forEach(ParserChild::close);
        all.clear();
        idle.clear();
    }
}
