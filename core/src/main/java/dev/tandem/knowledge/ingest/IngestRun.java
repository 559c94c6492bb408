package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.Sha256;
import dev.tandem.catalog.Standing;
import dev.tandem.catalog.State;
import dev.tandem.catalog.Storage;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import dev.tandem.knowledge.extract.Extractors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One ingest, from paths to searchable documents; reads top to bottom. */
final class IngestRun {

    private static final String INPUT = "-";

    private final Workshop shop;
    private final CatalogWriter catalog;
    private final Request request;
    private final Tally tally;
    private final Intake intake;
    private final Extractors extractors;
    private final Records records;
    private final String owner;
    private final List<Intake.Arrived> group = new ArrayList<>();
    private long groupBytes;
    private long lastFollowed = System.nanoTime();

    IngestRun(Workshop shop, Request request, Tally tally) {
        this.shop = shop;
        this.catalog = shop.catalog();
        this.request = request;
        this.tally = tally;
        this.intake = new Intake(
                catalog,
                shop.chunker(request.collection()),
                shop.cores(),
                request,
                shop.settings().language(),
                tally);
        this.extractors = shop.extractors();
        this.records = new Records(request.mapping(), request.export(), extractors);
        this.owner = request.owner().user();
    }

    void run() {
        run(true);
    }

    /** @param something whether a request that names nothing, such as an empty folder, is a mistake */
    void run(boolean something) {
        Scan scan = begin();
        requireKnown(scan);
        if (something) {
            requireSomething(scan);
        }
        take(scan);
    }

    /** Of the request only these paths: files that are new, changed or gone, and folders. */
    void run(Collection<Path> changed) {
        begin();
        take(Scan.exactly(changed, shop.home()));
    }

    private Scan begin() {
        if (request.localOnly()) {
            catalog.localOnly().begin(request.owner(), request.collection());
        }
        // Before anything is acknowledged: the collection's encoder may not be there any more.
        shop.embedder(request.collection());
        shop.feed(request.collection());
        resume();
        shop.catchUp();
        return Scan.of(
                request.paths().stream().filter(path -> !path.equals(INPUT)).toList(), shop.home());
    }

    private void take(Scan scan) {
        tally.tell(new Event.Scanned(scan.found().size(), scan.bytes()));
        read(scan);
        if (request.paths().contains(INPUT)) {
            readInput();
            takeGroup();
            shop.blobs().keepOnly(catalog.contentHashes(Candidate.INPUT));
        }
        for (Scan.Closed closed : scan.closed()) {
            broken(closed.path().toString(), unreadable(closed.why()));
        }
        takeGroup();
        sweep(scan);
        shop.follow(owner, tally);
        shop.fillVectors(owner, tally, request.collection());
    }

    /** What earlier runs acknowledged and did not get to read, whoever asked for it. */
    void resume() {
        var held = new LinkedHashMap<String, List<Standing>>();
        var pending = new ArrayList<Intake.Pending>();
        for (Standing document : catalog.unfinished()) {
            if (document.owner().equals(owner)) {
                tally.resumed();
            }
            if (Candidate.isHeld(document.source())) {
                held.computeIfAbsent(document.file(), _ -> new ArrayList<>()).add(document);
            } else {
                Resumption.of(document, shop, extractors).ifPresent(pending::add);
                finish(pending, shop.settings().groupDocuments());
            }
        }
        held.forEach((file, documents) -> Resumption.in(Path.of(file), documents, shop, extractors, resumed -> {
            pending.add(resumed);
            finish(pending, shop.settings().groupDocuments());
        }));
        finish(pending, 1);
    }

    private void finish(List<Intake.Pending> pending, int least) {
        if (pending.size() >= least) {
            intake.finish(pending);
            pending.clear();
        }
    }

    /** A path that names nothing stops the run before it starts, unless what it named is known and now gone. */
    private void requireKnown(Scan scan) {
        for (Scan.Missing missing : scan.missing()) {
            if (!isKnown(missing.root())) {
                throw new Failure(
                        Failure.Kind.MISSING,
                        "There is nothing at " + Printable.of(missing.written()) + "; nothing was ingested.",
                        "Check the path, or see what is there with tandem documents.");
            }
        }
    }

    private void requireSomething(Scan scan) {
        boolean nothing = scan.found().isEmpty()
                && scan.closed().isEmpty()
                && !request.paths().contains(INPUT)
                && scan.allRoots().stream().noneMatch(this::isKnown);
        if (nothing) {
            throw new Failure(
                    Failure.Kind.MISSING,
                    "There are no files in " + Printable.of(String.join(", ", request.paths())) + ".",
                    "Name a folder with documents in it; hidden files and links inside a folder are passed over.");
        }
    }

    private boolean isKnown(Scan.Root root) {
        return !knownUnder(root).isEmpty();
    }

    /** Files that the owner has documents of, and that the root covers. */
    private List<Path> knownUnder(Scan.Root root) {
        var files = new ArrayList<>(catalog.filesUnder(request.collection(), owner, root.prefix()));
        if (!catalog.ofFile(request.collection(), owner, root.path().toString()).isEmpty()) {
            files.add(root.path().toString());
        }
        return files.stream()
                .map(Path::of)
                .filter(file -> file.equals(root.path()) || root.covers().test(file))
                .toList();
    }

    private void read(Scan scan) {
        var pace = new Pace(Event.Work.READING, tally);
        long done = 0;
        for (Scan.Found found : scan.found()) {
            try {
                if (records.areIn(found.path())) {
                    takeGroup();
                    readRecords(found.file());
                } else if (!isKnownUnchanged(found.file())) {
                    FileRead read = FileRead.of(found.file(), shop.settings().limits());
                    add(file(found.path(), read));
                }
            } catch (IOException e) {
                broken(found.path(), unreadable(e));
            } catch (Failure e) {
                if (e.kind() != Failure.Kind.INVALID) {
                    throw e;
                }
                broken(found.path(), e);
            }
            done += found.bytes();
            pace.at(done, scan.bytes(), 0);
        }
    }

    /** Without reading it: it looks as it did when it was read, and nothing else about it is to change. */
    private boolean isKnownUnchanged(Path file) throws IOException {
        String path = file.toString();
        Optional<Standing> known = catalog.standing(request.collection(), owner, path);
        if (known.isEmpty() || known.get().state() != State.READY) {
            return false;
        }
        FileRead.Look look = FileRead.Look.at(file);
        if (!intake.given(known).equals(known.get().given())
                || !catalog.looksUnchanged(request.collection(), owner, path, look.bytes(), look.modifiedNanos())) {
            return false;
        }
        tally.tell(intake.withoutReading(known.get(), intake.readers(null, known)));
        return true;
    }

    private Candidate file(String path, FileRead read) {
        tally.read(read.bytes().length);
        return new Candidate(
                path,
                path,
                Candidate.FILE,
                Sha256.hex(read.bytes()),
                read.bytes().length,
                read.look().modified(),
                read.look(),
                null,
                () -> extractors.extract(path, read.bytes()));
    }

    /** Standard input cannot be read again: it is kept before it is acknowledged. */
    private void readInput() {
        InputStream input = request.input();
        if (input == null) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "There is no standard input to read.",
                    "Pipe a document into tandem ingest -.");
        }
        Path blob = shop.blobs().keep(input, shop.settings().limits());
        try {
            FileRead read = FileRead.of(blob, shop.settings().limits());
            tally.read(read.bytes().length);
            add(new Candidate(
                    INPUT,
                    INPUT,
                    Candidate.INPUT,
                    Sha256.hex(read.bytes()),
                    read.bytes().length,
                    Instant.now(),
                    null,
                    null,
                    () -> extractors.extract(INPUT, read.bytes())));
        } catch (IOException e) {
            throw Storage.failure(e, blob);
        }
    }

    private void broken(String path, Failure why) {
        add(new Intake.Broken(path, path, Candidate.FILE, why));
    }

    private void add(Intake.Arrived arrived) {
        group.add(arrived);
        groupBytes += arrived instanceof Candidate candidate ? candidate.bytes() : 0;
        if (group.size() >= shop.settings().groupDocuments()
                || groupBytes >= shop.settings().groupBytes()) {
            takeGroup();
        }
    }

    private void takeGroup() {
        intake.take(group);
        group.clear();
        groupBytes = 0;
        if (System.nanoTime() - lastFollowed > shop.settings().findableEvery().toNanos()) {
            shop.follow(owner, tally);
            lastFollowed = System.nanoTime();
        }
    }

    private void readRecords(Path file) throws IOException {
        new RecordFile(file, records, request, catalog, intake, tally).read(this::add, this::takeGroup);
    }

    /** Lets go of what is known under the paths of the request and whose file is gone. */
    private void sweep(Scan scan) {
        Set<Path> seen = new HashSet<>();
        scan.found().forEach(each -> seen.add(each.file()));
        scan.closed().forEach(each -> seen.add(each.path()));
        var told = new ArrayList<Event>();
        catalog.inTransaction(() -> {
            for (Scan.Root root : scan.allRoots()) {
                for (Path file : knownUnder(root)) {
                    if (!seen.contains(file)) {
                        sweep(file, told);
                    }
                }
            }
        });
        told.forEach(tally::tell);
    }

    private void sweep(Path file, List<Event> told) {
        // Where nobody can tell whether it is there, this is false: a folder that is shut is not one that is empty.
        boolean gone = Files.notExists(file);
        for (Standing document : catalog.ofFile(request.collection(), owner, file.toString())) {
            boolean found = document.live() > 0;
            if (gone && found) {
                told.add(new Event.Deleted(document.id(), document.path()));
            }
            // Of what is there and was not looked at, only a complaint from former times is let go.
            if (gone || (!found && document.state() == State.FAILED)) {
                catalog.delete(document);
            }
        }
        if (gone) {
            catalog.forgetFile(request.collection(), owner, file.toString());
        }
    }

    static Failure unreadable(IOException e) {
        String reason = switch (e) {
            case AccessDeniedException _ -> "It may not be read by this user.";
            case NoSuchFileException _ -> "It was gone before it could be read.";
            default -> "It could not be read: " + Printable.of(String.valueOf(e.getMessage())) + ".";
        };
        return new Failure(Failure.Kind.INVALID, reason, "Mend that, then ingest it again.", e);
    }
}
