package dev.tandem.knowledge.extract;

import java.util.ArrayList;
import java.util.List;

/**
 * The tree that a document's headings make: a section reaches from its heading to the next heading of the same or an
 * outer level. Section 0 is the whole text. All offsets are UTF-16 indices.
 */
final class Sections {

    /** Longest heading path, in tokens; of a longer one the innermost headings stay. */
    private static final int PATH_TOKENS = 80;

    private static final String SEPARATOR = " > ";

    /** {@code end} is only known once the section is closed. */
    private static final class Section {
        final int parent;
        final int level;
        final int start;
        final String path;
        final int pathTokens;
        int end;

        Section(int parent, int level, int start, String path, int pathTokens) {
            this.parent = parent;
            this.level = level;
            this.start = start;
            this.path = path;
            this.pathTokens = pathTokens;
        }
    }

    private final List<Section> sections = new ArrayList<>();
    /** The innermost section of each block. */
    private final int[] ofBlock;

    Sections(Extracted document, TokenEstimate estimate) {
        String text = document.text();
        sections.add(new Section(0, 0, 0, "", 0));
        ofBlock = new int[document.blocks().size()];
        int open = 0;
        for (int i = 0; i < ofBlock.length; i++) {
            Block block = document.blocks().get(i);
            if (block.kind() == Block.Kind.HEADING) {
                while (open != 0 && sections.get(open).level >= block.level()) {
                    sections.get(open).end = block.start();
                    open = sections.get(open).parent;
                }
                String heading = Tidy.title(text.substring(block.start(), block.end()));
                String path = join(sections.get(open).path, heading, estimate);
                sections.add(
                        new Section(open, block.level(), block.start(), path, estimate.count(path, 0, path.length())));
                open = sections.size() - 1;
            }
            ofBlock[i] = open;
        }
        while (open != 0) {
            sections.get(open).end = text.length();
            open = sections.get(open).parent;
        }
        sections.getFirst().end = text.length();
    }

    /** The innermost section that the block stands in; a heading stands in its own. */
    int ofBlock(int block) {
        return ofBlock[block];
    }

    /** The smallest section around both the given one and {@code text[start, end)}. */
    int holding(int section, int start, int end) {
        int holder = section;
        while (sections.get(holder).start > start || sections.get(holder).end < end) {
            holder = sections.get(holder).parent;
        }
        return holder;
    }

    int start(int section) {
        return sections.get(section).start;
    }

    int end(int section) {
        return sections.get(section).end;
    }

    /** Headings, outermost first; empty for the whole text. */
    String path(int section) {
        return sections.get(section).path;
    }

    int pathTokens(int section) {
        return sections.get(section).pathTokens;
    }

    private static String join(String outer, String heading, TokenEstimate estimate) {
        String path = outer.isEmpty() ? heading : outer + SEPARATOR + heading;
        while (estimate.count(path, 0, path.length()) > PATH_TOKENS && path.contains(SEPARATOR)) {
            path = path.substring(path.indexOf(SEPARATOR) + SEPARATOR.length());
        }
        return path;
    }
}
