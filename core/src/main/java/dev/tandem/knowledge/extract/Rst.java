package dev.tandem.knowledge.extract;

import java.util.List;
import java.util.SortedMap;

/** reStructuredText; {@link RstBlocks} says how much of it. */
final class Rst implements Extractor {

    @Override
    public Extracted extract(String path, byte[] bytes) {
        return read(path, Decoding.text(bytes));
    }

    static Extracted read(String name, String text) {
        var out = new BlockWriter();
        List<String> lines = Tidy.lines(out.hidden().without(text))
                .lines()
                .map(line -> line.replace("\t", "        "))
                .toList();
        SortedMap<String, String> metadata = new RstBlocks(lines).write(lines, out);
        String title = metadata.remove("title");
        return out.finish(
                title == null ? out.firstHeading() : title,
                name,
                metadata,
                Dates.parse(metadata.getOrDefault("modified", metadata.get("date"))));
    }
}
