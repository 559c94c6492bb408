package dev.tandem.sources;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import dev.tandem.knowledge.extract.Extractors;
import dev.tandem.knowledge.ingest.Source;
import java.net.InetAddress;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A page, or all pages that a sitemap, an index of sitemaps or a feed lists; each a document that is known by its URL. A page
 * that its server says has not changed is not read again; one that is listed no more, or that the server says is gone, is gone.
 * Whatever else goes wrong removes nothing.
 */
public final class WebSource implements Source {

    private static final int DEEPEST = 3;
    /** A server that failed so often in a row is left alone until the next visit. */
    private static final int MOST_FAILURES = 10;

    private static final String LIST = "list";
    private static final String PAGE = "page";

    private final URI root;
    private final WebSettings settings;
    private final Gate.Names names;

    WebSource(String url, WebSettings settings, Gate.Names names) {
        this.root = Gate.parse(url);
        this.settings = settings;
        this.names = names;
    }

    /**
     * What is at that URL.
     *
     * @throws Failure INVALID where that is none that is ever fetched
     */
    public static WebSource of(String url, WebSettings settings) {
        return new WebSource(url, settings, InetAddress::getAllByName);
    }

    /** Whether what was given as a place of documents is a URL. */
    public static boolean handles(String written) {
        return written.matches("(?i)[a-z][a-z0-9+.-]+://.*");
    }

    /** The one way of writing that URL. */
    public static String name(String url) {
        return Gate.parse(url).toString();
    }

    @Override
    public String kind() {
        return "web";
    }

    @Override
    public String file(String path) {
        return path;
    }

    @Override
    public String visit(Known known, Extractors extractors, Sink sink) {
        try (var fetcher = new Fetcher(
                new Gate(root, settings, names), settings, extractors.limits().maxBytes())) {
            return new Visit(fetcher, known, extractors, sink).run();
        }
    }

    private final class Visit {
        private final Fetcher fetcher;
        private final Known known;
        private final Extractors extractors;
        private final Sink sink;
        private final Map<String, Robots> robots = new HashMap<>();

        Visit(Fetcher fetcher, Known known, Extractors extractors, Sink sink) {
            this.fetcher = fetcher;
            this.known = known;
            this.extractors = extractors;
            this.sink = sink;
        }

        String run() {
            switch (fetch(root, known.mark(root.toString()).orElse(""))) {
                case Fetcher.Fetched.NotModified _ -> {
                    sink.unchanged(root.toString());
                    dropAllBut(Set.of(root.toString()));
                }
                case Fetcher.Fetched.Gone(int status) -> rootGone(status);
                case Fetcher.Fetched.Page page -> {
                    var listing = Listing.of(page.body().bytes());
                    if (listing.isPresent()) {
                        visit(pages(page.at(), listing.get()));
                        return LIST;
                    }
                    take(root.toString(), page);
                    dropAllBut(Set.of(root.toString()));
                }
            }
            return PAGE;
        }

        /** A list that is not there says nothing of its pages. */
        private void rootGone(int status) {
            if (!known.wasRead(root.toString())) {
                throw new Failure(
                        known.watermark().equals(LIST) ? Failure.Kind.UPSTREAM : Failure.Kind.MISSING,
                        "There is nothing at " + Printable.of(root.toString()) + ": its server answered " + status
                                + ".",
                        "Check the URL in a browser.");
            }
            sink.gone(root.toString());
        }

        private Set<URI> pages(URI at, Listing first) {
            var pages = new LinkedHashSet<URI>();
            collect(at, first, pages, new LinkedHashSet<>(Set.of(root)), 1);
            if (pages.isEmpty()) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        Printable.of(root.toString()) + " lists no page; nothing was removed.",
                        "Check it in a browser.");
            }
            return pages;
        }

        /** All lists have to be there: of a part of them nobody can tell what is gone. */
        private void collect(URI at, Listing listing, Set<URI> pages, Set<URI> seen, int depth) {
            for (String written : listing.pages()) {
                resolved(at, written, pages);
                if (pages.size() > settings.pages()) {
                    throw new Failure(
                            Failure.Kind.INVALID,
                            Printable.of(root.toString()) + " lists more than " + settings.pages() + " pages.",
                            "Name a smaller list, or raise web-pages.");
                }
            }
            var more = new LinkedHashSet<URI>();
            listing.listings().forEach(written -> resolved(at, written, more));
            for (URI each : more) {
                if (!seen.add(each)) {
                    continue;
                }
                if (depth >= DEEPEST || seen.size() > settings.pages()) {
                    throw new Failure(
                            Failure.Kind.INVALID,
                            "Sitemaps of " + Printable.of(root.toString()) + " list sitemaps without end.",
                            "Name one that lists pages.");
                }
                if (!(fetch(each, "") instanceof Fetcher.Fetched.Page page)) {
                    throw new Failure(
                            Failure.Kind.UPSTREAM,
                            "The sitemap " + Printable.of(each.toString()) + " is listed and not there.",
                            "It is tried again with the next visit; nothing was removed.");
                }
                Listing next = Listing.of(page.body().bytes())
                        .orElseThrow(() -> new Failure(
                                Failure.Kind.INVALID,
                                Printable.of(each.toString()) + " is listed as a sitemap and is none.",
                                "Name another list of pages."));
                collect(page.at(), next, pages, seen, depth + 1);
            }
        }

        private void resolved(URI at, String written, Set<URI> into) {
            try {
                into.add(Gate.parse(
                        at.resolve(written.strip().replace(" ", "%20")).toString()));
            } catch (IllegalArgumentException | Failure notToBeFetched) {
                sink.failed(
                        Printable.of(written),
                        new Failure(
                                Failure.Kind.INVALID,
                                "It is listed by " + Printable.of(root.toString()) + " and is no URL that is fetched.",
                                "Mend the list."));
            }
        }

        private void visit(Set<URI> pages) {
            int failures = 0;
            long done = 0;
            for (URI page : pages) {
                String path = page.toString();
                try {
                    switch (fetch(page, known.mark(path).orElse(""))) {
                        case Fetcher.Fetched.NotModified _ -> sink.unchanged(path);
                        case Fetcher.Fetched.Gone(int status) -> gone(path, status);
                        case Fetcher.Fetched.Page found -> take(path, found);
                    }
                    failures = 0;
                } catch (Failure e) {
                    if (e.kind() == Failure.Kind.BUSY) {
                        throw e;
                    }
                    sink.failed(path, e);
                    failures += e.kind() == Failure.Kind.UPSTREAM ? 1 : 0;
                    if (failures >= MOST_FAILURES) {
                        throw new Failure(
                                Failure.Kind.UPSTREAM,
                                "The last " + MOST_FAILURES + " pages could not be had; the rest was left.",
                                "It is tried again with the next visit; nothing was removed.");
                    }
                }
                sink.progress(++done, pages.size());
            }
            var paths = new LinkedHashSet<String>();
            pages.forEach(page -> paths.add(page.toString()));
            dropAllBut(paths);
        }

        private void gone(String path, int status) {
            if (known.wasRead(path)) {
                sink.gone(path);
            } else {
                sink.failed(
                        path,
                        new Failure(
                                Failure.Kind.MISSING,
                                "It is listed by " + Printable.of(root.toString()) + " and its server answered "
                                        + status + ".",
                                "Mend the list, or leave it."));
            }
        }

        private void dropAllBut(Set<String> there) {
            known.marks().keySet().stream()
                    .filter(path -> !there.contains(path))
                    .forEach(sink::gone);
        }

        private void take(String path, Fetcher.Fetched.Page page) {
            try {
                byte[] bytes = ContentType.decoded(page.body().bytes(), page.type());
                var content = extractors.extract(ContentType.fileName(page.at(), page.type()), bytes);
                sink.found(path, content, bytes.length, instant(page.modified()), page.mark());
            } catch (Failure e) {
                if (e.kind() != Failure.Kind.INVALID) {
                    throw e;
                }
                sink.failed(path, e);
            }
        }

        private Fetcher.Fetched fetch(URI uri, String mark) {
            Robots rules = robots(uri);
            if (!rules.allows(uri)) {
                throw new Failure(
                        Failure.Kind.DENIED,
                        "Its host asks in robots.txt that it is not fetched.",
                        "Ask the host's owner, or leave it.");
            }
            return fetcher.get(uri, mark, rules.delayMillis());
        }

        /** Where there is none everything is allowed; where it cannot be had the host is left alone. */
        private Robots robots(URI uri) {
            URI at = uri.resolve("/robots.txt");
            Robots known = robots.get(at.toString());
            if (known == null) {
                try {
                    known = fetcher.get(at, "", 0) instanceof Fetcher.Fetched.Page page
                            ? Robots.read(page.body().bytes())
                            : Robots.none();
                } catch (Failure e) {
                    if (e.kind() != Failure.Kind.INVALID) {
                        throw e;
                    }
                    known = Robots.none();
                }
                robots.put(at.toString(), known);
            }
            return known;
        }
    }

    private static @Nullable Instant instant(String written) {
        try {
            return written.isEmpty()
                    ? null
                    : ZonedDateTime.parse(written, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant();
        } catch (DateTimeException notADate) {
            return null;
        }
    }
}
