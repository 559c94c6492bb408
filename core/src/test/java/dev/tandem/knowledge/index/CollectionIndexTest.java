package dev.tandem.knowledge.index;

import static dev.tandem.knowledge.index.Shelf.ENCODER;
import static dev.tandem.knowledge.index.Shelf.EVERYTHING;
import static dev.tandem.knowledge.index.Shelf.axis;
import static dev.tandem.knowledge.index.Shelf.byMeaning;
import static dev.tandem.knowledge.index.Shelf.byWords;
import static dev.tandem.knowledge.index.Shelf.chunks;
import static dev.tandem.knowledge.index.Shelf.document;
import static dev.tandem.knowledge.index.Shelf.encoder;
import static dev.tandem.knowledge.index.Shelf.put;
import static dev.tandem.knowledge.index.Shelf.vectors;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.Chunk;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Encoder;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Language;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectionIndexTest {

    @TempDir
    Path home;

    private Path directory() {
        return home.resolve("index").resolve("c");
    }

    @Test
    void anIndexIsCommittedEmptyAtCreation() {
        assertThat(CollectionIndex.exists(directory())).isFalse();
        try (var writer = CollectionIndex.write(directory(), ENCODER)) {
            assertThat(CollectionIndex.exists(directory())).isTrue();
            try (var reader = CollectionIndex.read(directory(), ENCODER)) {
                assertThat(reader.sequence()).isZero();
                assertThat(reader.vectorSequence()).isZero();
                assertThat(byWords(reader, "kettle", EVERYTHING)).isEmpty();
                assertThat(byMeaning(reader, EVERYTHING)).isEmpty();
            }
            assertThat(writer.sequence()).isZero();
        }
    }

    @Test
    void everyReaderSeesAChangeWhenTheCommitReturns() {
        try (var writer = CollectionIndex.write(directory(), ENCODER);
                var reader = CollectionIndex.read(directory(), ENCODER)) {
            var first = document("d", 1);
            writer.put(first, 1, chunks(first, "a kettle"));
            assertThat(byWords(writer, "kettle", EVERYTHING)).isEmpty();
            writer.commit(7);
            assertThat(byWords(writer, "kettle", EVERYTHING)).containsExactly("d@1#0");
            assertThat(byWords(reader, "kettle", EVERYTHING)).containsExactly("d@1#0");
            assertThat(byMeaning(reader, EVERYTHING)).isEmpty();
            assertThat(List.of(reader.sequence(), reader.vectorSequence())).containsExactly(7L, 0L);

            writer.putVectors(first, 1, chunks(first, "a kettle"), List.of(axis(0)));
            writer.commitVectors(7);
            assertThat(byMeaning(reader, EVERYTHING)).containsExactly("d@1#0");
            assertThat(reader.vectorSequence()).isEqualTo(7);
        }
    }

    @Test
    void aNewVersionReplacesTheOldOneInOneCommit() {
        try (var index = CollectionIndex.write(directory(), ENCODER)) {
            put(index, 1, "d", 1, 1, "kettle one", "kettle two", "kettle three");
            var second = document("d", 2);
            index.put(second, 1, chunks(second, "kettle four"));
            index.commit(2);
            assertThat(byWords(index, "kettle", EVERYTHING)).containsExactly("d@2#0");
            assertThat(byMeaning(index, EVERYTHING)).isEmpty();
        }
    }

    @Test
    void applyingTheLedgerAgainChangesNothing() {
        try (var index = CollectionIndex.write(directory(), ENCODER)) {
            for (int i = 0; i < 3; i++) {
                put(index, 1, "d", 1, 1, "kettle one", "kettle two");
                put(index, 2, "e", 1, 1, "kettle three");
                index.remove("e");
                index.remove("e");
                index.commit(3);
            }
            assertThat(byWords(index, "kettle", EVERYTHING)).containsExactly("d@1#0", "d@1#1");
            assertThat(byMeaning(index, EVERYTHING)).containsExactly("d@1#0", "d@1#1");
        }
    }

    @Test
    void vectorsMayComeInPartsAndTwice() {
        try (var index = CollectionIndex.write(directory(), ENCODER)) {
            var document = document("d", 1);
            List<Chunk> chunks = chunks(document, "kettle one", "kettle two");
            index.put(document, 1, chunks);
            index.commit(1);
            index.putVectors(document, 1, chunks.subList(0, 1), List.of(axis(0)));
            index.putVectors(document, 1, chunks.subList(1, 2), List.of(axis(1)));
            index.putVectors(document, 1, chunks, vectors(chunks));
            index.commitVectors(1);
            try (Snapshot snapshot = index.snapshot()) {
                assertThat(snapshot.vectors()).isEqualTo(2);
                assertThat(snapshot.chunks()).isEqualTo(2);
            }
        }
    }

    @Test
    void aDocumentWithoutTextIsFoundByNothing() {
        try (var index = CollectionIndex.write(directory(), ENCODER)) {
            put(index, 1, "d", 1, 1, "kettle");
            put(index, 2, "d", 2, 1);
            assertThat(byWords(index, "kettle", EVERYTHING)).isEmpty();
            assertThat(byMeaning(index, EVERYTHING)).isEmpty();
        }
    }

    @Test
    void accessChangesInBothChannelsWithoutWritingTheChunksAgain() {
        try (var index = CollectionIndex.write(directory(), ENCODER)) {
            put(index, 1, "d", 1, 1, "kettle one", "kettle two");
            put(index, 2, "e", 1, 1, "kettle three");
            index.setAccess("d", 2);
            index.commit(3);
            var ofTwo = new Scope(Set.of(2L), Filter.everything());
            assertThat(byWords(index, "kettle", ofTwo)).containsExactly("d@1#0", "d@1#1");
            assertThat(byMeaning(index, ofTwo)).containsExactly("d@1#0", "d@1#1");
            var ofOne = new Scope(Set.of(1L), Filter.everything());
            assertThat(byWords(index, "kettle", ofOne)).containsExactly("e@1#0");
            assertThat(byMeaning(index, ofOne)).containsExactly("e@1#0");
        }
    }

    @Test
    void whoMayReadNothingFindsNothing() {
        try (var index = CollectionIndex.write(directory(), ENCODER)) {
            put(index, 1, "d", 1, 1, "kettle");
            for (Set<Long> none : List.of(Set.<Long>of(), Set.of(99L))) {
                var scope = new Scope(none, Filter.everything());
                assertThat(byWords(index, "kettle", scope)).isEmpty();
                assertThat(byMeaning(index, scope)).isEmpty();
            }
        }
    }

    @Test
    void whatWasNotCommittedIsGoneAfterClosing() {
        try (var index = CollectionIndex.write(directory(), ENCODER)) {
            put(index, 1, "d", 1, 1, "kettle");
            var other = document("e", 1);
            index.put(other, 1, chunks(other, "kettle"));
            index.remove("d");
        }
        try (var index = CollectionIndex.write(directory(), ENCODER)) {
            assertThat(index.sequence()).isEqualTo(1);
            assertThat(byWords(index, "kettle", EVERYTHING)).containsExactly("d@1#0");
            assertThat(byMeaning(index, EVERYTHING)).containsExactly("d@1#0");
        }
    }

    @Test
    void aSnapshotStaysAsItWas() {
        try (var index = CollectionIndex.write(directory(), ENCODER)) {
            put(index, 1, "d", 1, 1, "kettle");
            try (Snapshot before = index.snapshot()) {
                put(index, 2, "d", 2, 1, "teapot");
                var found = before.candidates("kettle", null, EVERYTHING, 10).all();
                assertThat(found).hasSize(1);
                assertThat(before.chunk(found.getFirst()).text()).isEqualTo("kettle");
            }
        }
    }

    @Test
    void aChunkComesBackAsItWasPut() {
        try (var index = CollectionIndex.write(directory(), ENCODER)) {
            var document = document("d", 3);
            var chunk = new Chunk(
                    "d",
                    3,
                    12,
                    new Span(1000, 1013),
                    new Span(900, 2000),
                    "Tea > Kettles",
                    4,
                    "a 🫖\r\n\u0000kettle \ud83e");
            index.put(document, 1, List.of(chunk));
            index.commit(1);
            try (Snapshot snapshot = index.snapshot()) {
                var found = snapshot.candidates("kettles", null, EVERYTHING, 10).all();
                // A lone surrogate is no character: it is stored as the replacement character.
                assertThat(snapshot.chunk(found.getFirst()))
                        .isEqualTo(new Chunk(
                                "d",
                                3,
                                12,
                                chunk.span(),
                                chunk.section(),
                                "Tea > Kettles",
                                4,
                                "a 🫖\r\n\u0000kettle \ufffd"));
            }
        }
    }

    @Test
    void vectorsOfASequenceComeAfterItsWords() {
        try (var index = CollectionIndex.write(directory(), ENCODER)) {
            assertThatThrownBy(() -> index.commitVectors(1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void onlyUnitVectorsOfTheEncodersDimensionsAreTaken() {
        try (var index = CollectionIndex.write(directory(), ENCODER)) {
            var document = document("d", 1);
            List<Chunk> one = chunks(document, "kettle");
            for (float[] wrong :
                    List.of(new float[] {1, 0, 0}, new float[] {1, 1, 0, 0}, new float[] {Float.NaN, 0, 0, 0})) {
                assertThatThrownBy(() -> index.putVectors(document, 1, one, List.of(wrong)))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            assertThatThrownBy(() -> index.putVectors(document, 1, one, List.of()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anotherEncodersVectorsAreRefusedWithTheCommandThatMakesThem() {
        try (var index = CollectionIndex.write(directory(), ENCODER)) {
            put(index, 1, "d", 1, 1, "kettle");
        }
        for (var open : List.<Runnable>of(
                () -> CollectionIndex.write(directory(), encoder("b")),
                () -> CollectionIndex.read(directory(), encoder("b")))) {
            assertThatThrownBy(open::run).isInstanceOfSatisfying(Failure.class, failure -> {
                assertThat(failure.kind()).isEqualTo(Failure.Kind.CONFLICT);
                assertThat(failure.nextStep()).contains("tandem reembed");
            });
        }
        assertThat(directory().toFile().list()).hasSize(2);
    }

    @Test
    void anEncoderWithTheSameFirstDigitsIsStillAnother() {
        CollectionIndex.write(directory(), ENCODER).close();
        var alike = new Encoder("alike", "a".repeat(63) + "b", 4, 512);
        assertThatThrownBy(() -> CollectionIndex.write(directory(), alike))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.CONFLICT));
        assertThatThrownBy(() -> CollectionIndex.read(directory(), alike))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.CONFLICT));
    }

    @Test
    void aSecondEncoderStandsBesideTheFirst() {
        try (var index = CollectionIndex.write(directory(), ENCODER)) {
            put(index, 1, "d", 1, 1, "kettle");
        }
        try (var index = CollectionIndex.writeLive(directory(), encoder("b"))) {
            assertThat(List.of(index.sequence(), index.vectorSequence())).containsExactly(1L, 0L);
            assertThat(byWords(index, "kettle", EVERYTHING)).containsExactly("d@1#0");
            var document = document("d", 1);
            index.putVectors(document, 1, chunks(document, "kettle"), List.of(axis(2)));
            index.commitVectors(1);
        }
        for (Encoder each : List.of(ENCODER, encoder("b"))) {
            try (var index = CollectionIndex.write(directory(), each)) {
                assertThat(byMeaning(index, EVERYTHING)).containsExactly("d@1#0");
            }
        }
    }

    @Test
    void anEncoderOfTooManyDimensionsIsRefused() {
        assertThatThrownBy(() -> CollectionIndex.write(directory(), new Encoder("wide", "c".repeat(64), 4097, 512)))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID));
    }

    @Test
    void aSecondWriterIsToldThatTheIndexIsBusy() {
        try (var _ = CollectionIndex.write(directory(), ENCODER)) {
            assertThatThrownBy(() -> CollectionIndex.write(directory(), ENCODER))
                    .isInstanceOfSatisfying(
                            Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.BUSY));
        }
        CollectionIndex.write(directory(), ENCODER).close();
    }

    @Test
    void whenTheWordsAreRebuiltTheVectorsAreDueAgain() throws IOException {
        try (var index = CollectionIndex.write(directory(), ENCODER)) {
            put(index, 1, "d", 1, 1, "kettle");
        }
        Files.move(directory().resolve("lexical"), home.resolve("away"));
        try (var index = CollectionIndex.write(directory(), ENCODER)) {
            assertThat(List.of(index.sequence(), index.vectorSequence())).containsExactly(0L, 0L);
            assertThat(byMeaning(index, EVERYTHING)).isEmpty();
            put(index, 1, "d", 1, 1, "kettle");
            assertThat(byMeaning(index, EVERYTHING)).containsExactly("d@1#0");
        }
    }

    @Test
    void aReaderFollowsAnIndexThatWasMovedAwayAndBuiltAgain() throws IOException {
        try (var index = CollectionIndex.write(directory(), ENCODER)) {
            put(index, 1, "d", 1, 1, "kettle");
        }
        try (var reader = CollectionIndex.read(directory(), ENCODER)) {
            Files.move(directory(), home.resolve("away"));
            assertThatThrownBy(() -> byWords(reader, "kettle", EVERYTHING))
                    .isInstanceOfSatisfying(
                            Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.BROKEN));
            try (var index = CollectionIndex.write(directory(), ENCODER)) {
                put(index, 1, "e", 1, 1, "kettle");
                put(index, 2, "f", 1, 1, "kettle");
            }
            assertThat(byWords(reader, "kettle", EVERYTHING)).containsExactly("e@1#0", "f@1#0");
            assertThat(byMeaning(reader, EVERYTHING)).containsExactly("e@1#0", "f@1#0");
        }
    }

    @Test
    void anIndexOfAnotherFormatIsRefused() throws IOException {
        CollectionIndex.write(directory(), ENCODER).close();
        try (var lucene = FSDirectory.open(directory().resolve("lexical"));
                var writer = new IndexWriter(lucene, new IndexWriterConfig())) {
            writer.setLiveCommitData(Map.of("tandem.format", "0").entrySet());
            writer.commit();
        }
        for (var open : List.<Runnable>of(
                () -> CollectionIndex.write(directory(), ENCODER), () -> CollectionIndex.read(directory(), ENCODER))) {
            assertThatThrownBy(open::run).isInstanceOfSatisfying(Failure.class, failure -> {
                assertThat(failure).hasMessageContaining("another version of Tandem");
                assertThat(failure.nextStep()).contains("tandem ingest");
            });
        }
    }

    @Test
    void anIndexOfANewerFormatIsRefusedByItsNumberWithWhatToDo() throws IOException {
        CollectionIndex.write(directory(), ENCODER).close();
        try (var lucene = FSDirectory.open(directory().resolve("lexical"));
                var writer = new IndexWriter(lucene, new IndexWriterConfig())) {
            writer.setLiveCommitData(Map.of("tandem.format", "3").entrySet());
            writer.commit();
        }
        assertThatThrownBy(() -> CollectionIndex.read(directory(), ENCODER))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(Failure.Kind.BROKEN);
                    assertThat(failure)
                            .hasMessageContaining("written by a newer Tandem: it is of format 3")
                            .hasMessageContaining("reads up to 2");
                    assertThat(failure.nextStep()).contains("Use that Tandem", "tandem repair");
                });
    }

    @Test
    void onlyAnIndexThatHoldsOtherLanguagesAsksItsReadersForMore() throws IOException {
        try (var index = CollectionIndex.write(directory(), ENCODER)) {
            put(index, 1, "d", 1, 1, "kettle");
        }
        assertThat(format()).isEqualTo("1");
        try (var index = CollectionIndex.write(directory(), ENCODER)) {
            var german =
                    new DocumentRef("e", 1, "c", "", "e.txt", "file", Instant.EPOCH, new TreeMap<>(), Language.GERMAN);
            index.put(german, 1, chunks(german, "Häuser"));
            assertThat(format()).isEqualTo("1");
            index.commit(2);
            assertThat(byWords(index, "Haus", EVERYTHING)).containsExactly("e@1#0");
        }
        assertThat(format()).isEqualTo("2");
        try (var index = CollectionIndex.write(directory(), ENCODER)) {
            put(index, 3, "d", 2, 1, "kettles");
            assertThat(byWords(index, "kettle Haus", EVERYTHING)).containsExactly("d@2#0", "e@1#0");
        }
        assertThat(format()).isEqualTo("2");
    }

    private String format() throws IOException {
        try (var lucene = FSDirectory.open(directory().resolve("lexical"))) {
            return SegmentInfos.readLatestCommit(lucene).getUserData().get("tandem.format");
        }
    }

    @Test
    void withoutItsVectorsAnIndexStillFindsWords() throws IOException {
        try (var index = CollectionIndex.write(directory(), ENCODER)) {
            put(index, 1, "d", 1, 1, "kettle");
        }
        Files.move(directory().resolve("vectors-" + "a".repeat(16)), home.resolve("away"));
        try (var reader = CollectionIndex.read(directory(), ENCODER)) {
            assertThat(byWords(reader, "kettle", EVERYTHING)).containsExactly("d@1#0");
            assertThat(reader.vectorSequence()).isZero();
            try (var writer = CollectionIndex.write(directory(), ENCODER)) {
                var document = document("d", 1);
                writer.putVectors(document, 1, chunks(document, "kettle"), List.of(axis(0)));
                writer.commitVectors(1);
            }
            assertThat(byMeaning(reader, EVERYTHING)).containsExactly("d@1#0");
        }
    }

    @Test
    void aCrashBeforeTheFirstCommitLeavesADirectoryThatOpens() throws IOException {
        Path lexical = Files.createDirectories(directory().resolve("lexical"));
        Files.createFile(lexical.resolve("write.lock"));
        Files.writeString(lexical.resolve("pending_segments_1"), "half");
        assertThat(CollectionIndex.exists(directory())).isFalse();
        try (var index = CollectionIndex.write(directory(), ENCODER)) {
            put(index, 1, "d", 1, 1, "kettle");
            assertThat(byWords(index, "kettle", EVERYTHING)).containsExactly("d@1#0");
        }
    }

    @Test
    void aCrashBeforeTheFirstCommitOfTheVectorsIsNotAnotherEncoder() throws IOException {
        // The writer makes the vectors directory, then commits in it, then makes the lexical one.
        Path vectors = Files.createDirectories(directory().resolve("vectors-" + "a".repeat(16)));
        opensAndFinds("made");
        Files.createFile(vectors.resolve("write.lock"));
        opensAndFinds("locked");
        Files.writeString(vectors.resolve("pending_segments_1"), "half");
        opensAndFinds("half committed");
    }

    @Test
    void aCrashBetweenTheFirstCommitsLeavesAnIndexThatOpens() throws IOException {
        try (var index = CollectionIndex.write(directory(), ENCODER)) {
            assertThat(index.sequence()).isZero();
        }
        Files.move(directory().resolve("lexical"), home.resolve("away"));
        assertThat(CollectionIndex.exists(directory())).isFalse();
        try (var index = CollectionIndex.write(directory(), ENCODER)) {
            put(index, 1, "d", 1, 1, "kettle");
            assertThat(byWords(index, "kettle", EVERYTHING)).containsExactly("d@1#0");
        }
    }

    @Test
    void anAttemptAtAnotherEncodersVectorsIsNotAnIndexOfIt() throws IOException {
        Files.createDirectories(directory().resolve("vectors-" + "b".repeat(16)));
        opensAndFinds("beside an attempt");
    }

    /** Opens a copy of the directory as the crash left it. */
    private void opensAndFinds(String when) throws IOException {
        Path copy = home.resolve("copy of " + when);
        try (Stream<Path> all = Files.walk(directory())) {
            for (Path each : all.toList()) {
                Files.copy(each, copy.resolve(directory().relativize(each).toString()));
            }
        }
        assertThat(CollectionIndex.exists(copy)).as(when).isFalse();
        try (var index = CollectionIndex.write(copy, ENCODER)) {
            put(index, 1, "d", 1, 1, "kettle");
            assertThat(byWords(index, "kettle", EVERYTHING)).as(when).containsExactly("d@1#0");
        }
    }

    @Test
    void readersNeverSeeHalfADocumentWhileItIsWritten() throws InterruptedException {
        try (var writer = CollectionIndex.write(directory(), ENCODER);
                var reader = CollectionIndex.read(directory(), ENCODER)) {
            put(writer, 1, "d", 1, 1, "kettle one", "kettle two", "kettle three");
            var done = new AtomicBoolean();
            var wrong = new AtomicReference<Object>();
            List<Thread> readers = Stream.of(writer, reader)
                    .map(index -> Thread.ofPlatform().start(() -> {
                        while (!done.get() && wrong.get() == null) {
                            try {
                                Set<String> ids = byWords(index, "kettle", EVERYTHING);
                                if (ids.size() != 3
                                        || ids.stream()
                                                        .map(id -> ChunkId.parse(id)
                                                                .version())
                                                        .distinct()
                                                        .count()
                                                != 1) {
                                    wrong.set(ids);
                                }
                            } catch (RuntimeException e) {
                                wrong.set(e);
                            }
                        }
                    }))
                    .toList();
            for (int version = 2; version < 20; version++) {
                put(writer, version, "d", version, 1, "kettle one", "kettle two", "kettle three");
            }
            done.set(true);
            for (Thread each : readers) {
                each.join();
            }
            assertThat(wrong.get()).isNull();
        }
    }

    @Test
    void indexesAreOpenedOnceForTheAskersTenantAlone() {
        try (var index = CollectionIndex.write(home.resolve("acme").resolve("c"), ENCODER)) {
            put(index, 1, "d", 1, 1, "kettle");
        }
        try (Indexes indexes =
                Indexes.reading((tenant, collection) -> home.resolve(tenant).resolve(collection), (_, _) -> ENCODER)) {
            var inside = Principal.parse("tenant:acme,user:ana");
            var outside = Principal.parse("tenant:other,user:ana");
            assertThat(indexes.of(inside, "c")).isPresent();
            assertThat(indexes.of(inside, "c"))
                    .containsSame(indexes.of(inside, "c").orElseThrow());
            assertThat(indexes.of(inside, "d")).isEmpty();
            assertThat(indexes.of(outside, "c")).isEmpty();
            // What is created later is found when it is asked for again.
            CollectionIndex.write(home.resolve("other").resolve("c"), ENCODER).close();
            assertThat(indexes.of(outside, "c")).isPresent();
        }
    }
}
