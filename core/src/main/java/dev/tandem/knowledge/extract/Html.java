package dev.tandem.knowledge.extract;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/** Web pages: what they are about, without menus, adverts and footers (see {@link Boilerplate}). */
final class Html implements Extractor {

    /** Larger pages are no articles; they are taken whole, since finding their content means walking them many times. */
    private static final int LARGEST_ARTICLE = 2_000_000;

    private static final int MOST_ELEMENTS = 20_000;

    private static final int HEAD = 8 * 1024;

    @Override
    public Extracted extract(String path, byte[] bytes) {
        Document page = parse(bytes);
        var out = new BlockWriter();
        HiddenHtml.strip(page, out.hidden());
        Element content = isArticleSized(page, bytes) ? Boilerplate.content(page) : page.body();
        DomBlocks.write(content, out);
        if (out.isEmpty()) {
            DomBlocks.write(page.body(), out);
        }
        return out.finish(title(page), path, metadata(page), modified(page));
    }

    private static boolean isArticleSized(Document page, byte[] bytes) {
        return bytes.length <= LARGEST_ARTICLE
                && page.stream().limit(MOST_ELEMENTS + 1).count() <= MOST_ELEMENTS;
    }

    /** Whether the first bytes are those of a web page. */
    static boolean looksLike(String head) {
        String start = head.stripLeading().toLowerCase(Locale.ROOT);
        return start.startsWith("<!doctype html") || start.startsWith("<html") || start.startsWith("<head");
    }

    /** The page as a tree whose depth is bounded. */
    static Document parse(byte[] bytes) {
        String head = new String(bytes, 0, Math.min(bytes.length, HEAD), StandardCharsets.ISO_8859_1);
        boolean told = head.toLowerCase(Locale.ROOT).contains("charset") && !Decoding.looksBinary(bytes);
        // Null: jsoup reads the byte order mark or the meta element.
        String charset = told ? null : Decoding.charset(bytes).name();
        try {
            return Jsoup.parse(
                    new ByteArrayInputStream(bytes),
                    charset,
                    "",
                    Parser.htmlParser().setMaxDepth(DomBlocks.DEEPEST));
        } catch (IOException memoryDoesNotFail) {
            throw new UncheckedIOException(memoryDoesNotFail);
        }
    }

    /** HTML that stands in a page of another format. */
    static Element fragment(String html, Hidden hidden) {
        Document page = Jsoup.parse(html, "", Parser.htmlParser().setMaxDepth(DomBlocks.DEEPEST));
        HiddenHtml.strip(page, hidden);
        return page.body();
    }

    /** The one main heading when the window's title contains it; otherwise what the page tells others to call it. */
    private static @Nullable String title(Document page) {
        String window = Tidy.line(page.title());
        var headings = page.select("h1");
        String heading = headings.size() == 1 ? Tidy.line(headings.getFirst().text()) : "";
        if (!heading.isEmpty() && (window.contains(heading) || window.isEmpty())) {
            return heading;
        }
        String told = meta(page, "og:title", "twitter:title", "dc.title", "citation_title");
        return told != null ? told : window;
    }

    private static Map.Entry<String, String> entry(String key, @Nullable String value) {
        return Map.entry(key, value == null ? "" : value);
    }

    private static SortedMap<String, String> metadata(Document page) {
        var found = new TreeMap<String, String>();
        for (var entry : List.of(
                entry("author", meta(page, "author", "article:author", "dc.creator", "citation_author")),
                entry("description", meta(page, "description", "og:description")),
                entry("keywords", meta(page, "keywords")),
                entry("site", meta(page, "og:site_name", "application-name")),
                entry("published", meta(page, "article:published_time", "date", "dc.date")),
                entry("language", page.select("html").attr("lang")))) {
            if (!entry.getValue().isBlank()) {
                found.put(entry.getKey(), entry.getValue());
            }
        }
        return found;
    }

    private static @Nullable Instant modified(Document page) {
        return Dates.parse(meta(
                page,
                "article:modified_time",
                "og:updated_time",
                "last-modified",
                "dcterms.modified",
                "datemodified",
                "article:published_time",
                "date",
                "dc.date"));
    }

    /** The first of these that the page's meta elements tell, under name, property, itemprop or http-equiv. */
    private static @Nullable String meta(Document page, String... names) {
        for (String name : names) {
            for (Element meta : page.select("meta[content]")) {
                boolean named = meta.attr("name").equalsIgnoreCase(name)
                        || meta.attr("property").equalsIgnoreCase(name)
                        || meta.attr("itemprop").equalsIgnoreCase(name)
                        || meta.attr("http-equiv").equalsIgnoreCase(name);
                if (named && !meta.attr("content").isBlank()) {
                    return meta.attr("content");
                }
            }
        }
        return null;
    }
}
