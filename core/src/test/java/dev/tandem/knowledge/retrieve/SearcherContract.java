package dev.tandem.knowledge.retrieve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import dev.tandem.domain.Searcher;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every searcher promises. */
abstract class SearcherContract {

    static final Principal ANA = Principal.parse("user:ana,group:people");
    static final Principal BEN = Principal.parse("user:ben,group:engineering");

    @TempDir
    Path directory;

    Library library;
    Searcher searcher;

    abstract Searcher searcher(Library library);

    @BeforeEach
    void open() {
        library = new Library(directory);
        searcher = searcher(library);
    }

    @AfterEach
    void close() {
        library.close();
    }

    static Query query(String text, Principal asker, int limit) {
        return new Query(text, asker, Library.COLLECTION, Filter.everything(), limit);
    }

    List<String> found(String text, Principal asker) {
        return searcher.search(query(text, asker, 10)).stream()
                .map(hit -> hit.document().id())
                .toList();
    }

    @Test
    void theBestPassageComesFirstWithItsTextPlaceAndReasons() {
        library.put("d1", "everyone", "The kettle boils water in the kitchen.", "Bicycles stand in the cellar.");
        library.put("d2", "everyone", "The tower was finished in 1889 in Paris.");
        List<Hit> hits = searcher.search(query("when was the tower in Paris finished", ANA, 2));

        Hit best = hits.getFirst();
        assertThat(best.chunk()).isEqualTo(library.chunks.get("d2").getFirst());
        assertThat(best.document()).isEqualTo(library.live.get("d2").document());
        assertThat(best.rank()).isEqualTo(1);
        assertThat(best.score()).isBetween(0.0, 1.0);
    }

    @Test
    void nothingIsFoundThatTheAskerMayNotRead() {
        library.put("open", "everyone", "Salaries are paid on the last working day.");
        library.put("secret", "group:people", "Salaries of the board are listed here.");
        assertThat(found("salaries", ANA)).containsExactlyInAnyOrder("open", "secret");
        assertThat(found("salaries", BEN)).containsExactly("open");
    }

    @Test
    void aCollectionThatNobodyMayReadAndOneThatIsNotThereAnswerAlike() {
        library.put("secret", "group:people", "Salaries of the board.");
        var there = query("salaries", BEN, 5);
        var elsewhere = new Query("salaries", BEN, "films", Filter.everything(), 5);
        assertThatThrownBy(() -> searcher.search(there)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.MISSING);
            assertThatThrownBy(() -> searcher.search(elsewhere)).isInstanceOfSatisfying(Failure.class, other -> {
                assertThat(other.kind()).isEqualTo(failure.kind());
                assertThat(other.getMessage().replace("films", Library.COLLECTION))
                        .isEqualTo(failure.getMessage());
                assertThat(other.nextStep().replace("films", Library.COLLECTION))
                        .isEqualTo(failure.nextStep());
            });
        });
    }

    @Test
    void everyCollectionAnswersAlikeOnceAllThatTheAskerCouldReadIsRevoked() {
        library.put("d", "group:engineering", "Salaries are paid monthly.");
        library.revoke("d", "group:people");
        assertThatThrownBy(() -> found("salaries", BEN))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.MISSING));
    }

    @Test
    void hitsAreNumberedNoMoreThanAskedForAndBestFirst() {
        for (int i = 0; i < 30; i++) {
            library.put(
                    Library.document("d" + i, 1, Map.of(), Instant.EPOCH, "Tea"),
                    "everyone",
                    "kettle " + "tea ".repeat(i % 7) + "water");
        }
        library.commit();
        List<Hit> all = searcher.search(query("kettle of tea", ANA, 30));
        assertThat(all).hasSize(30);
        for (int i = 0; i < all.size(); i++) {
            assertThat(all.get(i).rank()).isEqualTo(i + 1);
            assertThat(all.get(i).score())
                    .isBetween(0.0, i == 0 ? 1.0 : all.get(i - 1).score());
        }
        for (int limit : List.of(1, 2, 7, 29)) {
            assertThat(searcher.search(query("kettle of tea", ANA, limit))).isEqualTo(all.subList(0, limit));
        }
    }

    @Test
    void equalScoresAreOrderedByChunkId() {
        for (String id : List.of("d3", "d1", "d4", "d2")) {
            library.put(Library.document(id, 1, Map.of(), Instant.EPOCH, "Tea"), "everyone", "kettle");
        }
        library.commit();
        assertThat(found("kettle", ANA)).containsExactly("d1", "d2", "d3", "d4");
    }

    @Test
    void whatTheCatalogRevokesIsNotFoundThoughTheIndexStillHoldsIt() {
        library.put("d1", "everyone", "kettle kettle kettle").put("d2", "everyone", "kettle and some tea");
        library.revoke("d1", "group:people");
        assertThat(found("kettle", BEN)).containsExactly("d2");
        assertThat(found("kettle", ANA)).containsExactlyInAnyOrder("d1", "d2");
        library.live.remove("d2");
        assertThat(found("kettle", ANA)).containsExactly("d1");
    }

    @Test
    void aVersionThatIsNoLongerCurrentIsNotFound() {
        library.put("d1", "everyone", "kettle").put("d2", "everyone", "kettle");
        var current = Library.document("d1", 2, Map.of(), Instant.EPOCH, "Title");
        library.live.put("d1", new Library.Held(current, "everyone"));
        assertThat(found("kettle", ANA)).containsExactly("d2");
    }

    @Test
    void whatDropsOutIsMadeUpForByWhatComesNext() {
        for (int i = 0; i < 700; i++) {
            String id = "d%03d".formatted(i);
            library.put(
                    Library.document(id, 1, Map.of(), Instant.EPOCH, "Tea"),
                    "everyone",
                    i == 0 ? "kettle ".repeat(6) : i < 690 ? "kettle kettle" : "kettle and much else to read");
        }
        library.commit();
        for (int i = 1; i < 690; i++) {
            library.revoke("d%03d".formatted(i), "group:people");
        }
        List<Hit> hits = searcher.search(query("kettle", BEN, 5));
        assertThat(hits).extracting(hit -> hit.document().id()).containsExactly("d000", "d690", "d691", "d692", "d693");
        assertThat(hits).extracting(Hit::rank).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void changesAreSeenByTheNextSearch() {
        library.put("d1", "everyone", "The kettle costs 20.");
        assertThat(texts("kettle costs")).containsExactly("The kettle costs 20.");
        library.put("d1", "everyone", "The kettle costs 25.");
        assertThat(texts("kettle costs")).containsExactly("The kettle costs 25.");
        library.put("d2", "everyone", "The kettle is red.");
        assertThat(texts("kettle costs")).hasSize(2);
        library.remove("d1").commit();
        assertThat(texts("kettle costs")).containsExactly("The kettle is red.");
    }

    private List<String> texts(String question) {
        return searcher.search(query(question, ANA, 10)).stream()
                .map(hit -> hit.chunk().text())
                .toList();
    }

    @Test
    void aQuestionOfAnyCharactersIsAnswered() {
        library.put("d1", "everyone", "kettle");
        for (String odd : List.of(
                "*:* AND kettle~2 OR [a TO z]",
                "\u0000\u0007 kettle",
                "kettle \ud83e",
                "\ud83e\udd16",
                "the of and",
                "?!",
                "kettle ".repeat(1400),
                "unheardof")) {
            assertThat(searcher.search(query(odd, ANA, 3))).hasSizeLessThanOrEqualTo(1);
        }
        var manyWords = new StringBuilder("kettle");
        for (int i = 0; i < 1500; i++) {
            manyWords.append(" w").append(i);
        }
        assertThat(found(manyWords.toString(), ANA)).containsExactly("d1");
    }

    /**
     * A filter inside the search and the same condition put to everything that a search finds give the same hits with the
     * same scores, for random libraries, askers, filters and questions.
     */
    @Test
    void filtersFindExactlyWhatSatisfiesThem() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        List<String> accesses = List.of(
                "everyone", "group:people", "group:engineering", "user:ana", "user:ben,group:people", "user:eve");
        for (int i = 0; i < 80; i++) {
            library.put(
                    Library.document(
                            "d" + i,
                            1,
                            random.nextBoolean()
                                    ? Map.of("year", "" + random.nextInt(3), "team", longName(random))
                                    : Map.of(),
                            Instant.ofEpochMilli(random.nextInt(5)),
                            "Title " + random.nextInt(3)),
                    accesses.get(random.nextInt(accesses.size())),
                    sentence(random),
                    sentence(random));
        }
        library.commit();
        for (int i = 0; i < 120; i++) {
            String question = sentence(random);
            Filter filter = filter(random, 2);
            Principal asker = random.nextBoolean() ? ANA : BEN;
            List<Hit> expected = searcher.search(query(question, Library.LIBRARIAN, 200)).stream()
                    .filter(hit -> library.mayRead(asker, hit.document().id()) && satisfies(filter, hit.document()))
                    .toList();
            List<Hit> found = searcher.search(new Query(question, asker, Library.COLLECTION, filter, 200));
            assertThat(found.stream().map(SearcherContract::essence))
                    .as("seed %d, question '%s' by %s where %s", seed, question, asker.user(), filter)
                    .containsExactlyElementsOf(
                            expected.stream().map(SearcherContract::essence).toList());
        }
    }

    private static String essence(Hit hit) {
        return hit.chunk().id() + " " + hit.score() + " " + hit.lexical().raw() + " "
                + hit.dense().raw();
    }

    private static String sentence(Random random) {
        List<String> words = List.of("kettle", "tea", "water", "red", "blue", "boils", "kitchen", "twenty", "cellar");
        return IntStream.range(0, 1 + random.nextInt(6))
                .mapToObj(_ -> words.get(random.nextInt(words.size())))
                .collect(Collectors.joining(" "));
    }

    private static String longName(Random random) {
        return "n".repeat(random.nextBoolean() ? 3 : 40_000) + random.nextInt(2);
    }

    private static Filter filter(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 7)) {
            case 0 -> Filter.everything();
            case 1 -> new Filter.Equals("source", random.nextBoolean() ? "file" : "jsonl");
            case 2 -> new Filter.Equals("title", "Title " + random.nextInt(3));
            case 3 -> new Filter.Equals("Year", "" + random.nextInt(3));
            case 4 -> new Filter.Equals("team", longName(random));
            case 5 -> new Filter.Equals("document", "d" + random.nextInt(80));
            case 6 ->
                new Filter.Modified(
                        random.nextBoolean() ? null : Instant.ofEpochSecond(0, random.nextInt(5_000_000)),
                        random.nextBoolean() ? null : Instant.ofEpochSecond(0, random.nextInt(5_000_000)));
            default ->
                new Filter.All(Stream.generate(() -> filter(random, depth - 1))
                        .limit(random.nextInt(3))
                        .toList());
        };
    }

    private static boolean satisfies(Filter filter, DocumentRef document) {
        return switch (filter) {
            case Filter.Everything() -> true;
            case Filter.Equals(String key, String value) ->
                switch (key) {
                    case "source" -> document.source().equals(value);
                    case "title" -> document.title().equals(value);
                    case "path" -> document.path().equals(value);
                    case "document" -> document.id().equals(value);
                    default -> value.equals(document.metadata().get(key.toLowerCase(Locale.ROOT)));
                };
            case Filter.Modified(Instant from, Instant to) ->
                (from == null || !document.modified().isBefore(from))
                        && (to == null || document.modified().isBefore(to));
            case Filter.All(List<Filter> filters) -> filters.stream().allMatch(each -> satisfies(each, document));
        };
    }
}
