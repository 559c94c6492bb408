package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.CollectionEncoder;
import dev.tandem.catalog.Storage;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.index.SpareVectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * From one encoder to another, and back. The second encoder's vectors are filled in beside those that answer; once they
 * are whole, one transaction of the catalog makes them the ones that answer. A reader asks the catalog at each question,
 * and opens vectors and encoder by the same row: it never holds one encoder's question against another's documents.
 *
 * <p>After the switch only the live encoder is fed. Going back needs nothing but the same transaction the other way round:
 * what was replaced or deleted meanwhile no catalog lets through, and what was added is found by its words until the next
 * run has filled it in.
 */
final class Reembedding {

    private final Workshop shop;
    private final String collection;

    Reembedding(Workshop shop, String collection) {
        this.shop = shop;
        this.collection = collection;
    }

    /**
     * Which encoder answers now, and which did.
     *
     * @param lacking texts that the one that answers now has no vectors of: found by their words until they are filled in
     */
    record Switched(String from, String to, long lacking) {}

    /** Gives the collection the encoder of the settings; does nothing where that one answers already. */
    void run(String owner, Tally tally) {
        Optional<CollectionEncoder> live = live();
        EncoderChoice.Wanted wanted = shop.choice().wanted(collection);
        Encoder next = wanted.encoder();
        if (live.isEmpty() || live.get().encoder().hash().equals(next.hash())) {
            shop.catalog().encoders().setLive(collection, wanted.source(), next);
            shop.feed(collection);
            shop.follow(owner, tally);
            if (shop.catalog().vectors(next).lacking(collection).texts() > 0) {
                // It may be said to know more languages than when documents in them came.
                shop.feed(collection).index().vectorsDue();
            }
            shop.fillVectors(owner, tally, collection);
            return;
        }
        shop.catalog().encoders().filling(collection, wanted.source(), next);
        shop.feed(collection);
        shop.follow(owner, tally);
        try (SpareVectors spare = open(next)) {
            var filling = new CollectionEncoder(wanted.source(), next, CollectionEncoder.Use.FILLING);
            shop.fill(spare, filling, collection, shop.catalog().lastSequence(collection), owner, tally);
        }
        shop.catalog().encoders().setLive(collection, wanted.source(), next);
        shop.reopen(collection);
        tally.tell(new Event.Switched(collection, live.get().encoder().name(), next.name()));
    }

    /** Empty where vectors are there, and nobody knows whose. */
    private Optional<CollectionEncoder> live() {
        try {
            return Optional.of(shop.choice().live(collection));
        } catch (Failure e) {
            if (e.kind() == Failure.Kind.CONFLICT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private SpareVectors open(Encoder encoder) {
        Path folder = shop.index(collection);
        SpareVectors spare = SpareVectors.write(folder, encoder);
        if (spare.vectorSequence() <= shop.catalog().lastSequence(collection)) {
            return spare;
        }
        // They speak of what never happened: the catalog was put back to an older state.
        spare.close();
        for (Path each : CollectionIndex.directories(folder)) {
            if (CollectionIndex.isVectorsOf(each, encoder)) {
                IndexFeed.delete(each);
            }
        }
        return SpareVectors.write(folder, encoder);
    }

    /**
     * The encoder before answers again, from the next question on.
     *
     * @throws Failure CONFLICT where there is none; whatever opening it throws, with nothing changed
     */
    Switched rollback(String owner, Tally tally) {
        CollectionEncoder live = shop.choice().live(collection);
        CollectionEncoder former = shop.catalog()
                .encoders()
                .former(collection)
                .orElseThrow(() -> new Failure(
                        Failure.Kind.CONFLICT,
                        "The collection '" + Printable.of(collection) + "' has no encoder to go back to: it never had"
                                + " another than " + Printable.of(live.encoder().name()) + ", or that was let go.",
                        "Configure the one that you want, tandem config set encoder FOLDER, then run tandem reembed."));
        shop.choice().open(former);
        shop.catalog().encoders().setLive(collection, former.source(), former.encoder());
        shop.reopen(collection);
        long lacking =
                shop.catalog().vectors(former.encoder()).lacking(collection).texts();
        if (lacking == 0) {
            // All that the catalog has vectors of is put in seconds, and without the encoder.
            shop.feed(collection);
            shop.follow(owner, tally);
            shop.fillVectors(owner, tally, collection);
        }
        return new Switched(live.encoder().name(), former.encoder().name(), lacking);
    }

    /** Gives back the room that other encoders' vectors take: theirs of the index, and those that nothing else needs. */
    long dropOthers() {
        CollectionEncoder live = shop.choice().live(collection);
        Path folder = shop.index(collection);
        long before = bytes(folder) + bytes(shop.catalogFile());
        shop.catalog().encoders().dropOthers(collection);
        for (Path each : CollectionIndex.directories(folder)) {
            if (CollectionIndex.isVectors(each) && !CollectionIndex.isVectorsOf(each, live.encoder())) {
                IndexFeed.delete(each);
            }
        }
        return Math.max(0, before - bytes(folder) - bytes(shop.catalogFile()));
    }

    private static long bytes(Path path) {
        if (!Files.exists(path)) {
            return 0;
        }
        try (Stream<Path> all = Files.walk(path)) {
            return all.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw Storage.failure(e, path);
        }
    }
}
