package dev.tandem.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Failure;
import dev.tandem.knowledge.ingest.Event;
import dev.tandem.knowledge.ingest.Summary;
import dev.tandem.knowledge.ingest.Visits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Visits to a real web site on loopback, which is allowed as a host of an intranet is. */
class WebSourceTest {

    private static final WebSettings LOOPBACK =
            WebSettings.standard().withPrivateHosts("127.0.0.1").withDelay(0).withSeconds(5);

    @TempDir
    private Path folder;

    private final Site site = new Site();
    private Place place;

    @BeforeEach
    void open() {
        place = new Place(folder);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private Summary visit(String path) {
        site.answered.clear();
        return place.visit(Place.web(site.url(path), Duration.ZERO), WebSource.of(site.url(path), LOOPBACK));
    }

    @Test
    void aPageIsADocumentThatIsKnownByItsUrl() {
        site.pages.put("/leave", Site.Page.html("Leave is thirty days."));

        assertThat(visit("/leave").added()).isEqualTo(1);

        assertThat(place.paths(Place.ANA)).containsExactly(site.url("/leave"));
        assertThat(place.text(site.url("/leave"))).contains("Leave is thirty days.");
        assertThat(place.documents(Place.BEN)).isEmpty();
        assertThat(place.sources(Place.BEN)).isEmpty();
    }

    @Test
    void aSitemapIsFollowedAndUnchangedPagesAreNotSentAgain() {
        site.pages.put("/a", Site.Page.html("Herons wade."));
        site.pages.put("/b", Site.Page.html("Curlews probe."));
        site.sitemap("/a", "/b");
        assertThat(visit("/sitemap.xml").added()).isEqualTo(2);

        Summary second = visit("/sitemap.xml");

        assertThat(second.unchanged()).isEqualTo(2);
        assertThat(site.answered).contains("304 /a", "304 /b");

        site.pages.put("/b", Site.Page.html("Curlews probe at dusk."));
        Summary third = visit("/sitemap.xml");
        assertThat(third.changed()).isEqualTo(1);
        assertThat(place.text(site.url("/b"))).contains("at dusk");
    }

    @Test
    void aPageThatIsKnownByItsDateAloneIsNotSentAgainEither() {
        site.pages.put("/a", Site.Page.dated("Herons wade.", "Mon, 02 Nov 2026 10:00:00 GMT"));
        assertThat(visit("/a").added()).isEqualTo(1);
        assertThat(visit("/a").unchanged()).isEqualTo(1);
        assertThat(site.answered).contains("304 /a");
        site.pages.put("/a", Site.Page.dated("Herons fly.", "Tue, 03 Nov 2026 10:00:00 GMT"));
        assertThat(visit("/a").changed()).isEqualTo(1);
        assertThat(place.text(site.url("/a"))).contains("Herons fly");
    }

    @Test
    void whatIsListedNoMoreOrAnsweredGoneIsRemovedAndATroubledServerRemovesNothing() {
        for (String name : new String[] {"/a", "/b", "/c"}) {
            site.pages.put(name, Site.Page.html("Page " + name));
        }
        site.sitemap("/a", "/b", "/c");
        visit("/sitemap.xml");

        site.pages.put("/c", Site.Page.status(503));
        Summary troubled = visit("/sitemap.xml");
        assertThat(troubled.failed()).isEqualTo(1);
        assertThat(place.text(site.url("/c"))).contains("Page /c");
        site.pages.put("/sitemap.xml", Site.Page.status(500));
        assertThatThrownBy(() -> visit("/sitemap.xml"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("500");
        assertThat(place.documents(Place.ANA)).hasSize(3);
        assertThat(place.sources(Place.ANA).getFirst().failure()).contains("500");

        site.sitemap("/a", "/c");
        site.pages.put("/c", Site.Page.status(410));
        Summary third = visit("/sitemap.xml");
        assertThat(third.deleted()).isEqualTo(2);
        assertThat(place.paths(Place.ANA)).containsExactly(site.url("/a"));
        assertThat(place.sources(Place.ANA).getFirst().failure()).isNull();
    }

    @Test
    void aPageThatIsListedAndWasNeverThereIsToldOfAtEveryVisit() {
        site.pages.put("/a", Site.Page.html("Page /a"));
        site.pages.put("/none", Site.Page.status(404));
        site.sitemap("/a", "/none");
        for (int time = 1; time <= 4; time++) {
            Summary visit = visit("/sitemap.xml");
            assertThat(visit.failed()).as("visit " + time).isEqualTo(1);
            assertThat(visit.deleted()).as("visit " + time).isZero();
            assertThat(place.paths(Place.ANA)).contains(site.url("/none"));
        }
        site.pages.put("/none", Site.Page.html("There at last"));
        assertThat(visit("/sitemap.xml").failed()).isZero();
        site.pages.put("/none", Site.Page.status(404));
        assertThat(visit("/sitemap.xml").deleted()).isEqualTo(1);
        assertThat(place.paths(Place.ANA)).containsExactly(site.url("/a"));
    }

    @Test
    void gzippedSitemapsIndexesOfThemAndFeedsAreRead() throws IOException {
        site.pages.put("/a", Site.Page.html("Herons wade."));
        site.pages.put("/b", Site.Page.html("Curlews probe."));
        site.sitemap("/a");
        var zipped = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(zipped)) {
            out.write(site.pages.get("/sitemap.xml").body());
        }
        site.pages.put("/s.xml.gz", new Site.Page(200, "application/gzip", zipped.toByteArray(), Map.of()));
        site.pages.put(
                "/index.xml",
                Site.Page.of(
                        "text/xml",
                        "<sitemapindex><sitemap><loc>" + site.url("/s.xml.gz") + "</loc></sitemap></sitemapindex>"));
        site.pages.put(
                "/rss",
                Site.Page.of(
                        "application/rss+xml",
                        "<rss><channel><link>x</link><item><link>" + site.url("/b")
                                + "</link></item></channel></rss>"));
        site.pages.put(
                "/atom",
                Site.Page.of(
                        "application/atom+xml",
                        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><link href=\"/b\"/></entry></feed>"));

        visit("/index.xml");
        visit("/rss");
        assertThat(visit("/atom").unchanged() + place.paths(Place.ANA).size()).isEqualTo(3);
        assertThat(place.paths(Place.ANA)).containsExactlyInAnyOrder(site.url("/a"), site.url("/b"));

        // Listed by two: the page stays until neither has it.
        site.pages.put(
                "/rss",
                Site.Page.of("application/rss+xml", "<rss><item><link>" + site.url("/a") + "</link></item></rss>"));
        visit("/rss");
        assertThat(place.paths(Place.ANA)).contains(site.url("/b"));
    }

    @Test
    void theHostsRobotsFileIsHonoured() {
        site.pages.put(
                "/robots.txt", Site.Page.of("text/plain", "User-agent: *\nDisallow: /private\nAllow: /private/x$"));
        site.pages.put("/private", Site.Page.html("Not for robots."));
        site.pages.put("/private/x", Site.Page.html("For robots."));
        site.sitemap("/private", "/private/x");

        Summary summary = visit("/sitemap.xml");

        assertThat(summary.added()).isEqualTo(1);
        assertThat(summary.failed()).isEqualTo(1);
        assertThat(site.answered).doesNotContain("200 /private");
    }

    @Test
    void redirectionsEndSomewhereAndPackedPagesAreBounded() throws IOException {
        site.pages.put("/round", Site.Page.redirect("/round"));
        assertThatThrownBy(() -> visit("/round")).hasMessageContaining("more than 5 times");
        site.pages.put("/away", Site.Page.redirect("http://elsewhere.example/"));
        assertThatThrownBy(() -> visit("/away")).hasMessageContaining("elsewhere.example, which is not allowed");

        var bomb = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bomb)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 120; i++) {
                out.write(zeros);
            }
        }
        site.pages.put(
                "/bomb", new Site.Page(200, "text/html", bomb.toByteArray(), Map.of("Content-Encoding", "gzip")));
        assertThatThrownBy(() -> visit("/bomb")).hasMessageContaining("more than 100 MB");
    }

    @Test
    void dueSourcesAreVisitedForTheirOwnerAloneAndTellNobodyElseOfTheirTroubles() {
        site.pages.put("/a", Site.Page.html("Herons wade."));
        place.visit(
                Place.web(site.url("/a"), Duration.ofHours(6), AccessSet.parse("group:ops")),
                WebSource.of(site.url("/a"), LOOPBACK));
        assertThat(place.paths(Place.BEN)).containsExactly(site.url("/a"));

        place.visitDue(Place.ANA, entry -> WebSource.of(entry.name(), LOOPBACK));
        assertThat(place.events(Event.Unchanged.class)).isEmpty();
        place.makeDue();
        place.visitDue(Place.BEN, entry -> WebSource.of(entry.name(), LOOPBACK));
        assertThat(place.events(Event.Unchanged.class)).isEmpty();
        place.visitDue(Place.ANA, entry -> WebSource.of(entry.name(), LOOPBACK));
        assertThat(place.events(Event.Unchanged.class)).hasSize(1);

        site.pages.put("/a", Site.Page.status(503));
        place.makeDue();
        assertThat(place.visitDue(Place.ANA, entry -> WebSource.of(entry.name(), LOOPBACK))
                        .failed())
                .isEqualTo(1);
        assertThat(place.sources(Place.ANA).getFirst().failure()).contains("503");
        assertThat(place.sources(Place.BEN)).isEmpty();
        assertThat(place.documents(Place.BEN)).allSatisfy(entry -> {
            assertThat(entry.reason()).isNull();
            assertThat(entry.toString()).doesNotContain("503");
        });
    }

    @Test
    void aSourceIsVisitedWheneverItIsDueUntilThatEnds() throws Exception {
        site.pages.put("/a", Site.Page.html("Herons wade."));
        place.visit(Place.web(site.url("/a"), Duration.ofSeconds(1), null), WebSource.of(site.url("/a"), LOOPBACK));
        site.pages.put("/a", Site.Page.html("Curlews call."));
        var told = new LinkedBlockingQueue<Event>();
        Thread thread;
        try (Visits visits = place.visits(Place.ANA, entry -> WebSource.of(entry.name(), LOOPBACK))) {
            thread = Thread.ofPlatform().start(() -> {
                try {
                    visits.run(told::add);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(next(told, Event.Changed.class).path()).isEqualTo(site.url("/a"));
            next(told, Event.Done.class);
            site.pages.put("/a", Site.Page.status(503));
            assertThat(next(told, Event.Failed.class).reason()).contains("503");
            site.pages.put("/a", Site.Page.html("Avocets sweep."));
            next(told, Event.Changed.class);
        }
        thread.join();
    }

    private static <E extends Event> E next(BlockingQueue<Event> told, Class<E> kind) throws InterruptedException {
        while (true) {
            Event event = told.poll(30, TimeUnit.SECONDS);
            assertThat(event).as("waiting for " + kind.getSimpleName()).isNotNull();
            if (kind.isInstance(event)) {
                return kind.cast(event);
            }
        }
    }
}
