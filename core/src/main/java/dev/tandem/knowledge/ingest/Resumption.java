package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.Arrival;
import dev.tandem.catalog.Sha256;
import dev.tandem.catalog.Standing;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import dev.tandem.knowledge.extract.Extractors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;

/** A document that an earlier run acknowledged and did not get to read. */
final class Resumption {

    private Resumption() {}

    /** Reads its bytes again; where that fails the document has failed, and nothing is pending. */
    static Optional<Intake.Pending> of(Standing document, Workshop shop, Extractors extractors) {
        String hash = String.valueOf(document.contentHash());
        Path from = document.source().equals(Candidate.INPUT) ? shop.blobs().of(hash) : Path.of(document.file());
        try {
            FileRead read = FileRead.of(from, shop.settings().limits());
            var candidate = new Candidate(
                    document.path(),
                    document.file(),
                    document.source(),
                    Sha256.hex(read.bytes()),
                    read.bytes().length,
                    read.look().modified(),
                    null,
                    null,
                    () -> extractors.extract(document.path(), read.bytes()));
            Standing now = candidate.contentHash().equals(hash) ? document : again(document, candidate, shop);
            Intake.News news = document.live() > 0 ? new Intake.News.Changed() : new Intake.News.Added();
            return Optional.of(new Intake.Pending(now, candidate, news));
        } catch (IOException e) {
            shop.catalog()
                    .failed(document, String.valueOf(IngestRun.unreadable(e).getMessage()));
        } catch (Failure e) {
            if (e.kind() != Failure.Kind.INVALID) {
                throw e;
            }
            shop.catalog().failed(document, String.valueOf(e.getMessage()));
        }
        return Optional.empty();
    }

    /** The file has changed since: what it says now is acknowledged in place of what can be had no more. */
    private static Standing again(Standing document, Candidate candidate, Workshop shop) {
        var owner = new Principal(shop.tenant(), document.owner(), Collections.emptySortedSet());
        var arrival = new Arrival(
                document.collection(),
                owner,
                document.path(),
                document.file(),
                document.source(),
                document.access(),
                document.given(),
                candidate.contentHash(),
                candidate.bytes(),
                candidate.modified());
        return shop.catalog().put(arrival, null);
    }
}
