package dev.tandem.knowledge.ingest;

import dev.tandem.domain.Language;
import dev.tandem.knowledge.extract.ChunkSettings;
import dev.tandem.knowledge.extract.ExtractLimits;
import java.time.Duration;

/**
 * How documents are taken in.
 *
 * @param groupDocuments most documents acknowledged in one commit
 * @param groupBytes a commit is due when so much was read; a larger file is a group of its own
 * @param findableEvery what was read is made findable by its words at least so often
 * @param embedBatch texts handed to the encoder at once
 * @param language of documents that are too short, or too mixed, to tell
 */
public record IngestSettings(
        ExtractLimits limits,
        ChunkSettings chunks,
        int groupDocuments,
        long groupBytes,
        Duration findableEvery,
        int embedBatch,
        Language language) {

    public IngestSettings {
        if (groupDocuments < 1 || groupBytes < 1 || embedBatch < 1 || findableEvery.isNegative()) {
            throw new IllegalArgumentException("groups and batches hold something");
        }
    }

    /** For documents in English, where it cannot be told. */
    public IngestSettings(
            ExtractLimits limits,
            ChunkSettings chunks,
            int groupDocuments,
            long groupBytes,
            Duration findableEvery,
            int embedBatch) {
        this(limits, chunks, groupDocuments, groupBytes, findableEvery, embedBatch, Language.ENGLISH);
    }

    public static IngestSettings standard() {
        return new IngestSettings(
                ExtractLimits.standard(),
                ChunkSettings.standard(),
                256,
                16 << 20,
                Duration.ofSeconds(2),
                32,
                Language.ENGLISH);
    }

    public IngestSettings with(ChunkSettings other) {
        return new IngestSettings(limits, other, groupDocuments, groupBytes, findableEvery, embedBatch, language);
    }

    public IngestSettings with(ExtractLimits other) {
        return new IngestSettings(other, chunks, groupDocuments, groupBytes, findableEvery, embedBatch, language);
    }

    public IngestSettings with(Language other) {
        return new IngestSettings(limits, chunks, groupDocuments, groupBytes, findableEvery, embedBatch, other);
    }
}
