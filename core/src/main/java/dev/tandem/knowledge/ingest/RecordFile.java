package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.Standing;
import dev.tandem.catalog.State;
import dev.tandem.domain.Failure;
import dev.tandem.knowledge.extract.ExportMapping;
import dev.tandem.knowledge.extract.ExtractLimits;
import dev.tandem.knowledge.extract.JsonlRecords;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A JSON Lines file, each record a document of the path {@code file.jsonl#id}. It is read as a stream, so that its size
 * does not matter; records that are gone from it are deleted when all of it could be read.
 */
final class RecordFile {

    private static final int TRIES = 3;

    private final Path file;
    private final ExtractLimits limits;
    private final Request request;
    private final CatalogWriter catalog;
    private final Intake intake;
    private final Tally tally;
    private final String owner;

    RecordFile(Path file, ExtractLimits limits, Request request, CatalogWriter catalog, Intake intake, Tally tally) {
        this.file = file;
        this.limits = limits;
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
            boolean whole = readOnce(look, paths, add);
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

    /** Says whether every line was a document. */
    private boolean readOnce(FileRead.Look look, Set<String> paths, Consumer<Intake.Arrived> add) throws IOException {
        boolean whole = true;
        try (JsonlRecords records = JsonlRecords.open(stream(), request.mapping(), limits)) {
            while (records.hasNext()) {
                switch (records.next()) {
                    case JsonlRecords.Entry.Document record -> {
                        String path = file + "#" + record.id();
                        paths.add(path);
                        add.accept(new Candidate(
                                path,
                                file.toString(),
                                Candidate.RECORD,
                                Candidate.hash(record.extracted()),
                                record.extracted().text().length(),
                                look.modified(),
                                null,
                                record.access(),
                                record::extracted));
                    }
                    case JsonlRecords.Entry.Rejected line -> {
                        whole = false;
                        String path = file + "#line-" + line.line();
                        paths.add(path);
                        add.accept(new Intake.Broken(
                                path,
                                file.toString(),
                                Candidate.RECORD,
                                new Failure(
                                        Failure.Kind.INVALID,
                                        "Line " + line.line() + ": " + line.reason(),
                                        "Mend the line, then ingest the file again.")));
                    }
                }
            }
        }
        return whole;
    }

    private InputStream stream() throws IOException {
        InputStream in = Files.newInputStream(file);
        ExportMapping export = request.export();
        return export == null ? in : export.records(in, file.toString());
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
        List<Standing> records = catalog.ofFile(request.collection(), owner, file.toString());
        if (records.isEmpty() || records.stream().anyMatch(record -> record.state() != State.READY)) {
            return false;
        }
        for (Standing record : records) {
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
