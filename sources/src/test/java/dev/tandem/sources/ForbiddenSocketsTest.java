package dev.tandem.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.domain.Failure;
import dev.tandem.knowledge.extract.Extracted;
import dev.tandem.knowledge.extract.Extractors;
import dev.tandem.knowledge.ingest.Source;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** URLs that are made to reach this machine, against sockets of it that listen and count who comes. */
class ForbiddenSocketsTest {

    private static final int PROBES = 500;
    private static final String INTRANET = "wiki.corp.example";
    private static final WebSettings IMPATIENT =
            WebSettings.standard().withDelay(0).withSeconds(2);

    /** A socket of this machine. */
    private static final class Trap implements AutoCloseable {
        private final ServerSocket socket;
        private final AtomicInteger visitors;

        Trap(InetAddress at, AtomicInteger visitors) throws IOException {
            this.socket = new ServerSocket(0, 50, at);
            this.visitors = visitors;
            Thread.ofVirtual().start(this::count);
        }

        private void count() {
            while (true) {
                try (var visitor = socket.accept()) {
                    visitors.incrementAndGet();
                    visitor.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nsecret"
                                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                } catch (IOException closed) {
                    return;
                }
            }
        }

        int port() {
            return socket.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static class Deaf implements Source.Sink {
        final List<String> found = new ArrayList<>();

        @Override
        public void found(String path, Extracted content, long bytes, @Nullable Instant modified, String mark) {
            found.add(path);
        }

        @Override
        public void unchanged(String path) {}

        @Override
        public void failed(String path, Failure why) {}

        @Override
        public void gone(String path) {}

        @Override
        public void progress(long done, long total) {}
    }

    @Test
    void noneOfFiveHundredUrlsReachesASocketOfThisMachine() throws IOException {
        long seed = Long.getLong("tandem.seed", System.nanoTime());
        var random = new Random(seed);
        var visitors = new AtomicInteger();
        var sink = new Deaf();
        try (var v4 = new Trap(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), visitors);
                var all = new Trap(InetAddress.getByAddress(new byte[4]), visitors);
                var site = new Site()) {
            int[] ports = {v4.port(), all.port()};
            for (int i = 0; i < PROBES; i++) {
                int port = ports[random.nextInt(ports.length)];
                String target = target(random, port);
                if (i % 5 == 0) {
                    // By way of a host that is allowed, intranet and all, and that leads on or lists it.
                    site.pages.put("/r", Site.Page.redirect(target));
                    site.pages.put(
                            "/s", Site.Page.of("text/xml", "<urlset><url><loc>" + target + "</loc></url></urlset>"));
                    String way = site.url(random.nextBoolean() ? "/r" : "/s").replace("127.0.0.1", INTRANET);
                    probe(way, IMPATIENT.withPrivateHosts(INTRANET).withHosts(host(target)), names(random), sink);
                } else {
                    probe(target, IMPATIENT.withHosts(host(target)), names(random), sink);
                }
            }
        }
        assertThat(visitors.get()).as("seed %d: visitors", seed).isZero();
        assertThat(sink.found).as("seed %d", seed).isEmpty();
    }

    /** On the usual port, which the rule of ports lets pass: the address alone forbids it, before anything is asked there. */
    @Test
    void anAllowedIntranetHostLeadsToNoOtherHostOfTheIntranet() throws IOException {
        var told = new ArrayList<Failure>();
        var sink = new Deaf() {
            @Override
            public void failed(String path, Failure why) {
                told.add(why);
            }
        };
        try (var site = new Site()) {
            for (String host : List.of("127.0.0.2", "payroll.corp.example", "[::ffff:127.0.0.2]")) {
                String target = "http://" + host + "/";
                site.pages.put("/r", Site.Page.redirect(target));
                site.pages.put("/s", Site.Page.of("text/xml", "<urlset><url><loc>" + target + "</loc></url></urlset>"));
                for (String way : List.of("/r", "/s")) {
                    told.clear();
                    try {
                        new WebSource(
                                        site.url(way).replace("127.0.0.1", INTRANET),
                                        IMPATIENT.withPrivateHosts(INTRANET).withHosts(host(target)),
                                        ForbiddenSocketsTest::intranet)
                                .visit(new Source.Known(new TreeMap<>(), Set.of(), ""), Extractors.standard(), sink);
                    } catch (Failure refused) {
                        told.add(refused);
                    }
                    assertThat(told)
                            .as("%s by %s", target, way)
                            .isNotEmpty()
                            .allSatisfy(why -> assertThat(why.kind()).isEqualTo(Failure.Kind.DENIED));
                }
            }
        }
        assertThat(sink.found).isEmpty();
    }

    private static InetAddress[] intranet(String host) throws UnknownHostException {
        return new InetAddress[] {
            InetAddress.getByAddress(host, new byte[] {127, 0, 0, (byte) (host.equals(INTRANET) ? 1 : 2)})
        };
    }

    @Test
    void theTrapsWouldNotice() throws IOException {
        var visitors = new AtomicInteger();
        try (var trap = new Trap(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), visitors)) {
            probe(
                    "http://127.0.0.1:" + trap.port() + "/",
                    IMPATIENT.withPrivateHosts("127.0.0.1"),
                    InetAddress::getAllByName,
                    new Deaf());
        }
        assertThat(visitors.get()).isPositive();
    }

    private static void probe(String url, WebSettings settings, Gate.Names names, Source.Sink sink) {
        try {
            new WebSource(url, settings, names)
                    .visit(new Source.Known(new TreeMap<>(), Set.of(), ""), Extractors.standard(), sink);
        } catch (Failure refused) {
            assertThat(refused.kind()).isIn(Failure.Kind.DENIED, Failure.Kind.INVALID, Failure.Kind.UPSTREAM);
        }
    }

    /**
     * A resolver that makes it worse than most: it reads octal, hexadecimal and short numbers as C libraries do, and gives
     * a rebinding name something harmless first and this machine afterwards, or both at once. It asks no network.
     */
    private static Gate.Names names(Random random) {
        var asked = new AtomicInteger(random.nextInt(2));
        return host -> {
            InetAddress inside = InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1});
            InetAddress outside = InetAddress.getByAddress(host, new byte[] {(byte) 192, 0, 2, 1});
            if (host.endsWith(".rebind.example")) {
                return asked.getAndIncrement() % 2 == 0
                        ? new InetAddress[] {outside, inside}
                        : new InetAddress[] {inside};
            }
            if (host.contains(":") || host.matches("127(\\.\\d+){3}|0\\.0\\.0\\.0")) {
                return InetAddress.getAllByName(host);
            }
            if (host.equals(INTRANET) || host.matches("(?i)[0-9a-fx.]+|.*localhost\\.?")) {
                return new InetAddress[] {inside};
            }
            throw new UnknownHostException(host);
        };
    }

    private static String host(String url) {
        return url.replaceFirst("(?i)^[a-z+.-]+:/*", "")
                .replaceFirst("[/?#].*", "")
                .replaceFirst(":\\d*$", "")
                .replaceFirst("^.*@", "");
    }

    private static String target(Random random, int port) {
        String scheme =
                pick(random, "http", "http", "http", "http", "https", "HTTP", "ftp", "gopher", "file", "jar:http");
        String host = switch (random.nextInt(13)) {
            case 0 -> "127." + random.nextInt(256) + "." + random.nextInt(256) + "." + (1 + random.nextInt(254));
            case 1 -> "2130706433";
            case 2 -> "017700000001";
            case 3 -> "0x7f" + pick(random, "000001", ".0.0.1", ".1");
            case 4 -> "0177.0.0." + (1 + random.nextInt(7));
            case 5 -> pick(random, "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]");
            case 6 ->
                pick(
                        random,
                        "[64:ff9b::7f00:1]",
                        "[2002:7f00:1::]",
                        "[fe80::1]",
                        "[fc00::1]",
                        "[fd12::1]",
                        "[ff02::1]");
            case 7 -> pick(random, "localhost", "LOCALHOST", "localhost.", "ip6-localhost", "127.1", "127.0.1", "0");
            case 8 -> "0.0.0.0";
            case 9 -> "example.org@127.0.0.1";
            case 10 -> pick(random, "127.0.0.1%00.example.org", "127.0.0.1\t", "①②⑦.0.0.1", "127。0。0。1", "[::1%25lo]");
            case 11 -> "a" + random.nextInt(1_000) + ".rebind.example";
            default ->
                pick(
                        random,
                        "user:pw@localhost",
                        "127.0.0.1:80@localhost",
                        "localhost#@example.org",
                        "localhost\\@example.org");
        };
        return scheme + "://" + host + ":" + port + pick(random, "/", "/x?y", "/../..", "");
    }

    private static String pick(Random random, String... values) {
        return values[random.nextInt(values.length)];
    }
}
