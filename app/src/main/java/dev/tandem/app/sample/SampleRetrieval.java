package dev.tandem.app.sample;

import dev.tandem.behavior.worth.RetrievalSuite;
import dev.tandem.domain.Chunk;
import dev.tandem.knowledge.extract.ChunkSettings;
import dev.tandem.knowledge.extract.Chunker;
import dev.tandem.knowledge.extract.Extracted;
import dev.tandem.knowledge.extract.Extractors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The sample company's documents as passages, with the suite's questions to them and their own headings as further ones:
 * what an encoder was never tuned for.
 */
public final class SampleRetrieval {

    /** What is read in this process. */
    private static final String READ = ".*\\.(md|rst|txt|html)";

    private SampleRetrieval() {}

    /** The same each time. */
    public static RetrievalSuite suite() {
        var extractors = Extractors.standard();
        var chunker = new Chunker(ChunkSettings.standard());
        var passages = new ArrayList<String>();
        Map<String, Set<Integer>> headings = new LinkedHashMap<>();
        Map<String, List<Integer>> of = new LinkedHashMap<>();
        for (SampleCompany.SampleFile file : SampleCompany.files()) {
            if (!file.path().matches(READ)) {
                continue;
            }
            Extracted read = extractors.extract(file.path(), SampleCompany.bytes(file));
            for (Chunk chunk : chunker.chunk(file.path(), 1, read)) {
                of.computeIfAbsent(file.path(), _ -> new ArrayList<>()).add(passages.size());
                headings.computeIfAbsent(chunk.headingPath(), _ -> new LinkedHashSet<>())
                        .add(passages.size());
                passages.add(chunk.text());
            }
        }
        var cases = new ArrayList<RetrievalSuite.Case>();
        for (SampleCase each : SampleCompany.suite()) {
            Set<Integer> answering = new LinkedHashSet<>();
            for (int passage : of.getOrDefault(each.document(), List.of())) {
                if (!each.quote().isEmpty() && plain(passages.get(passage)).contains(plain(each.quote()))) {
                    answering.add(passage);
                }
            }
            if (!answering.isEmpty()) {
                cases.add(new RetrievalSuite.Case(each.question(), answering));
            }
        }
        headings.forEach((heading, under) -> {
            if (!heading.isBlank()) {
                cases.add(new RetrievalSuite.Case(heading.replace(" > ", ", "), under));
            }
        });
        return new RetrievalSuite("the sample company's documents", passages, cases);
    }

    private static String plain(String text) {
        return text.replaceAll("\\s+", " ");
    }
}
