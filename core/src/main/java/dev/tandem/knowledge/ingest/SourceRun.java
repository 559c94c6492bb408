package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.SourceEntry;
import dev.tandem.catalog.Sources;
import dev.tandem.catalog.Standing;
import dev.tandem.catalog.State;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import dev.tandem.knowledge.extract.Extracted;
import dev.tandem.knowledge.extract.Mapping;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One visit to a source. Documents are acknowledged and ready in the same commit, with the mark of each beside it; only the
 * end of the visit moves its watermark. A visit that is cut short is made again from where the last whole one ended, and finds
 * unchanged what was taken in meanwhile.
 */
final class SourceRun implements Source.Sink {

    private final Workshop shop;
    private final CatalogWriter catalog;
    private final Sources sources;
    private final Principal owner;
    private final SourceEntry wanted;
    private final Source source;
    private final Tally tally;
    private final Intake intake;
    private final Pace pace;
    private final List<Intake.Arrived> group = new ArrayList<>();
    private final SortedMap<String, String> marks = new TreeMap<>();
    private long groupBytes;

    SourceRun(Workshop shop, Principal owner, SourceEntry entry, Source source, Tally tally) {
        this.shop = shop;
        this.catalog = shop.catalog();
        this.sources = catalog.sources();
        this.owner = owner;
        this.wanted = entry;
        this.source = source;
        this.tally = tally;
        this.pace = new Pace(Event.Work.VISITING, tally);
        var request = new Request(
                owner,
                entry.collection(),
                List.of(entry.name()),
                entry.access(),
                entry.given(),
                Mapping.standard(),
                null);
        this.intake = new Intake(
                catalog,
                shop.chunker(request.collection()),
                shop.cores(),
                request,
                shop.settings().language(),
                tally);
    }

    void run() {
        shop.feed(wanted.collection());
        shop.catchUp();
        SourceEntry entry = sources.put(wanted);
        String watermark;
        try {
            watermark = source.visit(known(entry), shop.extractors(), this);
        } catch (Failure e) {
            // What was told so far is true all the same.
            takeGroup();
            forgetOrFail(entry, e);
            shop.follow(owner.user(), tally);
            shop.fillVectors(owner.user(), tally, entry.collection());
            throw e;
        }
        takeGroup();
        sources.visited(entry, watermark);
        shop.follow(owner.user(), tally);
        shop.fillVectors(owner.user(), tally, entry.collection());
    }

    /** One that never worked and has no schedule was most likely mistyped. */
    private void forgetOrFail(SourceEntry entry, Failure why) {
        boolean ever = entry.visited() != null || !sources.items(entry).isEmpty();
        if (ever || !entry.every().isZero()) {
            sources.failed(entry, String.valueOf(why.getMessage()));
        } else {
            sources.delete(entry);
        }
    }

    /** Lets go of the source, and of its documents that no other source has. */
    static void remove(Workshop shop, Principal owner, SourceEntry entry, Tally tally) {
        var told = new ArrayList<Event>();
        shop.catalog().inTransaction(() -> {
            for (String path : shop.catalog().sources().items(entry).keySet()) {
                drop(shop.catalog(), entry, path, told);
            }
            shop.catalog().sources().delete(entry);
            shop.catalog().dropUnusedVectors();
        });
        told.forEach(tally::tell);
        shop.tryFeed(entry.collection()).ifPresent(feed -> feed.follow(owner.user()));
    }

    /** Marks count only where the document still stands as the mark says. */
    private Source.Known known(SourceEntry entry) {
        SortedMap<String, String> items = sources.items(entry);
        var unread = new HashSet<String>();
        items.replaceAll((path, mark) -> {
            Optional<Standing> standing = standing(path);
            if (standing.map(Standing::live).orElse(0) == 0) {
                unread.add(path);
            }
            boolean stands = standing.isPresent()
                    && standing.get().state() == State.READY
                    && intake.given(standing).equals(standing.get().given());
            return stands ? mark : "";
        });
        return new Source.Known(items, unread, entry.watermark());
    }

    private Optional<Standing> standing(String path) {
        return catalog.standing(wanted.collection(), owner.user(), path);
    }

    @Override
    public void found(String path, Extracted content, long bytes, @Nullable Instant modified, String mark) {
        tally.read(bytes);
        var candidate = new Candidate(
                path,
                source.file(path),
                source.kind(),
                Candidate.hash(content),
                bytes,
                Objects.requireNonNullElseGet(modified, Instant::now),
                null,
                null,
                () -> content);
        add(candidate, path, mark, bytes);
    }

    @Override
    public void failed(String path, Failure why) {
        add(new Intake.Broken(path, source.file(path), source.kind(), why), path, "", 0);
    }

    private void add(Intake.Arrived arrived, String path, String mark, long bytes) {
        if (marks.containsKey(path)) {
            // Told twice: the second is compared with what came of the first.
            takeGroup();
        }
        group.add(arrived);
        marks.put(path, mark);
        groupBytes += bytes;
        if (group.size() >= shop.settings().groupDocuments()
                || groupBytes >= shop.settings().groupBytes()) {
            takeGroup();
        }
    }

    private void takeGroup() {
        if (group.isEmpty()) {
            return;
        }
        intake.takeAtOnce(group, () -> marks.forEach((path, mark) -> sources.putItem(wanted, path, mark)));
        group.clear();
        marks.clear();
        groupBytes = 0;
        shop.follow(owner.user(), tally);
    }

    @Override
    public void unchanged(String path) {
        Optional<Standing> known = standing(path);
        known.filter(it -> it.state() != State.DELETED)
                .ifPresent(it -> tally.tell(intake.withoutReading(it, intake.readers(null, known))));
    }

    @Override
    public void gone(String path) {
        takeGroup();
        var told = new ArrayList<Event>();
        catalog.inTransaction(() -> drop(catalog, wanted, path, told));
        told.forEach(tally::tell);
    }

    private static void drop(CatalogWriter catalog, SourceEntry entry, String path, List<Event> told) {
        if (catalog.sources().dropItem(entry, path)) {
            return;
        }
        catalog.standing(entry.collection(), entry.owner(), path)
                .filter(it -> it.state() != State.DELETED)
                .ifPresent(it -> {
                    if (it.live() > 0) {
                        told.add(new Event.Deleted(it.id(), it.path()));
                    }
                    catalog.delete(it);
                });
    }

    @Override
    public void progress(long done, long total) {
        pace.at(done, total, 0);
    }
}
