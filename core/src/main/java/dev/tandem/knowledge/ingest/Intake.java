package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.Arrival;
import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.Extraction;
import dev.tandem.catalog.Sha256;
import dev.tandem.catalog.Standing;
import dev.tandem.catalog.State;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Chunk;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Language;
import dev.tandem.domain.Printable;
import dev.tandem.knowledge.extract.Chunker;
import dev.tandem.knowledge.extract.Extracted;
import dev.tandem.knowledge.index.IndexText;
import dev.tandem.knowledge.index.LanguageDetection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Takes groups of documents from found to ready: compares each with what is known, acknowledges what is new in one commit,
 * reads it on all cores, and makes it ready in a second commit.
 */
final class Intake {

    /** Metadata that says in which language a document is. */
    private static final String LANGUAGE = "language";

    /** Documents read before it is their turn to be written: enough for all cores, and not the texts of a whole group. */
    private static final int AHEAD = 2 * Runtime.getRuntime().availableProcessors();

    /** While so many characters stand read and not yet written, nothing more is begun. */
    private static final long LONG = 2_000_000;

    /** Of so many documents with the same content it is asked once whether the file of one is gone, and not for each anew. */
    private static final int MANY = 16;

    private final CatalogWriter catalog;
    private final Chunker chunker;
    private final ExecutorService cores;
    private final Request request;
    private final Language usual;
    private final Tally tally;
    /** Contents that many documents have, none of which is gone from where it stood. */
    private final Set<String> copied = new HashSet<>();

    /** @param usual language of what cannot be told */
    Intake(
            CatalogWriter catalog,
            Chunker chunker,
            ExecutorService cores,
            Request request,
            Language usual,
            Tally tally) {
        this.catalog = catalog;
        this.chunker = chunker;
        this.cores = cores;
        this.request = request;
        this.usual = usual;
        this.tally = tally;
    }

    /** An acknowledged version that is still to be read. */
    record Pending(Standing document, Candidate candidate, News news) {}

    /** What the version is to who asked. */
    sealed interface News {
        record Added() implements News {}

        record Changed() implements News {}

        record Renamed(String from) implements News {}
    }

    /** Something that was found. */
    sealed interface Arrived permits Candidate, Broken {
        String path();
    }

    /** Found, and not to be opened or understood. */
    record Broken(String path, String file, String source, Failure why) implements Arrived {}

    /** Compares, acknowledges and reads. */
    void take(List<Arrived> group) {
        var pending = new ArrayList<Pending>();
        var told = new ArrayList<Event>();
        catalog.inTransaction(() -> {
            for (Arrived each : group) {
                switch (each) {
                    case Candidate candidate -> compare(candidate, told).ifPresent(pending::add);
                    case Broken broken -> told.add(failed(broken));
                }
            }
        });
        told.forEach(tally::tell);
        finish(pending);
    }

    /**
     * The same in one commit, for what is not read from a file that stays: it is acknowledged when it is ready, so that no
     * later run has to get it again.
     *
     * @param alongside is committed with it
     */
    void takeAtOnce(List<Arrived> group, Runnable alongside) {
        var told = new ArrayList<Event>();
        catalog.inTransaction(() -> {
            var pending = new ArrayList<Pending>();
            for (Arrived each : group) {
                switch (each) {
                    case Candidate candidate -> compare(candidate, told).ifPresent(pending::add);
                    case Broken broken -> told.add(failed(broken));
                }
            }
            ready(pending, told);
            alongside.run();
        });
        told.forEach(tally::tell);
    }

    /** Acknowledges the candidate where there is something to be read; else says what else is the matter. */
    private Optional<Pending> compare(Candidate candidate, List<Event> told) {
        Optional<Standing> known = catalog.standing(
                        request.collection(), request.owner().user(), candidate.path())
                .filter(standing -> standing.state() != State.DELETED);
        Optional<Pending> pending;
        if (known.isEmpty()) {
            Optional<Standing> former = formerPath(candidate);
            // Nothing stands there any more, and what may stand there one day is another file.
            former.ifPresent(it -> catalog.forgetFile(it.collection(), it.owner(), it.file()));
            Arrival arrival = arrival(candidate, former);
            News news = former.isPresent() ? new News.Renamed(former.get().path()) : new News.Added();
            pending = Optional.of(new Pending(catalog.put(arrival, former.orElse(null)), candidate, news));
        } else {
            Arrival arrival = arrival(candidate, known);
            News news = known.get().live() > 0 ? new News.Changed() : new News.Added();
            pending = isRead(known.get(), arrival)
                    ? Optional.empty()
                    : Optional.of(new Pending(catalog.put(arrival, null), candidate, news));
            if (pending.isEmpty()) {
                told.add(withoutReading(known.get(), arrival.access()));
            }
        }
        pending.ifPresent(it -> told.add(new Event.Acknowledged(
                it.document().id(), it.document().path(), it.document().latest())));
        FileRead.Look look = candidate.look();
        if (look != null && look.settled()) {
            remember(candidate.file(), look);
        }
        return pending;
    }

    void remember(String file, FileRead.Look look) {
        catalog.rememberFile(request.collection(), request.owner().user(), file, look.bytes(), look.modifiedNanos());
    }

    /** Whether the document as it was found is what the live version says. */
    private static boolean isRead(Standing known, Arrival arrival) {
        return known.live() > 0
                && known.live() == known.latest()
                && known.state() != State.ACKNOWLEDGED
                && arrival.given().equals(known.given())
                && String.valueOf(arrival.contentHash()).equals(known.contentHash());
    }

    /** For a document that need not be read: perhaps somebody else may read it now. */
    Event withoutReading(Standing known, AccessSet wanted) {
        if (known.state() == State.FAILED) {
            catalog.recovered(known);
        }
        if (wanted.equals(known.access())) {
            return new Event.Unchanged(known.id(), known.path());
        }
        catalog.setAccess(known, wanted);
        return new Event.AccessChanged(known.id(), known.path());
    }

    /** A document of the same content whose file is gone: it was renamed, and its readers stay. */
    private Optional<Standing> formerPath(Candidate candidate) {
        // Only a file can be gone from one place and stand at another.
        if (!candidate.source().equals(Candidate.FILE) && !Candidate.isHeld(candidate.source())) {
            return Optional.empty();
        }
        if (copied.contains(candidate.contentHash())) {
            return Optional.empty();
        }
        List<Standing> same =
                catalog.sameContent(request.collection(), request.owner().user(), candidate.contentHash());
        Optional<Standing> former = same.stream()
                .filter(each -> each.source().equals(candidate.source()) && Files.notExists(Path.of(each.file())))
                .findFirst();
        if (former.isEmpty() && same.size() >= MANY) {
            copied.add(candidate.contentHash());
        }
        return former;
    }

    private Arrival arrival(Candidate candidate, Optional<Standing> before) {
        return new Arrival(
                request.collection(),
                request.owner(),
                candidate.path(),
                candidate.file(),
                candidate.source(),
                readers(candidate.access(), before),
                given(before),
                candidate.contentHash(),
                candidate.bytes(),
                candidate.modified());
    }

    /** What the document says of itself, else the request; else nothing changes, and what is new is its owner's only. */
    AccessSet readers(@Nullable AccessSet own, Optional<Standing> before) {
        AccessSet said = own != null ? own : request.access();
        AccessSet readers = said != null
                ? said
                : before.map(Standing::access).orElseGet(() -> AccessSet.ownerOnly(request.owner()));
        return readers.withOwner(request.owner());
    }

    /** Who says nothing but the language leaves the rest as it is. */
    SortedMap<String, String> given(Optional<Standing> before) {
        SortedMap<String, String> asked = request.metadata();
        if (before.isEmpty() || !Set.of(LANGUAGE).containsAll(asked.keySet())) {
            return asked;
        }
        var given = new TreeMap<>(before.get().given());
        given.putAll(asked);
        return given;
    }

    /** What its owner says, else what its text shows, else what it says of itself, else what is usual. */
    private Language language(Standing document, Extracted extracted) {
        return Language.of(document.given().getOrDefault(LANGUAGE, ""))
                .or(() -> LanguageDetection.of(extracted.text()))
                .or(() -> Language.of(extracted.metadata().getOrDefault(LANGUAGE, "")))
                .orElse(usual);
    }

    private Event failed(Broken broken) {
        Optional<Standing> known = catalog.standing(
                        request.collection(), request.owner().user(), broken.path())
                .filter(standing -> standing.state() != State.DELETED);
        catalog.failed(
                new Arrival(
                        request.collection(),
                        request.owner(),
                        broken.path(),
                        broken.file(),
                        broken.source(),
                        readers(null, known),
                        given(known),
                        null,
                        0,
                        Instant.EPOCH),
                reason(broken.why()));
        return new Event.Failed(
                broken.path(), reason(broken.why()), broken.why().nextStep());
    }

    private static String reason(Failure why) {
        return String.valueOf(why.getMessage());
    }

    /** Reads what was acknowledged, on all cores, and makes it ready in one commit. */
    void finish(List<Pending> group) {
        var told = new ArrayList<Event>();
        ready(group, told);
        told.forEach(tally::tell);
    }

    private void ready(List<Pending> group, List<Event> told) {
        var read = new ArrayDeque<Future<Extraction>>();
        catalog.inTransaction(() -> {
            int begun = 0;
            for (Pending each : group) {
                for (; begun < group.size() && read.size() < AHEAD && characters(read) < LONG; begun++) {
                    Pending next = group.get(begun);
                    read.add(cores.submit(() -> extraction(next)));
                }
                try {
                    Extraction extraction = result(read.remove());
                    catalog.ready(each.document(), extraction);
                    tell(each, event(each, extraction.chunks().size()), told);
                    if (extraction.hidden().total() > 0) {
                        Standing document = each.document();
                        tell(each, new Event.Hid(document.id(), document.path(), extraction.hidden()), told);
                    }
                } catch (Failure why) {
                    catalog.failed(each.document(), reason(why));
                    tell(each, new Event.Failed(each.document().path(), reason(why), why.nextStep()), told);
                }
            }
        });
    }

    /** Of those that are read by now. */
    private static long characters(Collection<Future<Extraction>> read) {
        return read.stream()
                .filter(each -> each.state() == Future.State.SUCCESS)
                .mapToLong(each -> each.resultNow().text().length())
                .sum();
    }

    /** The work of earlier runs is finished for everybody, and told to its owner alone. */
    private void tell(Pending pending, Event event, List<Event> told) {
        if (pending.document().owner().equals(request.owner().user())) {
            told.add(event);
        }
    }

    private static Event event(Pending pending, int chunks) {
        Standing document = pending.document();
        return switch (pending.news()) {
            case News.Added _ -> new Event.Added(document.id(), document.path(), chunks);
            case News.Changed _ -> new Event.Changed(document.id(), document.path(), document.latest(), chunks);
            case News.Renamed(String from) -> new Event.Renamed(document.id(), document.path(), from, chunks);
        };
    }

    private Extraction extraction(Pending pending) {
        Standing document = pending.document();
        Extracted extracted = pending.candidate().content().get();
        if (extracted.text().isBlank()) {
            throw new Failure(Failure.Kind.INVALID, "It has no text.", "Add some text, then ingest it again.");
        }
        var metadata = new TreeMap<>(extracted.metadata());
        metadata.putAll(document.given());
        Language language = language(document, extracted);
        List<Chunk> chunks = chunker.chunk(document.id(), document.latest(), extracted);
        var described = new DocumentRef(
                document.id(),
                document.latest(),
                document.collection(),
                extracted.title(),
                document.path(),
                document.source(),
                pending.candidate().modified(),
                metadata,
                language);
        List<String> hashes = chunks.stream()
                .map(chunk -> Sha256.hex(IndexText.of(described, chunk)))
                .toList();
        return new Extraction(
                extracted.title(),
                extracted.text(),
                metadata,
                extracted.modified(),
                chunks,
                hashes,
                extracted.hidden(),
                language,
                extracted.writtenBlocks());
    }

    /** A reader that breaks on a file must not end the run: the file is at fault until the contrary is shown. */
    private static Extraction result(Future<Extraction> read) {
        try {
            return read.get();
        } catch (ExecutionException e) {
            switch (Objects.requireNonNullElse(e.getCause(), e)) {
                case Failure why -> throw why;
                case Error error when !(error instanceof StackOverflowError) -> throw error;
                case Throwable broken ->
                    throw new Failure(
                            Failure.Kind.INVALID,
                            "Reading it failed: " + Printable.of(String.valueOf(broken)) + ".",
                            "Mend or convert the file, then ingest it again; if it is in order, report this.",
                            broken);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Interrupted(e);
        }
    }

    /** The run was told to stop: what is acknowledged is resumed by the next one. */
    static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Interrupted(InterruptedException cause) {
            super(cause);
        }
    }
}
