package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.Standing;
import dev.tandem.catalog.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A file that holds many documents. Those that are gone from it are deleted when all of it could be read.
 */
final class RecordFile {

    private static final int TRIES = 3;

    private final Path file;
    private final Records records;
    private final Request request;
    private final CatalogWriter catalog;
    private final Intake intake;
    private final Tally tally;
    private final String owner;

    RecordFile(Path file, Records records, Request request, CatalogWriter catalog, Intake intake, Tally tally) {
        this.file = file;
        this.records = records;
        this.request = request;
        this.catalog = catalog;
        this.intake = intake;
        this.tally = tally;
        this.owner = request.owner().user();
    }

    /** @param takeGroup takes what was added so far */
    void read(Consumer<Intake.Arrived> add, Runnable takeGroup) throws IOException {
        FileRead.Look look = FileRead.Look.at(file);
        if (isKnownUnchanged(look)) {
            return;
        }
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            var paths = new HashSet<String>();
            boolean whole = records.read(file, look.modified(), arrived -> {
                paths.add(arrived.path());
                add.accept(arrived);
            });
            takeGroup.run();
            FileRead.Look after = FileRead.Look.at(file);
            if (look.sameAs(after)) {
                tally.read(look.bytes());
                finish(paths, whole, after);
                return;
            }
            look = after;
        }
        throw FileRead.changing();
    }

    /** Only as it is read by everybody, and without anything to change about its records. */
    private boolean isKnownUnchanged(FileRead.Look look) {
        if (request.access() != null
                || !request.metadata().isEmpty()
                || !request.readsAsUsual()
                || !catalog.looksUnchanged(
                        request.collection(), owner, file.toString(), look.bytes(), look.modifiedNanos())) {
            return false;
        }
        List<Standing> known = catalog.ofFile(request.collection(), owner, file.toString());
        // One that has the path of the file is from when all of it was one document, or is a complaint.
        if (known.isEmpty()
                || known.stream()
                        .anyMatch(it -> it.state() != State.READY || it.path().equals(it.file()))) {
            return false;
        }
        for (Standing record : known) {
            tally.tell(intake.withoutReading(record, intake.readers(record.access(), Optional.of(record))));
        }
        return true;
    }

    private void finish(Set<String> paths, boolean whole, FileRead.Look look) {
        catalog.inTransaction(() -> {
            for (Standing known : catalog.ofFile(request.collection(), owner, file.toString())) {
                if (paths.contains(known.path())) {
                    continue;
                }
                // A line that cannot be read may be any of the records that are missed; old complaints go anyway.
                if (known.live() > 0 && whole) {
                    catalog.delete(known);
                    tally.tell(new Event.Deleted(known.id(), known.path()));
                } else if (known.live() == 0) {
                    catalog.delete(known);
                }
            }
            if (look.settled() && request.readsAsUsual()) {
                intake.remember(file.toString(), look);
            } else {
                catalog.forgetFile(request.collection(), owner, file.toString());
            }
        });
    }
}
