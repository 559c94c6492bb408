package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.Arrival;
import dev.tandem.catalog.Sha256;
import dev.tandem.domain.AccessSet;
import dev.tandem.knowledge.extract.Extracted;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A document as it was found, before it is known whether it is new.
 *
 * @param file the path, or for a record the file that holds it
 * @param look of the file, where it is all of the document; null for records and streams
 * @param access who may read it, where the document says so itself
 * @param content what it says; reading it may fail
 */
record Candidate(
        String path,
        String file,
        String source,
        String contentHash,
        long bytes,
        Instant modified,
        FileRead.@Nullable Look look,
        @Nullable AccessSet access,
        Supplier<Extracted> content)
        implements Intake.Arrived {

    static final String FILE = "file";
    static final String RECORD = "jsonl";
    /** Of a mailbox. */
    static final String MESSAGE = "mail";
    /** Of an archive. */
    static final String MEMBER = "archive";

    /** Whether documents of that source stand in a file with others. */
    static boolean isHeld(String source) {
        return source.equals(RECORD) || source.equals(MESSAGE) || source.equals(MEMBER);
    }

    static final String INPUT = Arrival.INPUT;

    /** A record has no bytes of its own: what it says is what it is known by. */
    static String hash(Extracted record) {
        var all = new StringBuilder(record.text().length() + 256);
        all.append(record.title()).append('\0').append(record.modified()).append('\0');
        record.metadata()
                .forEach((key, value) ->
                        all.append(key).append('\0').append(value).append('\0'));
        return Sha256.hex(all.append('\0').append(record.text()).toString().getBytes(StandardCharsets.UTF_8));
    }
}
