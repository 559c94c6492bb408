package dev.tandem.knowledge.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.catalog.Catalog;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Language;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.retrieve.HashingEmbedder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The language of a document, from its words to what is embedded of it. */
class LanguageTest {

    private static final String GERMAN = "Die Werkstatt öffnet um acht Uhr. Wer sein Fahrrad bis zum Mittag bringt,"
            + " bekommt es in der Regel noch am selben Abend zurück.";
    private static final String ENGLISH = "The workshop opens at eight. Whoever brings a bicycle before noon gets it"
            + " back in the evening of the same day.";

    @TempDir
    private Path folder;

    private House house;
    private final Embedder english = new HashingEmbedder(Set.of(Language.ENGLISH));

    @BeforeEach
    void open() {
        house = new House(folder);
        house.write("werkstatt.md", GERMAN);
        house.write("workshop.md", ENGLISH);
        house.write("schild.txt", "Fahrräder");
    }

    private Summary ingest(Language usual, Map<String, String> given) {
        house.events.clear();
        try (Ingestor ingestor =
                Ingestor.open(house.home, english, IngestSettings.standard().with(usual))) {
            return ingestor.ingest(
                    Request.of(House.ANA, "default", List.of(house.docs.toString()))
                            .with(new TreeMap<>(given)),
                    house.events::add);
        }
    }

    private Language language(String name) {
        return house.entry(House.ANA, name).language();
    }

    @Test
    void itIsToldByTheTextAndByWhatIsUsualWhereThatIsTooShort() {
        ingest(Language.GERMAN, Map.of());
        assertThat(language("werkstatt.md")).isEqualTo(Language.GERMAN);
        assertThat(language("workshop.md")).isEqualTo(Language.ENGLISH);
        assertThat(language("schild.txt")).isEqualTo(Language.GERMAN);
        assertThat(house.search(House.ANA, "Fahrrad")).contains("werkstatt.md", "schild.txt");
    }

    @Test
    void whatTheOwnerSaysHoldsUntilTheySayOtherwiseAndLeavesTheRestAsItIs() {
        ingest(Language.ENGLISH, Map.of("team", "service"));
        assertThat(language("schild.txt")).isEqualTo(Language.ENGLISH);

        assertThat(ingest(Language.ENGLISH, Map.of("language", "de")).changed()).isEqualTo(3);
        assertThat(language("schild.txt")).isEqualTo(Language.GERMAN);
        assertThat(house.entry(House.ANA, "schild.txt").metadata()).containsEntry("team", "service");

        assertThat(ingest(Language.ENGLISH, Map.of()).unchanged()).isEqualTo(3);
        house.write("schild.txt", "Fahrräder, neu");
        ingest(Language.ENGLISH, Map.of());
        assertThat(language("schild.txt")).isEqualTo(Language.GERMAN);
    }

    @Test
    void nothingWaitsForVectorsThatTheEncoderCannotMakeUntilItIsSaidToKnowMore() {
        Summary sum = ingest(Language.ENGLISH, Map.of());
        assertThat(sum.embedded()).isEqualTo(2);
        assertThat(vectors()).isEqualTo(2);
        try (Catalog catalog = Catalog.read(house.home, House.ANA.tenant())) {
            assertThat(catalog.status(House.ANA)).singleElement().satisfies(status -> {
                assertThat(status.chunks()).isEqualTo(3);
                assertThat(status.embedded()).isEqualTo(2);
                assertThat(status.wordsOnly()).isEqualTo(1);
            });
        }

        Embedder all = new HashingEmbedder();
        try (Ingestor ingestor = Ingestor.open(house.home, all)) {
            ingestor.reembed(House.ANA, "default", _ -> {});
        }
        assertThat(vectors()).isEqualTo(3);
        try (Catalog catalog = Catalog.read(house.home, House.ANA.tenant())) {
            assertThat(catalog.status(House.ANA).getFirst().wordsOnly()).isZero();
        }
    }

    private int vectors() {
        try (CollectionIndex index =
                        CollectionIndex.read(house.home.index(House.ANA.tenant(), "default"), english.encoder());
                var snapshot = index.snapshot()) {
            return snapshot.vectors();
        }
    }
}
