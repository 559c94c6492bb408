package dev.tandem.parse;

import com.sun.management.GarbageCollectionNotificationInfo;
import dev.tandem.catalog.Home;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.Principal;
import dev.tandem.knowledge.ingest.IngestSettings;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.ingest.Request;
import dev.tandem.knowledge.ingest.Summary;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * Takes in a folder in a process of its own, and tells what heap that took: its last line is in megabytes. What an ingest
 * holds at its height, whatever it reads, are the buffers of the index and one long document; so the height of one that reads
 * ordinary files is what the other is held against.
 */
final class PoisonIngest {

    private static final AtomicLong PEAK = new AtomicLong();
    private static final Duration BETWEEN_COLLECTIONS = Duration.ofSeconds(1);

    private PoisonIngest() {}

    /**
     * Takes in both.
     *
     * @param args the home, a folder with what is ordinary, and one with everything
     */
    public static void main(String[] args) {
        Home home = Home.at(Path.of(args[0]));
        try (ParserPool pool = ParserPool.within(PoisonTest.TIGHT.withChildren(2));
                Ingestor ingestor = Ingestor.open(home, new Flat(), IngestSettings.standard(), pool)) {
            watchPeak();
            ingest(ingestor, args[1]);
            long before = heap();
            long ordinary = PEAK.getAndSet(0);
            Summary sum = ingest(ingestor, args[2]);
            long after = heap();
            System.out.println(sum);
            System.out.println((after - before) / 1_000_000 + " " + (ordinary - before) / 1_000_000 + " "
                    + (PEAK.get() - before) / 1_000_000);
        }
    }

    private static Summary ingest(Ingestor ingestor, String folder) {
        return ingestor.ingest(Request.of(Principal.parse("user:ana"), "default", List.of(folder)), _ -> {});
    }

    private static long heap() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** What is left after a collection is what is held at that moment, and a little that is not. */
    private static void watchPeak() {
        Thread.ofPlatform().daemon().start(() -> {
            while (true) {
                System.gc();
                try {
                    Thread.sleep(BETWEEN_COLLECTIONS);
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        for (GarbageCollectorMXBean each : ManagementFactory.getGarbageCollectorMXBeans()) {
            ((NotificationEmitter) each)
                    .addNotificationListener(
                            (notification, _) -> {
                                var told = GarbageCollectionNotificationInfo.from(
                                        (CompositeData) notification.getUserData());
                                if (told.getGcAction().contains("major")) {
                                    long used = told.getGcInfo().getMemoryUsageAfterGc().entrySet().stream()
                                            .filter(pool -> pool.getKey().matches(".*(Eden|Survivor|Tenured|Old).*"))
                                            .map(Map.Entry::getValue)
                                            .mapToLong(MemoryUsage::getUsed)
                                            .sum();
                                    PEAK.accumulateAndGet(used, Math::max);
                                }
                            },
                            null,
                            null);
        }
    }

    /** Every text has the same direction: what is found is found by its words. */
    static final class Flat implements Embedder {

        private static final Encoder ENCODER = new Encoder("flat", "f".repeat(64), 8, 512);

        @Override
        public Encoder encoder() {
            return ENCODER;
        }

        @Override
        public List<String> endpoints() {
            return List.of();
        }

        @Override
        public List<float[]> embed(List<String> texts, Role role) {
            return Collections.nCopies(texts.size(), new float[] {1, 0, 0, 0, 0, 0, 0, 0});
        }

        @Override
        public int countTokens(String text) {
            return text.length() / 4 + 2;
        }
    }
}
