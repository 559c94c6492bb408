package dev.tandem.knowledge.extract;

import dev.tandem.domain.Embedder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Every place where a document may be cut, in order, with what a cut there costs. Between two places stands a piece: a
 * sentence, a list item, a table row, a line of code, or a whole heading. Built in one pass, kept in flat arrays because
 * a document may have millions.
 *
 * <p>Costs are on the scale of {@link Chunker}: 1 is as bad as a chunk of no size at all.
 */
final class Cuts {

    /** Between blocks: where a writer left a blank line. */
    static final float BLOCK = .1f;

    /** Between a line that ends in a colon and the list, table or code that it announces. */
    private static final float ANNOUNCED = .8f;

    private static final float SENTENCE = .5f;
    private static final float ITEM = .7f;
    private static final float INNER_LINE = 1.2f;

    /** Inside a sentence, at a space; the last resort is between any two characters. */
    private static final float WORD = 3f;

    private static final float CHARACTER = 6f;

    /** More for a cut inside a paragraph where only those between paragraphs are wanted. */
    private static final float INSIDE_PARAGRAPH = 1f;

    /** A heading parted from what it heads. */
    private static final float AFTER_HEADING = 8f;

    /** What keeping two sections in one chunk costs, for headings of level 1, 2 and deeper. */
    private static final float[] JOIN = {.6f, .45f, .3f};

    /** What keeping two pages in one chunk costs: a citation names the page on which its chunk starts. */
    private static final float NEXT_PAGE = .25f;

    /** No piece is larger than this many tokens, so that pieces always fit into a chunk. */
    private final int largest;

    /** Nor larger than this where words may be parted as well as sentences; else the same. */
    private final int grain;

    private final String text;
    private final TokenEstimate estimate;
    private int size;
    private int[] end = new int[256];
    private int[] tokens = new int[256];
    private int[] section = new int[256];
    private int[] context = new int[0];
    private float[] cut = new float[256];
    private float[] join = new float[256];

    Cuts(Extracted document, Sections sections, TokenEstimate estimate, int largest, int grain) {
        this.text = document.text();
        this.estimate = estimate;
        this.largest = largest;
        this.grain = Math.min(grain, largest);
        List<Block> blocks = document.blocks();
        int start = 0;
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            int stop = i + 1 < blocks.size() ? blocks.get(i + 1).start() : text.length();
            pieces(block.kind(), start, stop, sections.ofBlock(i));
            if (i + 1 < blocks.size()) {
                between(block, blocks.get(i + 1));
            }
            start = stop;
        }
        if (start < text.length()) {
            pieces(Block.Kind.PARAGRAPH, start, text.length(), 0);
        }
        context = Arrays.copyOf(section, size);
        for (int i = size - 2; i >= 0; i--) {
            if (cut[i] == AFTER_HEADING) {
                context[i] = context[i + 1];
            }
        }
    }

    /** Sets what cuts cost by another strategy than structure; what a chunk is about is told by its headings all the same. */
    void by(ChunkStrategy strategy, @Nullable Embedder meaning) {
        if (strategy == ChunkStrategy.STRUCTURE) {
            return;
        }
        float[] apart = strategy == ChunkStrategy.SEMANTIC ? apart(Objects.requireNonNull(meaning)) : new float[size];
        for (int i = 0; i < size - 1; i++) {
            boolean insideSentence = cut[i] == WORD || cut[i] == CHARACTER;
            boolean betweenBlocks = cut[i] == 0 || cut[i] == BLOCK || cut[i] == ANNOUNCED || cut[i] == AFTER_HEADING;
            join[i] = 0;
            cut[i] = switch (strategy) {
                case STRUCTURE -> cut[i];
                case SENTENCE, SEMANTIC -> insideSentence ? cut[i] : apart[i];
                case PARAGRAPH -> betweenBlocks ? 0 : insideSentence ? cut[i] : cut[i] + INSIDE_PARAGRAPH;
                case FIXED -> cut[i] == CHARACTER ? CHARACTER : 0;
            };
        }
    }

    /** For each cut the share of the document's cuts whose sides are further apart in meaning: 0 where one is best made. */
    private float[] apart(Embedder meaning) {
        List<String> sides = IntStream.range(0, size)
                .mapToObj(i -> text.substring(start(i), end(i)))
                .toList();
        List<float[]> vectors = meaning.embed(sides, Embedder.Role.PASSAGE);
        float[] near = new float[size];
        for (int i = 0; i < size - 1; i++) {
            near[i] = dot(vectors.get(i), vectors.get(i + 1));
        }
        float[] sorted = Arrays.copyOf(near, Math.max(0, size - 1));
        Arrays.sort(sorted);
        float[] apart = new float[size];
        for (int i = 0; i < size - 1; i++) {
            apart[i] = (float) Math.abs(Arrays.binarySearch(sorted, near[i])) / size;
        }
        return apart;
    }

    private static float dot(float[] a, float[] b) {
        float sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    int size() {
        return size;
    }

    /** Where piece {@code i} starts. */
    int start(int i) {
        return i == 0 ? 0 : end[i - 1];
    }

    int end(int i) {
        return end[i];
    }

    int tokens(int i) {
        return tokens[i];
    }

    /** The innermost section that piece {@code i} stands in. */
    int section(int i) {
        return section[i];
    }

    /**
     * The section whose headings tell what a chunk is about that starts with piece {@code i}: of several headings in a row
     * the last one's.
     */
    int context(int i) {
        return context[i];
    }

    /** What it costs to end a chunk after piece {@code i}. */
    float cut(int i) {
        return cut[i];
    }

    /** What it costs to keep pieces {@code i} and {@code i + 1} in one chunk. */
    float join(int i) {
        return join[i];
    }

    private void between(Block block, Block next) {
        int last = size - 1;
        boolean glued = text.substring(block.end(), next.start()).indexOf('\n') < 0;
        if (block.kind() == Block.Kind.HEADING) {
            cut[last] = AFTER_HEADING;
        } else if (next.kind() == Block.Kind.HEADING) {
            cut[last] = 0;
            join[last] = JOIN[Math.min(next.level(), JOIN.length) - 1];
        } else if (glued) {
            cut[last] = WORD;
        } else {
            boolean announces = text.charAt(block.end() - 1) == ':' && next.kind() != Block.Kind.PARAGRAPH;
            cut[last] = announces ? ANNOUNCED : BLOCK;
        }
        if (block.page() != next.page()) {
            join[last] += NEXT_PAGE;
        }
    }

    private void pieces(Block.Kind kind, int start, int stop, int section) {
        switch (kind) {
            case HEADING -> piece(start, stop, section, 0);
            case PARAGRAPH -> sentences(start, stop, section, 0);
            case LIST, TABLE, CODE -> lines(kind, start, stop, section);
        }
    }

    private void sentences(int start, int stop, int section, float lastCut) {
        int[] from = {start};
        Sentences.ends(text, start, stop, sentenceEnd -> {
            piece(from[0], sentenceEnd, section, sentenceEnd < stop ? SENTENCE : lastCut);
            from[0] = sentenceEnd;
        });
    }

    private void lines(Block.Kind kind, int start, int stop, int section) {
        int from = start;
        while (from < stop) {
            int newline = text.indexOf('\n', from);
            int next = newline < 0 || newline >= stop ? stop : newline + 1;
            while (next < stop && text.charAt(next) == '\n') {
                next++;
            }
            boolean blank = next - from > 1 && text.charAt(next - 1) == '\n' && text.charAt(next - 2) == '\n';
            boolean item = kind == Block.Kind.TABLE
                    || blank
                    || (kind == Block.Kind.LIST && Sentences.startsItem(text, next, stop));
            float after = next >= stop ? 0 : item ? ITEM : INNER_LINE;
            if (kind == Block.Kind.LIST) {
                sentences(from, next, section, after);
            } else {
                piece(from, next, section, after);
            }
            from = next;
        }
    }

    /** Adds {@code text[from, to)}, in parts where it is too large to be one piece. */
    private void piece(int from, int to, int section, float after) {
        int count = estimate.count(text, from, to);
        if (count <= grain) {
            add(to, count, section, after);
        } else if (grain < largest) {
            words(from, to, section, after);
        } else {
            parts(from, to, section, after);
        }
    }

    /** Adds {@code text[from, to)} in pieces of whole words, as many as the grain has room for. */
    private void words(int from, int to, int section, float after) {
        int start = from;
        int used = 0;
        for (int i = from; i < to; ) {
            int next = wordEnd(i, to);
            int tokens = estimate.count(text, i, next);
            if (i > start && used + tokens > grain) {
                add(i, estimate.count(text, start, i), section, WORD);
                start = i;
                used = 0;
            }
            if (tokens > largest) {
                parts(i, next, section, next == to ? after : WORD);
                start = next;
            } else {
                used += tokens;
            }
            i = next;
        }
        if (start < to) {
            add(to, estimate.count(text, start, to), section, after);
        }
    }

    /** Past the word that starts here and the white space behind it. */
    private int wordEnd(int start, int to) {
        int end = start;
        while (end < to && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        while (end < to && Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private void parts(int from, int to, int section, float after) {
        int start = from;
        while (start < to) {
            int stop = partEnd(start, to);
            boolean space = stop < to && Character.isWhitespace(text.charAt(stop - 1));
            // Part of a word: counted as such a part, so that the parts never add up to less than the word.
            int least = space || stop == to ? 0 : (stop - start + 1) / 2;
            add(
                    stop,
                    Math.max(least, estimate.count(text, start, stop)),
                    section,
                    stop == to ? after : space ? WORD : CHARACTER);
            start = stop;
        }
    }

    /**
     * The end of the part that starts here: after the last space that leaves it at most half of the largest piece, else
     * between two characters that may be parted.
     */
    private int partEnd(int start, int to) {
        int room = Math.max(1, largest / 2);
        int used = 0;
        int space = -1;
        int i = start;
        while (i < to) {
            int word = i;
            while (word < to && word < i + room && !Character.isWhitespace(text.charAt(word))) {
                word++;
            }
            while (word < to && Character.isWhitespace(text.charAt(word))) {
                word++;
            }
            used += estimate.count(text, i, word);
            if (used > room && i > start) {
                return space > start ? space : whole(start, i, to);
            }
            i = word;
            if (Character.isWhitespace(text.charAt(i - 1))) {
                space = i;
            }
            if (used > room) {
                break;
            }
        }
        return whole(start, i, to);
    }

    /** Moves a cut forward so that it parts neither a surrogate pair nor a letter from the marks on it. */
    private int whole(int start, int cut, int to) {
        int at = cut;
        while (at < to && at < cut + 16 && at > start && belongs(text.charAt(at))) {
            at++;
        }
        return at < to && Character.isLowSurrogate(text.charAt(at)) && Character.isHighSurrogate(text.charAt(at - 1))
                ? at + 1
                : at;
    }

    private static boolean belongs(char c) {
        int type = Character.getType(c);
        return Character.isLowSurrogate(c)
                || type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || c == '\u200D'
                || c == '\uFE0F';
    }

    private void add(int to, int count, int inSection, float after) {
        if (size == end.length) {
            int larger = size + (size >> 1);
            end = Arrays.copyOf(end, larger);
            tokens = Arrays.copyOf(tokens, larger);
            section = Arrays.copyOf(section, larger);
            cut = Arrays.copyOf(cut, larger);
            join = Arrays.copyOf(join, larger);
        }
        int from = start(size);
        end[size] = to;
        tokens[size] = count + estimate.ofPartedWords(text, from, to);
        section[size] = inSection;
        cut[size] = after;
        size++;
    }
}
