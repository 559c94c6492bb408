package dev.tandem.parse;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import dev.tandem.knowledge.extract.NoTextLayer;
import dev.tandem.knowledge.extract.OtherFormats.Told;
import dev.tandem.knowledge.extract.Piece;
import dev.tandem.parse.child.Child;
import dev.tandem.parse.child.Frame;
import dev.tandem.parse.child.Task;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A child process and what it may do. One file at a time. Whoever reads from it is never stuck: while a file is read, a
 * watcher ends the process when its time or its temporary space is spent, and the pipes end with it.
 */
final class ParserChild implements AutoCloseable {

    /** A child is replaced after so many files, whatever libraries may have kept of them. */
    private static final int SHARE = 500;

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final String MEND = "Mend or convert the file, then ingest it again.";

    /** Why a watcher ended the process. */
    private enum Spent {
        TIME,
        SPACE
    }

    private final ParseLimits limits;
    private final Ocr ocr;
    private final Path folder;
    private final Process process;
    private final DataOutputStream to;
    private final DataInputStream from;
    private volatile @Nullable Spent spent;
    private int files;
    private boolean fit = true;

    private ParserChild(ParseLimits limits, Ocr ocr, Path folder, Process process) {
        this.limits = limits;
        this.ocr = ocr;
        this.folder = folder;
        this.process = process;
        this.to = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 1 << 16));
        this.from = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
    }

    /** On return it waits for a file. */
    static ParserChild start(ChildCommand command, ParseLimits limits, Ocr ocr) {
        ParserChild child = null;
        try {
            Path folder = Files.createTempDirectory(
                    "tandem-parse-" + ProcessHandle.current().pid() + "-");
            child = new ParserChild(
                    limits, ocr, folder, command.builder(limits, ocr, folder).start());
            child.awaitReady(START);
            return child;
        } catch (IOException e) {
            if (child != null) {
                child.close();
            }
            throw new Failure(
                    Failure.Kind.BROKEN,
                    "The process that reads this format did not start.",
                    "Check that there is memory for it (parse-memory-mb) and space for temporary files.",
                    e);
        }
    }

    private void awaitReady(Duration most) throws IOException {
        try (var _ = watch(most)) {
            Frame first = Frame.read(from);
            if (first == null || first.kind() != Frame.Kind.READY) {
                throw new IOException("not ready");
            }
        }
    }

    long id() {
        return process.pid();
    }

    /** Whether it may have another file. */
    boolean isFit() {
        return fit && files < SHARE && process.isAlive();
    }

    /**
     * @throws NoTextLayer where the pages of a PDF were to be read and show none
     * @throws Failure with the reason; afterwards this child may be unfit
     */
    Told read(String path, byte[] bytes, Task task, Consumer<Piece> out) {
        files++;
        fit = false;
        try (var _ = watch(task == Task.RECOGNISE ? ocr.time() : limits.time())) {
            send(path, bytes, task);
            Told told = receive(out);
            fit = spent == null;
            return told;
        } catch (Failure | NoTextLayer why) {
            throw why;
        } catch (IOException | UncheckedIOException e) {
            throw died(task, e);
        }
    }

    /** Keeps the files of an archive, and why there are no more where it could not be unpacked to its end. */
    void unpack(String path, byte[] bytes, Unpacked into) {
        files++;
        fit = false;
        try (var _ = watch(limits.time())) {
            send(path, bytes, Task.UNPACK);
            Frame frame = Frame.read(from);
            while (frame != null && frame.kind() == Frame.Kind.MEMBER) {
                into.keep(frame.text(0), frame.number(), from);
                frame = Frame.read(from);
            }
            if (frame == null || (frame.kind() != Frame.Kind.DONE && frame.kind() != Frame.Kind.FAILED)) {
                throw new IOException("neither done nor failed");
            }
            expectReady();
            fit = spent == null;
            if (frame.kind() == Frame.Kind.FAILED) {
                into.failed(failure(Printable.of(frame.text(0)), Printable.of(frame.text(1)), null));
            }
        } catch (IOException | UncheckedIOException e) {
            into.failed(died(Task.UNPACK, e));
        }
    }

    private void send(String path, byte[] bytes, Task task) throws IOException {
        to.writeByte(task.number());
        String name = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
        to.writeUTF(name.length() > 1_000 ? name.substring(name.length() - 1_000) : name);
        to.writeLong(bytes.length);
        to.write(bytes);
        to.flush();
    }

    /** What a child says is not believed beyond its limits: a file may have taken it over. */
    private Told receive(Consumer<Piece> out) throws IOException {
        SortedMap<String, String> metadata = new TreeMap<>();
        String title = null;
        Instant modified = null;
        long characters = 0;
        long hidden = 0;
        while (true) {
            Frame frame = Frame.read(from);
            if (frame == null) {
                throw new IOException("ended");
            }
            for (String text : frame.texts()) {
                characters += text.length();
            }
            if (characters > 2 * limits.characters() + Frame.LONGEST) {
                throw new IOException("it says too much");
            }
            switch (frame.kind()) {
                case HEADING -> out.accept(new Piece.Heading(Math.clamp(frame.number(), 1, 9), frame.text(0)));
                case PARAGRAPH -> out.accept(new Piece.Paragraph(frame.text(0)));
                case CONTINUED -> out.accept(new Piece.Continued(frame.text(0)));
                case ITEMS -> out.accept(new Piece.Items(frame.text(0)));
                case PART -> out.accept(new Piece.Part(Math.clamp(frame.number(), 1, 9), frame.text(0)));
                case ROW -> out.accept(new Piece.Row(frame.texts()));
                case TABLE_END -> out.accept(new Piece.TableEnd());
                case PAGE -> out.accept(new Piece.Page(Math.clamp(frame.number(), 1, Integer.MAX_VALUE)));
                case TITLE -> title = frame.text(0);
                case METADATA -> {
                    if (metadata.size() < 100) {
                        metadata.put(frame.text(0), frame.text(1));
                    }
                }
                case HIDDEN -> hidden = Math.max(0, frame.number());
                case MODIFIED -> modified = Instant.ofEpochMilli(frame.number());
                case DONE -> {
                    expectReady();
                    return new Told(title, metadata, modified, hidden);
                }
                case FAILED -> {
                    expectReady();
                    fit = spent == null;
                    throw failure(Printable.of(frame.text(0)), Printable.of(frame.text(1)), null);
                }
                case NO_TEXT_LAYER -> {
                    expectReady();
                    fit = spent == null;
                    throw new NoTextLayer(noTextLayer(frame.text(0)));
                }
                case READY, MEMBER -> throw new IOException(frame.kind() + " is no answer");
            }
        }
    }

    private static NoTextLayer.Why noTextLayer(String name) throws IOException {
        for (NoTextLayer.Why each : NoTextLayer.Why.values()) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        throw new IOException("no text layer for no reason");
    }

    private void expectReady() throws IOException {
        Frame next = Frame.read(from);
        if (next == null || next.kind() != Frame.Kind.READY) {
            throw new IOException("not ready again");
        }
    }

    private Failure died(Task task, Exception cause) {
        kill();
        int code = exitCode();
        Spent why = spent;
        if (why == Spent.TIME && task == Task.RECOGNISE) {
            return failure(
                    "Recognising its text takes longer than " + seconds(ocr.time()) + ".",
                    "Split it, or raise ocr-seconds, then ingest it again.",
                    cause);
        }
        if (why == Spent.TIME) {
            return failure(
                    "Reading it takes longer than " + seconds(limits.time()) + ".",
                    "Split or convert the file, or raise parse-seconds, then ingest it again.",
                    cause);
        }
        if (why == Spent.SPACE) {
            return failure(
                    "Reading it takes more than " + limits.unpackedMegabytes() + " MB of temporary space.",
                    "Unpack it, then ingest what is in it; or raise parse-unpacked-mb.",
                    cause);
        }
        if (code == Child.OUT_OF_MEMORY) {
            return failure(
                    "Reading it takes more than " + limits.memoryMegabytes() + " MB of memory.",
                    "Split or convert the file, or raise parse-memory-mb, then ingest it again.",
                    cause);
        }
        return failure("The process that read it broke down (exit code " + code + ").", MEND, cause);
    }

    /** Ends the process and what it started. */
    private void kill() {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
    }

    private int exitCode() {
        try {
            return process.waitFor(10, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    private static String seconds(Duration time) {
        return time.toSeconds() > 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    private static Failure failure(String reason, String nextStep, @Nullable Throwable cause) {
        return new Failure(Failure.Kind.INVALID, reason, nextStep, cause);
    }

    /** Ends the process when this time has passed, or its folder has grown too large, and this is not closed before. */
    private Watch watch(Duration most) {
        long deadline = System.nanoTime() + most.toNanos();
        var done = new CountDownLatch(1);
        Thread.ofVirtual().name("watch-" + process.pid()).start(() -> {
            try {
                while (!done.await(Math.min(LOOK.toMillis(), most.toMillis()), TimeUnit.MILLISECONDS)) {
                    boolean late = System.nanoTime() - deadline > 0;
                    if (late || size(folder) > limits.unpackedMegabytes() * 1_000_000L) {
                        spent = late ? Spent.TIME : Spent.SPACE;
                        kill();
                        return;
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return done::countDown;
    }

    private interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    private static long size(Path folder) {
        long[] bytes = {0};
        visit(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                bytes[0] += attributes.size();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        return bytes[0];
    }

    private static void visit(Path folder, SimpleFileVisitor<Path> visitor) {
        try {
            Files.walkFileTree(folder, visitor);
        } catch (IOException e) {
            // The child makes and removes files meanwhile; what is left is seen the next time.
        }
    }

    /** Ends the process and removes its temporary files. */
    @Override
    public void close() {
        fit = false;
        kill();
        exitCode();
        visit(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, @Nullable IOException e) throws IOException {
                Files.deleteIfExists(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
