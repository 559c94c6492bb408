package dev.tandem.knowledge.extract;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Collects blocks into an {@link Extracted}; every extractor writes through one, so that all texts look alike. */
final class BlockWriter implements BlockOut {

    private static final int DEEPEST_LEVEL = 9;
    private static final int OPENING_BLOCKS = 6;
    private static final Pattern NUMBERED = Pattern.compile(
            "(?i)(?:exhibit|schedule|annex|appendix|attachment)\\s+\\S{1,8}|(?:section|article|[\\dIVX]+\\.).*");

    private final StringBuilder text = new StringBuilder();
    private final List<Block> blocks = new ArrayList<>();
    private final Hidden hidden = new Hidden();
    private int page;

    /** Takes out of this document what nobody sees. */
    Hidden hidden() {
        return hidden;
    }

    /** From now on blocks stand on this page, from 1. */
    void page(int number) {
        page = number;
    }

    @Override
    public void heading(int level, CharSequence line) {
        add(Block.Kind.HEADING, Math.clamp(level, 1, DEEPEST_LEVEL), Tidy.line(line));
    }

    @Override
    public void paragraph(CharSequence lines) {
        add(Block.Kind.PARAGRAPH, 0, Tidy.lines(lines));
    }

    @Override
    public void list(CharSequence lines) {
        add(Block.Kind.LIST, 0, Tidy.lines(lines));
    }

    @Override
    public void code(CharSequence lines) {
        add(Block.Kind.CODE, 0, Tidy.lines(lines));
    }

    @Override
    public void table(List<List<String>> rows) {
        add(Block.Kind.TABLE, 0, rows(rows));
    }

    /** More of the paragraph before, on a later page: a space stands between and not a blank line. */
    void continued(CharSequence line) {
        String body = Tidy.line(line);
        if (!body.isEmpty()) {
            append(" ", Block.Kind.PARAGRAPH, 0, body);
        }
    }

    static String rows(List<List<String>> rows) {
        var lines = new StringBuilder();
        for (List<String> row : rows) {
            var cells = row.stream().map(Tidy::line).toList();
            if (cells.stream().anyMatch(cell -> !cell.isEmpty())) {
                lines.append(lines.isEmpty() ? "" : "\n").append(String.join(" | ", cells));
            }
        }
        return lines.toString();
    }

    boolean isEmpty() {
        return blocks.isEmpty();
    }

    /** The text of the first heading, or null. */
    @Nullable
    String firstHeading() {
        return blocks.stream()
                .filter(block -> block.kind() == Block.Kind.HEADING)
                .findFirst()
                .map(block -> text.substring(block.start(), block.end()))
                .orElse(null);
    }

    /** The most prominent of the headings that open the first page; those that number what they head are no titles. */
    @Nullable
    String titleOnFirstPage() {
        return blocks.stream()
                .limit(OPENING_BLOCKS)
                .filter(block -> block.kind() == Block.Kind.HEADING && block.page() <= 1)
                .filter(block -> !NUMBERED.matcher(text.substring(block.start(), block.end()))
                        .matches())
                .min(Comparator.comparingInt(Block::level))
                .map(block -> text.substring(block.start(), block.end()))
                .orElse(null);
    }

    Extracted finish(
            @Nullable String title, String name, SortedMap<String, String> metadata, @Nullable Instant modified) {
        if (blocks.isEmpty()) {
            throw Unreadable.because("It holds no text.");
        }
        var told = new TreeMap<String, String>();
        metadata.forEach((key, value) -> {
            String line = Tidy.line(value);
            if (!line.isEmpty()) {
                told.put(key, line);
            }
        });
        String line = title == null ? "" : Tidy.title(title);
        return new Extracted(
                line.isEmpty() ? FileName.title(name) : line, text.toString(), blocks, told, modified, hidden.sum());
    }

    private void add(Block.Kind kind, int level, String body) {
        if (!body.isEmpty()) {
            append("\n\n", kind, level, body);
        }
    }

    private void append(String between, Block.Kind kind, int level, String body) {
        if (!text.isEmpty()) {
            text.append(between);
        }
        int start = text.length();
        text.append(body);
        blocks.add(new Block(kind, start, text.length(), level, page));
    }
}
