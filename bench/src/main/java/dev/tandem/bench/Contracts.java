package dev.tandem.bench;

import dev.tandem.evidence.JsonLines;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** The contracts of CUAD as text. */
final class Contracts {

    private Contracts() {}

    /**
     * All 510 by id, in the set's order.
     *
     * @param folder cuad
     */
    static SequencedMap<String, String> read(Path folder) {
        var texts = new LinkedHashMap<String, String>();
        JsonLines.numbered(
                folder.resolve("contracts.jsonl.gz"),
                (_, row) -> texts.put(row.get("_id").asText(), row.get("text").asText()));
        return texts;
    }
}
