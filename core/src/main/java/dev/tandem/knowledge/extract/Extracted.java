package dev.tandem.knowledge.extract;

import dev.tandem.domain.HiddenText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a document says, without its markup.
 *
 * @param title what a person would call the document; never blank
 * @param text what a reader would quote: lines end in {@code \n}, a blank line stands between blocks, table rows are
 *     cells joined by {@code " | "}, list markers are kept; well-formed UTF-16, no control characters but {@code \n} and
 *     {@code \t}
 * @param blocks in order, not overlapping; together they cover every character of the text but whitespace
 * @param metadata what the source says of itself (author, description, language …); keys are lower case
 * @param modified when the source says it was last changed; null where it does not say
 * @param hidden what was taken out because no reader sees it
 */
public record Extracted(
        String title,
        String text,
        List<Block> blocks,
        SortedMap<String, String> metadata,
        @Nullable Instant modified,
        HiddenText hidden) {

    public Extracted {
        blocks = List.copyOf(blocks);
        metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
        int last = 0;
        for (Block block : blocks) {
            if (block.start() < last || block.end() > text.length()) {
                throw new IllegalArgumentException("block out of place: " + block + " after " + last);
            }
            last = block.end();
        }
    }

    /** Nothing was hidden in it. */
    public Extracted(
            String title,
            String text,
            List<Block> blocks,
            SortedMap<String, String> metadata,
            @Nullable Instant modified) {
        this(title, text, blocks, metadata, modified, HiddenText.NONE);
    }

    /**
     * What was read before, from where it is kept.
     *
     * @param written {@link #writtenBlocks()} of it; where that is empty, blank lines part its paragraphs
     */
    public static Extracted kept(String title, String text, String written, SortedMap<String, String> metadata) {
        return new Extracted(title, text, written.isEmpty() ? paragraphs(text) : Block.read(written), metadata, null);
    }

    /** The blocks in one line, to be kept. */
    public String writtenBlocks() {
        return Block.write(blocks);
    }

    private static List<Block> paragraphs(String text) {
        var paragraphs = new ArrayList<Block>();
        int start = Sentences.skipSpace(text, 0, text.length());
        while (start < text.length()) {
            int blank = text.indexOf("\n\n", start);
            int end = blank < 0 ? text.length() : blank;
            while (Character.isWhitespace(text.charAt(end - 1))) {
                end--;
            }
            paragraphs.add(new Block(Block.Kind.PARAGRAPH, start, end, 0, 0));
            start = Sentences.skipSpace(text, end, text.length());
        }
        return paragraphs;
    }

    /**
     * The same text, described by who has it from elsewhere. A row's title and fields stand in its text too: what is taken out of
     * both is counted once.
     */
    public Extracted described(String newTitle, SortedMap<String, String> newMetadata) {
        var count = new Hidden();
        var visible = new TreeMap<String, String>();
        newMetadata.forEach((key, value) -> visible.put(key, count.without(value)));
        String visibleTitle = count.without(newTitle);
        var most = new TreeMap<>(hidden.characters());
        count.sum().characters().forEach((kind, times) -> most.merge(kind, times, Math::max));
        return new Extracted(visibleTitle, text, blocks, visible, modified, new HiddenText(most));
    }
}
