package dev.tandem.knowledge.extract;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A stretch of extracted text with one role in its document.
 *
 * @param start first character, a UTF-16 index into {@link Extracted#text()}
 * @param end one past the last character, a UTF-16 index; the blank line between two blocks belongs to neither
 * @param level of a heading, 1 for the outermost; 0 for every other kind
 * @param page page on which the block starts, from 1; 0 where the format has no pages
 */
public record Block(Kind kind, int start, int end, int level, int page) {

    /** What a reader would call it. A list or a table is one block however many items or rows it has. */
    public enum Kind {
        HEADING('h'),
        PARAGRAPH('p'),
        LIST('l'),
        TABLE('t'),
        CODE('c');

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }

        private static Kind of(char letter) {
            return Arrays.stream(values())
                    .filter(kind -> kind.letter == letter)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no kind of block: " + letter));
        }
    }

    /** All of them in one line, which {@link #read} takes apart. */
    static String write(List<Block> blocks) {
        return blocks.stream()
                .map(block -> block.kind.letter + Integer.toString(block.start, 36) + "."
                        + Integer.toString(block.end - block.start, 36)
                        + (block.level == 0 && block.page == 0 ? "" : "." + block.level)
                        + (block.page == 0 ? "" : "." + block.page))
                .collect(Collectors.joining(" "));
    }

    static List<Block> read(String written) {
        return written.isEmpty()
                ? List.of()
                : Arrays.stream(written.split(" ", -1)).map(Block::one).toList();
    }

    private static Block one(String written) {
        String[] parts = written.substring(1).split("\\.", -1);
        int start = Integer.parseInt(parts[0], 36);
        return new Block(
                Kind.of(written.charAt(0)),
                start,
                start + Integer.parseInt(parts[1], 36),
                parts.length > 2 ? Integer.parseInt(parts[2]) : 0,
                parts.length > 3 ? Integer.parseInt(parts[3]) : 0);
    }

    public Block {
        if (start < 0 || end <= start || page < 0 || (kind == Kind.HEADING) != (level > 0)) {
            throw new IllegalArgumentException("not a block: " + kind + " " + start + ".." + end + " level " + level);
        }
    }
}
