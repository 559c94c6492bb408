package dev.tandem.knowledge.ingest;

import dev.tandem.catalog.Catalog;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Query;
import dev.tandem.knowledge.extract.OtherFormats;
import dev.tandem.knowledge.index.Indexes;
import dev.tandem.knowledge.retrieve.Retriever;
import java.nio.file.Path;
import java.util.List;

/** A house whose collection goes from one encoder to another and back. */
final class TwoEncoderHouse {

    final House house;
    final TwoEncoders encoders = new TwoEncoders();

    TwoEncoderHouse(Path folder) {
        house = new House(folder);
    }

    Ingestor open() {
        return Ingestor.open(house.home, encoders, Consent.GIVEN, IngestSettings.standard(), OtherFormats.NONE);
    }

    Summary ingest() {
        try (Ingestor ingestor = open()) {
            return ingestor.ingest(Request.of(House.ANA, "default", List.of(house.docs.toString())), _ -> {});
        }
    }

    /** The letter of the encoder that answers. */
    String live() {
        return encoder().name().replace("hashing-", "");
    }

    Encoder encoder() {
        try (Catalog catalog = house.catalog()) {
            return catalog.encoders(House.ANA, "default").getFirst().encoder();
        }
    }

    /** With whatever encoder answers now; empty where there is nothing yet. */
    List<Hit> search(String words) {
        try (Catalog catalog = house.catalog();
                Indexes indexes = Indexes.reading(
                        house.home::index,
                        (asker, collection) ->
                                catalog.encoders(asker, collection).getFirst().encoder())) {
            return Retriever.fused(indexes, encoders::of, catalog)
                    .search(new Query(words, House.ANA, "default", Filter.everything(), 10));
        } catch (Failure e) {
            if (e.kind() == Failure.Kind.MISSING) {
                return List.of();
            }
            throw e;
        }
    }
}
