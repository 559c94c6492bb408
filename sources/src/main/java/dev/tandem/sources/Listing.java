package dev.tandem.sources;

import dev.tandem.domain.Failure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;

/**
 * Pages that a sitemap or a feed lists. The XML is read without entities or anything else that is fetched or expanded.
 *
 * @param pages URLs as they are written, perhaps relative
 * @param listings other sitemaps
 */
record Listing(List<String> pages, List<String> listings) {

    /** As the sitemap protocol has it. */
    private static final int LARGEST = 50 * 1024 * 1024;

    private static final int HEAD = 4_000;
    private static final Pattern ROOT = Pattern.compile(
            "(?s)\\A\\W*(?:<\\?.*?\\?>|<!--.*?-->|<!DOCTYPE[^>]*>|\\s)*<(?:\\w+:)?(urlset|sitemapindex|rss|feed|RDF)\\b");

    /** Empty where these bytes are no list of pages but something else. */
    static Optional<Listing> of(byte[] bytes) {
        byte[] plain = bytes;
        if (bytes.length > 2 && (bytes[0] & 0xFF) == 0x1F && (bytes[1] & 0xFF) == 0x8B) {
            Optional<byte[]> unpacked = unpacked(bytes);
            if (unpacked.isEmpty()) {
                return Optional.empty();
            }
            plain = unpacked.get();
        }
        String head = new String(plain, 0, Math.min(plain.length, HEAD), StandardCharsets.UTF_8);
        if (!ROOT.matcher(head).find()) {
            return Optional.empty();
        }
        if (plain.length > LARGEST) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The list of pages has more than " + LARGEST / 1024 / 1024 + " MB unpacked.",
                    "Name smaller sitemaps.");
        }
        return Optional.of(read(plain));
    }

    private static Listing read(byte[] plain) {
        Document xml;
        try {
            xml = Jsoup.parse(
                    new ByteArrayInputStream(plain),
                    null,
                    "",
                    Parser.xmlParser().setMaxDepth(50));
        } catch (IOException memoryDoesNotFail) {
            throw new IllegalStateException(memoryDoesNotFail);
        }
        var pages = new ArrayList<String>();
        var listings = new ArrayList<String>();
        for (Element each : xml.getAllElements()) {
            switch (local(each)) {
                case "url" -> child(each, "loc").map(Element::text).ifPresent(pages::add);
                case "sitemap" -> child(each, "loc").map(Element::text).ifPresent(listings::add);
                case "item" -> item(each).ifPresent(pages::add);
                case "entry" -> entry(each).ifPresent(pages::add);
                default -> {}
            }
        }
        pages.removeIf(String::isBlank);
        listings.removeIf(String::isBlank);
        return new Listing(List.copyOf(pages), List.copyOf(listings));
    }

    /** RSS: the link, else a guid that is one. */
    private static Optional<String> item(Element item) {
        return child(item, "link")
                .map(Element::text)
                .filter(link -> !link.isBlank())
                .or(() -> child(item, "guid").map(Element::text).filter(guid -> guid.startsWith("http")));
    }

    /** Atom: the alternate link, which is the one without a relation, too. */
    private static Optional<String> entry(Element entry) {
        return entry.children().stream()
                .filter(each -> local(each).equals("link"))
                .filter(each -> each.attr("rel").isEmpty() || each.attr("rel").equals("alternate"))
                .map(each -> each.attr("href"))
                .findFirst();
    }

    private static Optional<Element> child(Element parent, String name) {
        return parent.children().stream()
                .filter(each -> local(each).equals(name))
                .findFirst();
    }

    private static String local(Element element) {
        String name = element.tagName().toLowerCase(Locale.ROOT);
        return name.substring(name.indexOf(':') + 1);
    }

    private static Optional<byte[]> unpacked(byte[] bytes) {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return Optional.of(in.readNBytes(LARGEST + 1));
        } catch (IOException broken) {
            return Optional.empty();
        }
    }
}
