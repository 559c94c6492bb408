package dev.tandem.knowledge.extract;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Tells what stands in the margins of a PDF's pages: page numbers, and heads and feet that run through the document. */
final class PdfMargins {

    private static final Pattern PAGE_NUMBER = Pattern.compile(
            "(?i)[-–—\\[(]?\\s*(?:page\\s*)?(?:\\d{1,4}|[ivxl]{1,6})" + "\\s*(?:(?:of|/)\\s*\\d{1,4})?\\s*[-–—\\])]?");
    private static final Pattern DIGITS = Pattern.compile("\\d+");

    /** The part of a page's height, at the top and at the bottom, where page numbers stand. */
    private static final float MARGIN = .25f;

    private static final int LINES = 3;
    private static final int FEWEST_PAGES = 3;
    private static final double SHARE_OF_PAGES = .4;

    private PdfMargins() {}

    /** The lines that are no content, by identity of page and place. */
    static Set<PdfLine> of(List<PdfLine> lines) {
        var pages = new TreeMap<Integer, List<PdfLine>>();
        lines.forEach(line ->
                pages.computeIfAbsent(line.page(), page -> new ArrayList<>()).add(line));
        var candidates = new ArrayList<PdfLine>();
        pages.values().forEach(page -> candidates.addAll(outermost(page)));
        Map<String, Set<Integer>> pagesOf = new HashMap<>();
        candidates.forEach(line ->
                pagesOf.computeIfAbsent(key(line), key -> new HashSet<>()).add(line.page()));
        double enough = Math.max(FEWEST_PAGES, SHARE_OF_PAGES * pages.size());
        var found = new HashSet<PdfLine>();
        for (PdfLine line : candidates) {
            boolean runs = pagesOf.getOrDefault(key(line), Set.of()).size() >= enough;
            boolean outside =
                    Math.min(line.baseline(), line.pageHeight() - line.baseline()) < MARGIN * line.pageHeight();
            if (runs || (outside && PAGE_NUMBER.matcher(line.text()).matches())) {
                found.add(line);
            }
        }
        return found;
    }

    private static List<PdfLine> outermost(List<PdfLine> page) {
        List<PdfLine> downwards = page.stream()
                .sorted(Comparator.comparingDouble(PdfLine::baseline))
                .toList();
        int size = downwards.size();
        if (size <= 2 * LINES) {
            return downwards;
        }
        var found = new ArrayList<PdfLine>(downwards.subList(0, LINES));
        found.addAll(downwards.subList(size - LINES, size));
        return found;
    }

    private static String key(PdfLine line) {
        boolean top = line.baseline() < line.pageHeight() / 2;
        return (top ? "top " : "bottom ") + DIGITS.matcher(line.text()).replaceAll("#");
    }
}
