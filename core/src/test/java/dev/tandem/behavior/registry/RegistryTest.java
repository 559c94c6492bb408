package dev.tandem.behavior.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.assistant.MemoryFolder;
import dev.tandem.behavior.tuning.Classifier;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.catalog.DatasetVersion;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Part;
import dev.tandem.domain.Principal;
import dev.tandem.knowledge.retrieve.HashingEmbedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTest {

    private static final Principal ANA = Principal.parse("user:ana,group:hr");
    private static final Principal BEN = Principal.parse("user:ben,group:ops");
    private static final long SEED = Long.getLong("tandem.seed", System.nanoTime());

    @TempDir(factory = MemoryFolder.class)
    private Path folder;

    private AdapterHouse house;
    private Registry registry;

    @BeforeEach
    void open() {
        house = new AdapterHouse(folder.resolve("home"));
        registry = house.registry;
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void whatIsRegisteredIsFoundByNameAliasHashAndOwner() {
        DatasetVersion data = house.dataset(ANA, "data", null, List.of(), AdapterHouse.examples("zq"));

        AdapterEntry adapter = house.train(ANA, "queues", data);

        for (String reference : List.of(
                "queues",
                "queues@candidate",
                adapter.reference(),
                "queues@" + hash(adapter),
                "queues@" + hash(adapter).substring(0, 4),
                "ana/queues",
                "ana/" + adapter.reference())) {
            assertThat(registry.find(ANA, reference)).as(reference).isEqualTo(adapter);
        }
        for (String reference : List.of(
                "", "@", "other", "queues@production", "queues@" + hash(adapter).substring(0, 3), "ben/queues")) {
            refused(Failure.Kind.MISSING, () -> registry.find(ANA, reference));
        }
        assertThat(adapter.aliases()).containsExactly(Registry.CANDIDATE);
        assertThat(adapter)
                .returns("data@1", AdapterEntry::dataset)
                .returns(data.hash(), AdapterEntry::datasetHash)
                .returns(house.embedder.encoder().hash(), AdapterEntry::baseHash)
                .returns("frozen-head", AdapterEntry::kind)
                .returns("classify", AdapterEntry::task);
        assertThat(adapter.card()).contains("# queues", data.hash(), adapter.baseHash(), "## Limits");
        assertThat(adapter.figures()).contains("\"accuracy\":{\"value\":1.0", "\"examples\":20", "\"classes\":2");
        assertThat(adapter.settings()).contains("\"seed\":1", "\"penalty\":0.01");
        assertThat(registry.open(ANA, adapter, house.embedder.encoder()))
                .containsOnlyKeys("adapter.json", "head.safetensors");
        assertThat(folders()).containsExactly(hash(adapter));
    }

    @Test
    void theSameContentIsTheSameHashAndIsRegisteredOnce() {
        DatasetVersion data = house.dataset(ANA, "data", "everyone", List.of(), AdapterHouse.examples("zq"));
        AdapterEntry first = house.train(ANA, "queues", data);

        AdapterEntry again = house.train(ANA, "queues", data);
        AdapterEntry otherName = house.train(ANA, "other", data);
        AdapterEntry bens = house.train(BEN, "queues", data);
        AdapterEntry otherData = house.trained(ANA, "queues", "xy");

        assertThat(again).isEqualTo(first);
        assertThat(otherName.hash()).isEqualTo(first.hash());
        assertThat(bens.hash()).isEqualTo(first.hash());
        assertThat(otherData.hash()).isNotEqualTo(first.hash());
        assertThat(folders()).containsExactlyInAnyOrder(hash(first), hash(otherData));

        // Files stay as long as one of them is registered.
        house.writing(writer -> writer.adapters().promote(otherName, "kept"));
        registry.remove(ANA, first.reference(), false);
        assertThat(registry.read(BEN, bens)).hasSize(2);
    }

    @Test
    void registeringAgainHealsFilesThatWereDamaged() throws Exception {
        AdapterEntry adapter = house.trained(ANA, "queues", "zq");
        Path file = home(adapter).resolve("head.safetensors");
        Files.writeString(file, "damaged");
        refused(Failure.Kind.BROKEN, () -> registry.read(ANA, adapter));

        house.trained(ANA, "queues", "zq");

        assertThat(registry.read(ANA, adapter)).hasSize(2);
    }

    @Test
    void registeringAgainNeverTakesFilesFromUnderAReader() throws Exception {
        AdapterEntry adapter = house.trained(ANA, "queues", "zq");
        DatasetVersion data = house.catalog.datasets().find(ANA, "zq").orElseThrow();
        var done = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> reader = threads.submit(() -> {
                int reads = 0;
                while (!done.get()) {
                    registry.read(ANA, adapter);
                    reads++;
                }
                return reads;
            });
            for (int i = 0; i < 40; i++) {
                house.train(ANA, "queues", data);
            }
            done.set(true);
            assertThat(reader.get()).isPositive();
        }
    }

    @Test
    void promotionsAreAStackThatRollbackTakesDown() {
        AdapterEntry a = house.trained(ANA, "queues", "aa");
        AdapterEntry b = house.trained(ANA, "queues", "bb");
        AdapterEntry c = house.trained(ANA, "queues", "cc");

        refused(Failure.Kind.CONFLICT, this::rollback);
        promote(a);
        refused(Failure.Kind.CONFLICT, this::rollback);
        promote(b);
        assertThat(production()).isEqualTo(b.hash());
        rollback();
        assertThat(production()).isEqualTo(a.hash());
        promote(c);
        assertThat(production()).isEqualTo(c.hash());
        rollback();
        assertThat(production()).isEqualTo(a.hash());
        refused(Failure.Kind.CONFLICT, this::rollback);
        assertThat(production()).isEqualTo(a.hash());

        // What it pointed at before is another adapter, however often this one was promoted.
        promote(b);
        promote(b);
        promote(c);
        promote(b);
        rollback();
        assertThat(production()).isEqualTo(c.hash());
        rollback();
        assertThat(production()).isEqualTo(b.hash());
        rollback();
        assertThat(production()).isEqualTo(a.hash());
    }

    @Test
    void rollbackPassesOverWhatWasRemoved() {
        AdapterEntry a = house.trained(ANA, "queues", "aa");
        AdapterEntry b = house.trained(ANA, "queues", "bb");
        AdapterEntry c = house.trained(ANA, "queues", "cc");
        AdapterEntry d = house.trained(ANA, "queues", "dd");
        promote(a);
        promote(b);
        promote(c);
        rollback();
        promote(d);
        registry.remove(ANA, b.reference(), false);
        registry.remove(ANA, c.reference(), false);

        rollback();

        assertThat(production())
                .as("past the one rolled back to and removed since")
                .isEqualTo(a.hash());
        refused(Failure.Kind.CONFLICT, this::rollback);
    }

    @Test
    void rollbackGoesToAnotherAdapterThoughTheOneBetweenWasRemoved() {
        AdapterEntry a = house.trained(ANA, "queues", "aa");
        AdapterEntry b = house.trained(ANA, "queues", "bb");
        AdapterEntry c = house.trained(ANA, "queues", "cc");
        promote(c);
        promote(a);
        promote(b);
        promote(a);
        house.writing(writer -> writer.adapters().promote(c, Registry.CANDIDATE));
        registry.remove(ANA, b.reference(), false);

        rollback();

        assertThat(production()).isEqualTo(c.hash());
    }

    @Test
    void rollbackPassesOverWhatItsOwnerMayNotUseAnyMore() {
        String source = house.document(BEN, "source.txt", "group:hr");
        AdapterEntry open = house.trained(ANA, "queues", "aa");
        DatasetVersion data = house.dataset(ANA, "data", null, List.of(source), AdapterHouse.examples("zq"));
        AdapterEntry secret = house.train(ANA, "queues", data);
        AdapterEntry last = house.trained(ANA, "queues", "cc");
        promote(open);
        promote(secret);
        promote(last);
        house.setDocumentAccess(source, BEN, "user:ben");

        assertThat(registry.rollback(ANA, "queues", Registry.PRODUCTION).hash()).isEqualTo(open.hash());
        refused(Failure.Kind.CONFLICT, this::rollback);
    }

    @Test
    void anAliasOfOnesOwnMovesIndependentlyOfTheOthers() {
        AdapterEntry a = house.trained(ANA, "queues", "aa");
        AdapterEntry b = house.trained(ANA, "queues", "bb");
        registry.promote(ANA, a.reference(), "canary", house.embedder.encoder());
        registry.promote(ANA, a.reference(), Registry.PRODUCTION, house.embedder.encoder());

        assertThat(registry.promote(ANA, "queues", "canary", house.embedder.encoder())
                        .hash())
                .as("without a state, the candidate")
                .isEqualTo(b.hash());

        assertThat(registry.find(ANA, "queues@canary").hash()).isEqualTo(b.hash());
        assertThat(production()).isEqualTo(a.hash());
        assertThat(registry.rollback(ANA, "queues", "canary").hash()).isEqualTo(a.hash());
        assertThat(registry.rollback(ANA, "queues", Registry.CANDIDATE).hash()).isEqualTo(a.hash());
        refused(Failure.Kind.INVALID, () -> registry.promote(ANA, "queues", "No alias", house.embedder.encoder()));
    }

    @Test
    void removeRefusesWhatAnAliasPointsAtAndTakesTheFilesOfTheRest() {
        AdapterEntry a = house.trained(ANA, "queues", "aa");
        AdapterEntry b = house.trained(ANA, "queues", "bb");
        promote(b);

        refused(
                Failure.Kind.CONFLICT,
                () -> registry.remove(ANA, b.reference(), false),
                b.reference(),
                "candidate and production");
        assertThat(registry.remove(ANA, a.reference(), false)).isEqualTo(registry(a));

        assertThat(folders()).containsExactly(hash(b));
        assertThat(registry.list(ANA)).extracting(AdapterEntry::hash).containsExactly(b.hash());
        refused(Failure.Kind.MISSING, () -> registry.find(ANA, a.reference()), a.reference());
        refused(Failure.Kind.MISSING, () -> registry.read(ANA, a));
        refused(Failure.Kind.MISSING, () -> registry.remove(ANA, a.reference(), false));
        assertThat(house.trained(ANA, "queues", "aa").hash())
                .as("trained again")
                .isEqualTo(a.hash());
    }

    /** As it was, without its alias. */
    private static AdapterEntry registry(AdapterEntry entry) {
        return new AdapterEntry(
                entry.key(),
                entry.owner(),
                entry.name(),
                entry.hash(),
                entry.datasetKey(),
                entry.dataset(),
                entry.datasetHash(),
                entry.kind(),
                entry.task(),
                entry.base(),
                entry.baseHash(),
                entry.settings(),
                entry.figures(),
                entry.card(),
                entry.files(),
                entry.reason(),
                entry.at(),
                List.of());
    }

    @Test
    void aFlippedBitOfAnyFileIsRefusedAndTheFileNamed() throws Exception {
        System.out.println("RegistryTest: replay with -Dtandem.seed=" + SEED);
        var random = new SplittableRandom(SEED);
        AdapterEntry adapter = house.trained(ANA, "queues", "zq");
        List<String> names = List.copyOf(adapter.files().keySet());
        for (int round = 0; round < 1_000; round++) {
            Path file = home(adapter).resolve(names.get(round % names.size()));
            byte[] whole = Files.readAllBytes(file);
            byte[] damaged = whole.clone();
            int bit = random.nextInt(8 * whole.length);
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, damaged);

            String said = refused(
                    Failure.Kind.BROKEN,
                    () -> Classifier.open(registry, ANA, "queues", house.embedder),
                    adapter.reference(),
                    file.toString(),
                    "changed or damaged");
            assertThat(said).as("bit %d, seed %d", bit, SEED).contains("rollback");
            refused(Failure.Kind.BROKEN, () -> registry.read(ANA, adapter));
            refused(Failure.Kind.BROKEN, () -> promote(adapter));

            Files.write(file, whole);
        }
        assertThat(registry.find(ANA, "queues").aliases()).containsExactly(Registry.CANDIDATE);
        Classifier.open(registry, ANA, "queues", house.embedder);
    }

    @Test
    void aFileThatIsMissingShorterOrLongerIsRefusedAndNamed() throws Exception {
        AdapterEntry adapter = house.trained(ANA, "queues", "zq");
        for (String name : adapter.files().keySet()) {
            Path file = home(adapter).resolve(name);
            byte[] whole = Files.readAllBytes(file);
            Files.delete(file);
            refused(Failure.Kind.BROKEN, () -> registry.read(ANA, adapter), file.toString(), "is missing");
            Files.createDirectory(file);
            refused(Failure.Kind.BROKEN, () -> registry.read(ANA, adapter), file.toString(), "is missing");
            Files.delete(file);
            Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 1));
            refused(Failure.Kind.BROKEN, () -> registry.read(ANA, adapter), file.toString());
            Files.write(file, java.util.Arrays.copyOf(whole, whole.length + 1));
            refused(Failure.Kind.BROKEN, () -> registry.read(ANA, adapter), file.toString());
            Files.write(file, whole);
        }
        registry.read(ANA, adapter);
    }

    @Test
    void anotherBaseModelIsRefusedByItsHashWhateverItIsCalled() {
        AdapterEntry adapter = house.trained(ANA, "queues", "zq");
        Embedder other = new HashingEmbedder("b");
        for (ThrowingCallable use : List.<ThrowingCallable>of(
                () -> Classifier.open(registry, ANA, "queues", other),
                () -> registry.open(ANA, adapter, other.encoder()),
                () -> registry.promote(ANA, "queues", Registry.PRODUCTION, other.encoder()))) {
            refused(
                    Failure.Kind.CONFLICT,
                    use,
                    adapter.reference(),
                    adapter.base(),
                    adapter.baseHash().substring(0, 12),
                    "hashing-b",
                    "bbbbbbbbbbbb");
        }
        assertThat(registry.find(ANA, "queues").aliases()).containsExactly(Registry.CANDIDATE);
    }

    @Test
    void readersSeeOneAdapterOrTheOtherWhileTheAliasMoves() throws Exception {
        AdapterEntry a = house.trained(ANA, "queues", "aa");
        AdapterEntry b = house.trained(ANA, "queues", "bb");
        promote(a);
        var done = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Set<String>> reading = () -> {
                var seen = new HashSet<String>();
                while (!done.get()) {
                    AdapterEntry now = registry.find(ANA, "queues@production");
                    assertThat(registry.read(ANA, now)).hasSize(2);
                    seen.add(hash(now));
                }
                return seen;
            };
            List<Future<Set<String>>> readers =
                    Stream.generate(() -> threads.submit(reading)).limit(4).toList();
            for (int move = 0; move < 200; move++) {
                switch (move % 4) {
                    case 0, 2 -> promote(b);
                    case 1 -> promote(a);
                    default -> rollback();
                }
            }
            done.set(true);
            var seen = new HashSet<String>();
            for (Future<Set<String>> reader : readers) {
                seen.addAll(reader.get());
            }
            assertThat(seen).containsExactlyInAnyOrder(hash(a), hash(b));
        }
    }

    @Test
    void aTrainingThatFailedIsRecordedWithItsReasonAndNothingElse() {
        DatasetVersion data =
                house.dataset(ANA, "data", null, List.of(), List.of(new Example("one", "label", "", Part.TRAIN, 1)));

        refused(Failure.Kind.INVALID, () -> house.train(ANA, "queues", data));

        assertThat(registry.list(ANA)).singleElement().satisfies(entry -> {
            assertThat(entry.failed()).isTrue();
            assertThat(entry.reason()).contains("There is 1 example to learn from");
            assertThat(entry.aliases()).isEmpty();
            assertThat(entry.files()).isEmpty();
            assertThat(entry.dataset()).isEqualTo("data@1");
            refused(Failure.Kind.MISSING, () -> registry.read(ANA, entry));
        });
        assertThat(registry.named(ANA, "queues")).hasSize(1);
        refused(Failure.Kind.MISSING, () -> registry.find(ANA, "queues"));
        refused(Failure.Kind.MISSING, () -> registry.find(ANA, "queues@candidate"));
        assertThat(folders()).isEmpty();
        assertThat(registry.list(BEN)).isEmpty();

        // One that comes after is what the name means, and what there was before stays.
        AdapterEntry good = house.trained(ANA, "queues", "zq");
        refused(Failure.Kind.INVALID, () -> house.train(ANA, "queues", data));
        assertThat(registry.find(ANA, "queues")).isEqualTo(good);
        assertThat(registry.named(ANA, "queues")).hasSize(3);
    }

    @Test
    void whoMayNotReadTheExamplesFindsNothing() {
        AdapterEntry adapter = house.trained(ANA, "queues", "zq");
        Principal otherTenant = Principal.parse("tenant:acme,user:ana,group:hr");
        // Who may read nothing at all is no test of what may be read.
        house.dataset(BEN, "bens", "everyone", List.of(), AdapterHouse.examples("xy"));
        for (Principal asker : List.of(BEN, otherTenant)) {
            assertThat(registry.list(asker)).isEmpty();
            assertThat(registry.mayUse(asker, adapter)).isFalse();
            for (String reference :
                    List.of("queues", "queues@candidate", adapter.reference(), "ana/queues", "ana/queues@candidate")) {
                for (ThrowingCallable use : List.<ThrowingCallable>of(
                        () -> registry.find(asker, reference),
                        () -> registry.named(asker, reference),
                        () -> Classifier.open(registry, asker, reference, house.embedder),
                        () -> registry.promote(asker, reference, "mine", house.embedder.encoder()),
                        () -> registry.rollback(asker, reference, Registry.CANDIDATE),
                        () -> registry.remove(asker, reference, false))) {
                    String said = refused(Failure.Kind.MISSING, use);
                    assertThat(said).doesNotContain("zq", "hashing");
                }
            }
            refused(Failure.Kind.MISSING, () -> registry.read(asker, adapter));
            refused(Failure.Kind.MISSING, () -> registry.open(asker, adapter, house.embedder.encoder()));
        }
    }

    @Test
    void whoMayReadTheExamplesUsesItAndLeavesItWhereItIs() {
        DatasetVersion data = house.dataset(ANA, "data", "group:ops", List.of(), AdapterHouse.examples("zq"));
        AdapterEntry adapter = house.train(ANA, "queues", data);

        Classifier classifier = Classifier.open(registry, BEN, "queues", house.embedder);

        assertThat(classifier
                        .classify(BEN, List.of("zqtext about the bill"))
                        .getFirst()
                        .label())
                .isEqualTo("zqlabel-bill");
        assertThat(registry.list(BEN)).containsExactly(adapter);
        for (ThrowingCallable move : List.<ThrowingCallable>of(
                () -> registry.promote(BEN, "queues", Registry.PRODUCTION, house.embedder.encoder()),
                () -> registry.rollback(BEN, "queues", Registry.CANDIDATE),
                () -> registry.remove(BEN, adapter.reference(), false))) {
            refused(Failure.Kind.DENIED, move, "is another's");
        }
        assertThat(registry.find(ANA, "queues")).isEqualTo(adapter);

        AdapterEntry own = house.train(BEN, "queues", data);
        assertThat(registry.find(BEN, "queues").key()).as("one's own first").isEqualTo(own.key());
        assertThat(registry.find(BEN, "ana/queues").key()).isEqualTo(adapter.key());
    }

    @Test
    void aRevocationHoldsFromTheNextCallOfAClassifierThatIsOpen() {
        String source = house.document(ANA, "source.txt", "everyone");
        DatasetVersion data = house.dataset(ANA, "data", "everyone", List.of(source), AdapterHouse.examples("zq"));
        AdapterEntry adapter = house.train(ANA, "queues", data);
        Classifier classifier = Classifier.open(registry, BEN, "queues", house.embedder);
        List<String> text = List.of("zqtext about the bill");

        for (Runnable revoke : List.<Runnable>of(
                () -> house.setDocumentAccess(source, ANA, "group:hr"),
                () -> house.setDatasetAccess(ANA, "data", "user:ana"))) {
            assertThat(classifier.classify(BEN, text)).hasSize(1);

            revoke.run();

            refused(Failure.Kind.MISSING, () -> classifier.classify(BEN, text));
            refused(Failure.Kind.MISSING, () -> registry.find(BEN, "queues"));
            refused(Failure.Kind.MISSING, () -> registry.read(BEN, adapter));
            assertThat(registry.list(BEN)).isEmpty();
            assertThat(classifier.classify(ANA, text)).hasSize(1);

            house.setDocumentAccess(source, ANA, "everyone");
            house.setDatasetAccess(ANA, "data", "everyone");
        }
        assertThat(classifier.classify(BEN, text)).hasSize(1);
    }

    private void promote(AdapterEntry adapter) {
        registry.promote(ANA, adapter.reference(), Registry.PRODUCTION, house.embedder.encoder());
    }

    private void rollback() {
        registry.rollback(ANA, "queues", Registry.PRODUCTION);
    }

    private String production() {
        return hash(registry.find(ANA, "queues@production"));
    }

    private Path home(AdapterEntry adapter) {
        return house.home.adapters(Principal.DEFAULT_TENANT).resolve(hash(adapter));
    }

    private List<String> folders() {
        Path all = house.home.adapters(Principal.DEFAULT_TENANT);
        if (!Files.isDirectory(all)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(all)) {
            return folders.map(each -> each.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String hash(AdapterEntry adapter) {
        return String.valueOf(adapter.hash());
    }

    /** What was said, the next step with it. */
    private static String refused(Failure.Kind kind, ThrowingCallable use, String... saying) {
        var said = new ArrayList<String>();
        assertThatThrownBy(use).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
            assertThat(List.of(saying))
                    .allMatch(each -> String.valueOf(failure.getMessage()).contains(each));
            assertThat(failure.nextStep()).isNotBlank();
            said.add(failure.getMessage() + " " + failure.nextStep());
        });
        return said.getFirst();
    }
}
