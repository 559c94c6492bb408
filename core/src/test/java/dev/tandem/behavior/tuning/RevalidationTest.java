package dev.tandem.behavior.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.assistant.MemoryFolder;
import dev.tandem.behavior.registry.AdapterHouse;
import dev.tandem.behavior.registry.Registry;
import dev.tandem.behavior.worth.Budgets;
import dev.tandem.behavior.worth.Due;
import dev.tandem.behavior.worth.Worth;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.catalog.Audit;
import dev.tandem.catalog.DatasetVersion;
import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Part;
import dev.tandem.domain.Principal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RevalidationTest {

    private static final Principal ANA = Principal.ofUser("ana");
    private static final LocalDate LATER = Due.today().plusDays(200);

    @TempDir(factory = MemoryFolder.class)
    private Path folder;

    private AdapterHouse house;
    private DatasetVersion first;
    private AdapterEntry adapter;

    @BeforeEach
    void trained() {
        house = new AdapterHouse(folder.resolve("home"));
        first = dataset(0, "label-bill");
        adapter = house.train(ANA, "queues", first);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private Revalidation.Result again(DatasetVersion dataset) {
        Classifier classifier = Classifier.open(house.registry, ANA, "queues", house.embedder);
        return new Revalidation(house.registry, Budgets.OF_LABELS, LATER)
                .of(ANA, classifier, examples(first), dataset, examples(dataset));
    }

    private List<Example> examples(DatasetVersion dataset) {
        return house.catalog.datasets().examples(ANA, dataset);
    }

    private DatasetVersion decidedSince(String bills) {
        return dataset(1_000, bills);
    }

    /** The same texts to learn from, and those from that number on to measure on, with that label for what is about bills. */
    private DatasetVersion dataset(int from, String bills) {
        var examples = new ArrayList<Example>();
        for (Example each : AdapterHouse.examples("")) {
            if (each.part() != Part.TEST) {
                examples.add(each);
            }
        }
        for (int i = 0; i < 40; i++) {
            String topic = i % 2 == 0 ? "bill" : "ship";
            String label = topic.equals("bill") ? bills : "label-ship";
            examples.add(
                    new Example("a text about the " + topic + " number " + (from + i), label, "", Part.TEST, 100 + i));
        }
        return house.dataset(ANA, "queues", null, List.of(), examples);
    }

    @Test
    void whatIsAsGoodAsItWasIsGoodForLonger() {
        assertThat(Due.of(adapter)).isEqualTo(Due.in(Due.DAYS));
        Revalidation.Result result = again(decidedSince("label-bill"));

        assertThat(result.exceeded()).isEmpty();
        assertThat(result.now().cases()).isEqualTo(40);
        assertThat(Due.of(result.adapter())).isEqualTo(LATER);
        assertThat(result.adapter().hash()).isEqualTo(adapter.hash());
        house.registry.promote(ANA, "queues", Registry.PRODUCTION, house.embedder.encoder());
    }

    @Test
    void whatIsWorseByNowKeepsItsDateAndIsNotPromoted() {
        Revalidation.Result result = again(decidedSince("label-ship"));

        assertThat(result.exceeded()).singleElement().asString().contains("queues@2", "50.0 points");
        assertThat(Due.of(result.adapter())).isEqualTo(Due.of(adapter));
        assertThatThrownBy(() -> house.registry.promote(ANA, "queues", Registry.PRODUCTION, house.embedder.encoder()))
                .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.kind()).isEqualTo(Failure.Kind.CONFLICT))
                .hasMessageContaining("queues@2");

        var audit = Audit.of(house.home, Principal.DEFAULT_TENANT);
        assertThatThrownBy(() ->
                        house.registry.promoteAnyway(ANA, "queues", "canary", house.embedder.encoder(), audit, " "))
                .hasMessageContaining("reason");
        assertThat(audit.entries(ANA)).isEmpty();
        house.registry.promoteAnyway(ANA, "queues", "canary", house.embedder.encoder(), audit, "bills are few");
        assertThat(audit.entries(ANA)).singleElement().satisfies(entry -> {
            assertThat(entry.action()).isEqualTo(Registry.FORCED);
            assertThat(entry.reason()).isEqualTo("bills are few");
            assertThat(entry.found()).contains("queues@2");
        });

        assertThat(again(decidedSince("label-bill")).exceeded()).isEmpty();
        house.registry.promote(ANA, "queues", Registry.PRODUCTION, house.embedder.encoder());
    }

    @Test
    void itIsNotMeasuredOnWhatItLearnedFrom() {
        List<Example> learned = AdapterHouse.examples("").stream()
                .filter(each -> each.part() == Part.TRAIN)
                .map(each -> each.in(Part.TEST))
                .toList();
        DatasetVersion swapped = house.dataset(ANA, "queues", null, List.of(), learned);
        assertThatThrownBy(() -> again(swapped)).isInstanceOf(Failure.class).hasMessageContaining("did not learn from");
    }

    @Test
    void whoDoesNotOwnItMeasuresNothingIntoIt() {
        house.setDatasetAccess(ANA, "queues", "everyone");
        Principal ben = Principal.ofUser("ben");
        Classifier classifier = Classifier.open(house.registry, ben, "ana/queues", house.embedder);
        assertThatThrownBy(() -> new Revalidation(house.registry, Budgets.OF_LABELS, LATER)
                        .of(ben, classifier, examples(first), first, examples(first)))
                .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.kind()).isEqualTo(Failure.Kind.DENIED));
    }

    @Test
    void anAdapterFromBeforeDatesIsDueNinetyDaysAfterItsTraining() {
        AdapterEntry old = house.registry.measured(ANA, adapter, "{}");
        assertThat(Due.of(old)).isEqualTo(Due.in(Due.DAYS));
        assertThat(Due.isOver(old, Due.in(Due.DAYS))).isFalse();
        assertThat(Due.isOver(old, Due.in(Due.DAYS + 1))).isTrue();
        assertThat(Worth.against(old)).isEmpty();
        AdapterEntry worse =
                house.registry.measured(ANA, adapter, "{\"over_frozen\":{\"value\":-0.1,\"low\":-0.2,\"high\":-0.01}}");
        assertThat(Worth.against(worse)).singleElement().asString().contains("10.0 points");
    }
}
