package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.Sha256;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import dev.tandem.knowledge.extract.ExportMapping;
import dev.tandem.knowledge.extract.Extractors;
import dev.tandem.knowledge.extract.JsonlRecords;
import dev.tandem.knowledge.extract.Mailbox;
import dev.tandem.knowledge.extract.Mapping;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The documents in a file that holds many, each of the path {@code file#id}: records of JSON Lines and exports, messages of a
 * mailbox, files of an archive.
 */
final class Records {

    private final Mapping mapping;
    private final @Nullable ExportMapping export;
    private final Extractors extractors;

    /** @param export how exports of other formats are read as records; null where they are files like others */
    Records(Mapping mapping, @Nullable ExportMapping export, Extractors extractors) {
        this.mapping = mapping;
        this.export = export;
        this.extractors = extractors;
    }

    /** Whether a file of that name holds documents. */
    boolean areIn(String path) {
        return JsonlRecords.handles(path)
                || (export != null && ExportMapping.handles(path))
                || Mailbox.handles(path)
                || extractors.unpacks(path);
    }

    /**
     * Reads it once.
     *
     * @param modified when the file was last changed
     * @param out takes each document, and what is none
     * @return whether all of the file was documents
     */
    boolean read(Path file, Instant modified, Consumer<Intake.Arrived> out) throws IOException {
        String path = file.toString();
        if (JsonlRecords.handles(path) || (export != null && ExportMapping.handles(path))) {
            return lines(file, modified, out);
        }
        return Mailbox.handles(path) ? messages(file, modified, out) : members(file, modified, out);
    }

    private boolean lines(Path file, Instant modified, Consumer<Intake.Arrived> out) throws IOException {
        boolean whole = true;
        InputStream in = Files.newInputStream(file);
        try (JsonlRecords records = JsonlRecords.open(
                export == null ? in : export.records(in, file.toString()), mapping, extractors.limits())) {
            while (records.hasNext()) {
                switch (records.next()) {
                    case JsonlRecords.Entry.Document record ->
                        out.accept(new Candidate(
                                file + "#" + record.id(),
                                file.toString(),
                                Candidate.RECORD,
                                Candidate.hash(record.extracted()),
                                record.extracted().text().length(),
                                modified,
                                null,
                                record.access(),
                                record::extracted));
                    case JsonlRecords.Entry.Rejected line -> {
                        whole = false;
                        out.accept(broken(
                                file,
                                "line-" + line.line(),
                                Candidate.RECORD,
                                "Line " + line.line() + ": " + line.reason(),
                                "Mend the line, then ingest the file again."));
                    }
                }
            }
        }
        return whole;
    }

    private boolean messages(Path file, Instant modified, Consumer<Intake.Arrived> out) throws IOException {
        int messages = 0;
        try (InputStream in = Files.newInputStream(file)) {
            var mailbox = Mailbox.of(in, extractors.limits());
            for (Mailbox.Message message = mailbox.next(); message != null; message = mailbox.next()) {
                messages++;
                byte[] bytes = message.bytes();
                if (bytes == null) {
                    out.accept(broken(
                            file,
                            message.id(),
                            Candidate.MESSAGE,
                            "Message " + message.number() + " is larger than any file that is read.",
                            "Save what it holds as files, then ingest those."));
                } else {
                    String name = "message " + message.number() + ".eml";
                    out.accept(part(file, message.id(), Candidate.MESSAGE, name, bytes, modified));
                }
            }
        }
        if (messages == 0) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "It holds no messages: a mailbox has a line with From, an address and a time before each.",
                    "Mend or convert the file, then ingest it again.");
        }
        return true;
    }

    private boolean members(Path file, Instant modified, Consumer<Intake.Arrived> out) throws IOException {
        FileRead archive = FileRead.of(file, extractors.limits());
        extractors.unpack(
                file.toString(),
                archive.bytes(),
                member -> out.accept(
                        part(file, member.name(), Candidate.MEMBER, member.name(), member.bytes(), modified)));
        return true;
    }

    private Candidate part(Path file, String id, String source, String name, byte[] bytes, Instant modified) {
        return new Candidate(
                file + "#" + Printable.of(id),
                file.toString(),
                source,
                Sha256.hex(bytes),
                bytes.length,
                modified,
                null,
                null,
                () -> extractors.extract(name, bytes));
    }

    private static Intake.Broken broken(Path file, String id, String source, String reason, String nextStep) {
        return new Intake.Broken(
                file + "#" + Printable.of(id),
                file.toString(),
                source,
                new Failure(Failure.Kind.INVALID, reason, nextStep));
    }
}
