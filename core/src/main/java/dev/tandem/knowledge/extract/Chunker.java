package dev.tandem.knowledge.extract;

import dev.tandem.domain.Chunk;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a document into chunks that rebuild it: put together in order they are its text, character for character.
 *
 * <p>Structure first: a cut before a heading is free, one between blocks nearly so, one inside a list, a table or code is
 * dear, one inside a sentence dearer still, and a heading is never parted from what it heads. A chunk's distance from the
 * target size is the other cost. The cheapest set of cuts over the whole document is found by dynamic programming: {@code
 * best[j] = min over i of best[i] + size(i, j) + cut(j) + joins(i, j)}. Unlike filling chunks greedily this leaves no
 * small remainder behind a full chunk, and after a change the cuts fall back into place at the next heading. A chunk
 * holds a bounded number of pieces, so the time is linear in the document. The other {@link ChunkStrategy strategies} are the
 * same search with other costs of a cut.
 */
public final class Chunker {

    /** Special tokens of the encoder and the separators of title, path and text. */
    private static final int FRAME = 8;

    /** A title or path never takes more than this part of a chunk's room. */
    private static final int HEADER_PART = 2;

    /** Pieces of so many to a chunk let it come near enough to a fixed size. */
    private static final int FIXED_PIECES = 8;

    private final ChunkSettings settings;
    private final @Nullable Embedder meaning;

    /** For every strategy but {@link ChunkStrategy#SEMANTIC}. */
    public Chunker(ChunkSettings settings) {
        this(settings, null);
    }

    /** @param meaning tells how near sentences are where they are cut by meaning; else it is not asked */
    public Chunker(ChunkSettings settings, @Nullable Embedder meaning) {
        if (settings.strategy() == ChunkStrategy.SEMANTIC && meaning == null) {
            throw new IllegalArgumentException("cutting by meaning takes an encoder");
        }
        this.settings = settings;
        this.meaning = meaning;
    }

    public ChunkSettings settings() {
        return settings;
    }

    /** Empty for an empty text, otherwise at least one chunk. */
    public List<Chunk> chunk(String documentId, int version, Extracted document) {
        String text = document.text();
        if (text.isEmpty()) {
            return List.of();
        }
        var estimate = TokenEstimate.forText(text);
        var sections = new Sections(document, estimate);
        String title = Tidy.title(document.title());
        var cuts = new Cuts(document, sections, estimate, room(Integer.MAX_VALUE / 2) / 2, grain());
        cuts.by(settings.strategy(), meaning);
        int[] previous = best(cuts, sections, estimate.count(title, 0, title.length()));
        return chunks(documentId, version, document, sections, cuts, previous);
    }

    private int grain() {
        return settings.strategy() == ChunkStrategy.FIXED
                ? Math.max(1, settings.targetTokens() / FIXED_PIECES)
                : settings.maxTokens();
    }

    /** Tokens that a chunk's own text may have beside a header of that many. */
    private int room(int header) {
        return settings.maxTokens() - Math.min(header, settings.maxTokens() / HEADER_PART) - FRAME;
    }

    /** For each piece j, the first piece of the chunk that ends with j, in the cheapest cutting of everything up to j. */
    private int[] best(Cuts cuts, Sections sections, int title) {
        int n = cuts.size();
        int[] previous = new int[n];
        double[] cost = new double[n + 1];
        double[] joins = new double[n + 1];
        long[] tokens = new long[n + 1];
        for (int i = 0; i < n; i++) {
            tokens[i + 1] = tokens[i] + cuts.tokens(i);
            joins[i + 1] = joins[i] + cuts.join(i);
        }
        for (int j = 0; j < n; j++) {
            cost[j + 1] = Double.POSITIVE_INFINITY;
            for (int i = j; i >= 0; i--) {
                long size = tokens[j + 1] - tokens[i];
                if (i < j && (size > room(0) || j - i > settings.maxTokens())) {
                    break;
                }
                if (i < j && size > room(title + sections.pathTokens(cuts.context(i)))) {
                    continue;
                }
                double whole = cost[i] + size((int) size) + cuts.cut(j) + joins[j] - joins[i];
                if (whole < cost[j + 1]) {
                    cost[j + 1] = whole;
                    previous[j] = i;
                }
            }
        }
        return previous;
    }

    /** 0 at the target, 1 at nothing and at the most, and 1 more below the least. */
    private double size(int tokens) {
        double target = settings.targetTokens();
        if (tokens > target) {
            double over = (tokens - target) / Math.max(1, settings.maxTokens() - target);
            return over * over;
        }
        double under = (target - tokens) / target;
        double small = Math.max(0, settings.minTokens() - tokens) / Math.max(1d, settings.minTokens());
        return under * under + small;
    }

    private static List<Chunk> chunks(
            String documentId, int version, Extracted document, Sections sections, Cuts cuts, int[] previous) {
        var firsts = new ArrayList<Integer>();
        for (int j = cuts.size() - 1; j >= 0; j = previous[j] - 1) {
            firsts.add(previous[j]);
        }
        var points = new CodePoints(document.text());
        var chunks = new ArrayList<Chunk>(firsts.size());
        int block = 0;
        for (int ordinal = 0; ordinal < firsts.size(); ordinal++) {
            int first = firsts.get(firsts.size() - 1 - ordinal);
            int start = cuts.start(first);
            int end = ordinal + 1 < firsts.size()
                    ? cuts.start(firsts.get(firsts.size() - 2 - ordinal))
                    : document.text().length();
            int section = sections.holding(cuts.section(first), start, end);
            int context = sections.holding(cuts.context(first), Integer.MAX_VALUE, end);
            while (block + 1 < document.blocks().size()
                    && document.blocks().get(block + 1).start() <= start) {
                block++;
            }
            chunks.add(new Chunk(
                    documentId,
                    version,
                    ordinal,
                    new Span(points.at(start), points.at(end)),
                    new Span(points.at(sections.start(section)), points.at(sections.end(section))),
                    sections.path(context),
                    document.blocks().isEmpty()
                            ? 0
                            : document.blocks().get(block).page(),
                    document.text().substring(start, end)));
        }
        return chunks;
    }
}
