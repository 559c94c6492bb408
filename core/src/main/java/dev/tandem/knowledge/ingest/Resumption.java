package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.Arrival;
import dev.tandem.catalog.Sha256;
import dev.tandem.catalog.Standing;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import dev.tandem.knowledge.extract.Extractors;
import dev.tandem.knowledge.extract.Mapping;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
            return Optional.of(new Intake.Pending(now, candidate, news(document)));
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

    /**
     * Documents that stand in a file with others. Only what is word for word as it was acknowledged is resumed: which record is
     * whose, and how it was read, whoever ingested it knew and nobody knows here.
     */
    static void in(
            Path file,
            List<Standing> documents,
            Workshop shop,
            Extractors extractors,
            Consumer<Intake.Pending> resumed) {
        // One file may have been ingested by several owners, and into several collections.
        var waiting = new LinkedHashMap<String, List<Standing>>();
        documents.forEach(document -> waiting.computeIfAbsent(
                        key(document.path(), document.contentHash()), _ -> new ArrayList<>())
                .add(document));
        String reason = "It was not in its file any more as it was before it could be read.";
        try {
            var records = new Records(Mapping.standard(), null, extractors);
            if (records.areIn(file.toString())) {
                records.read(file, FileRead.Look.at(file).modified(), arrived -> {
                    if (arrived instanceof Candidate candidate) {
                        List<Standing> found = waiting.remove(key(candidate.path(), candidate.contentHash()));
                        if (found != null) {
                            found.forEach(document ->
                                    resumed.accept(new Intake.Pending(document, candidate, news(document))));
                        }
                    }
                });
            }
        } catch (IOException e) {
            reason = String.valueOf(IngestRun.unreadable(e).getMessage());
        } catch (Failure e) {
            if (e.kind() != Failure.Kind.INVALID) {
                throw e;
            }
            reason = String.valueOf(e.getMessage());
        }
        for (List<Standing> left : waiting.values()) {
            for (Standing document : left) {
                shop.catalog().failed(document, reason);
            }
        }
    }

    private static Intake.News news(Standing document) {
        return document.live() > 0 ? new Intake.News.Changed() : new Intake.News.Added();
    }

    private static String key(String path, @Nullable String contentHash) {
        return contentHash + " " + path;
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
