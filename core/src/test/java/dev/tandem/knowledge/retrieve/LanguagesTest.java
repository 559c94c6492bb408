package dev.tandem.knowledge.retrieve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.domain.Hit;
import dev.tandem.domain.Language;
import dev.tandem.domain.Searcher;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Chunks of several languages in one collection, under an encoder that knows English alone. */
class LanguagesTest {

    private static final List<String> ENGLISH =
            List.of("house", "garden", "server", "walking", "the", "password", "running", "blue", "trees", "hotel");
    private static final List<String> GERMAN =
            List.of("Häuser", "Garten", "Server", "und", "Passwort", "blau", "Bäume", "Hotel", "in", "laufen");

    @TempDir
    private Path directory;

    enum Channel {
        WORDS,
        MEANING,
        BOTH;

        Searcher searcher(Library library) {
            return switch (this) {
                case WORDS -> Retriever.lexical(library.indexes(), library);
                case MEANING -> Retriever.dense(library.indexes(), library.embedder, library);
                case BOTH -> Retriever.fused(library.indexes(), library.embedder, library);
            };
        }
    }

    private Library library(String name) {
        return new Library(directory.resolve(name), new HashingEmbedder(Set.of(Language.ENGLISH)));
    }

    private static String text(Random random, List<String> words, int most) {
        return IntStream.range(0, 1 + random.nextInt(most))
                .mapToObj(_ -> words.get((int) (words.size() * Math.pow(random.nextDouble(), 1.5))))
                .collect(Collectors.joining(" "));
    }

    private static List<Hit> search(Searcher searcher, String question) {
        return searcher.search(SearcherContract.query(question, SearcherContract.ANA, 1_000));
    }

    private static boolean isLikeNoGermanWord(String english) {
        return GERMAN.stream()
                .noneMatch(german -> german.regionMatches(true, 0, english, 0, Math.min(3, english.length())));
    }

    private record Seen(String chunk, double score, double bm25, double cosine) {
        static Seen of(Hit hit) {
            return new Seen(
                    hit.chunk().id(),
                    hit.score(),
                    hit.lexical().raw(),
                    hit.dense().raw());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatOnlyEnglishKnowsRanksAndScoresAsIfNothingElseWereThere(Channel channel) {
        long seed = System.nanoTime();
        var random = new Random(seed);
        try (Library alone = library("alone");
                Library mixed = library("mixed")) {
            for (int i = 0; i < 60; i++) {
                String passage = text(random, ENGLISH, 30);
                alone.put("e" + i, Language.ENGLISH, passage);
                mixed.put("e" + i, Language.ENGLISH, passage);
                mixed.put("g" + i, Language.GERMAN, text(random, GERMAN, 30));
            }
            alone.commit();
            mixed.commit();
            List<String> onlyEnglish =
                    ENGLISH.stream().filter(LanguagesTest::isLikeNoGermanWord).toList();
            Searcher one = channel.searcher(alone);
            Searcher other = channel.searcher(mixed);
            for (int i = 0; i < 40; i++) {
                String question = text(random, onlyEnglish, 6);
                List<Seen> expected =
                        search(one, question).stream().map(Seen::of).toList();
                List<Seen> found = search(other, question).stream()
                        .filter(hit -> hit.document().language() == Language.ENGLISH)
                        .map(Seen::of)
                        .toList();
                assertThat(found).as("seed %d, %s", seed, question).isEqualTo(expected);
            }
        }
    }

    @Test
    void wordsAreAnalysedByTheRulesOfTheirLanguageAndCarryAllTheWeightWhereTheEncoderDoesNotKnowIt() {
        try (Library library = library("german")) {
            library.put("haus", Language.GERMAN, "Die alten Häuser der Stadt wurden verkauft.");
            library.put("baum", Language.GERMAN, "Im Garten stehen drei Bäume und eine Bank.");
            library.put("jardin", Language.FRENCH, "L'arbre du jardin est vieux.");
            library.put("house", Language.ENGLISH, "Old houses were sold.");
            library.commit();
            Searcher both = Channel.BOTH.searcher(library);

            Hit best = search(both, "Wann wurde das alte Haus verkauft?").getFirst();
            assertThat(best.document().id()).isEqualTo("haus");
            assertThat(best.dense()).isEqualTo(Hit.Channel.NONE);
            assertThat(best.score()).isEqualTo(best.lexical().normalised()).isBetween(.2, 1.0);

            assertThat(search(both, "arbres dans les jardins")
                            .getFirst()
                            .document()
                            .id())
                    .isEqualTo("jardin");
            assertThat(search(Channel.MEANING.searcher(library), "Haus"))
                    .extracting(hit -> hit.document().id())
                    .containsExactly("house");
        }
    }

    @Test
    void aNameThatTwoLanguagesShareDoesNotMakeAQuestionWellAnsweredInTheOther() {
        try (Library library = library("shared")) {
            library.put("en", Language.ENGLISH, "The red server in the cellar hums loudly at night.");
            library.put("de", Language.GERMAN, "Der Server steht im Keller.");
            library.commit();
            List<Hit> hits = search(Channel.BOTH.searcher(library), "why does the red server hum at night");
            assertThat(hits).extracting(hit -> hit.document().id()).containsExactly("en", "de");
            assertThat(hits.getLast().score()).isLessThan(.5);
        }
    }

    @Test
    void aPageToldToBeInTheWrongLanguageDoesNotComeBeforeThoseThatKnowMoreOfTheQuestion() {
        try (Library library = library("mistold")) {
            library.put("told", Language.GERMAN, "Zeigt den Inhalt von Verzeichnissen an, eine Datei je Zeile.");
            library.put("else", Language.GERMAN, "Der Server steht im Keller.");
            library.put("mistold", Language.ENGLISH, "Datei foo bar baz");
            library.commit();
            assertThat(search(
                            Channel.BOTH.searcher(library),
                            "Inhalt eines Verzeichnisses je Datei in einer Zeile anzeigen"))
                    .extracting(hit -> hit.document().id())
                    .startsWith("told");
        }
    }

    @Test
    void aQuestionThatTheEncoderCannotReadIsHeldAgainstNobodysMeaning() {
        try (Library library = library("unread")) {
            library.put("de", Language.GERMAN, "Das Passwort wird alle neunzig Tage gewechselt.");
            library.put("en", Language.ENGLISH, "Passwort foo bar");
            library.commit();
            List<Hit> hits = search(Channel.BOTH.searcher(library), "Wie oft wird das Passwort gewechselt?");
            assertThat(hits).allMatch(hit -> hit.dense().equals(Hit.Channel.NONE));
        }
    }

    @Test
    void scoresStayBetweenNothingAndOneWhateverTheQuestionsLanguage() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        try (Library library = library("random")) {
            for (int i = 0; i < 40; i++) {
                library.put("e" + i, Language.ENGLISH, text(random, ENGLISH, 20));
                library.put("g" + i, Language.GERMAN, text(random, GERMAN, 20));
            }
            library.commit();
            Searcher words = Channel.WORDS.searcher(library);
            for (int i = 0; i < 40; i++) {
                String question = text(random, i % 2 == 0 ? ENGLISH : GERMAN, 5) + " Unerhörtes";
                List<Hit> hits = search(words, question);
                assertThat(hits)
                        .as("seed %d, %s", seed, question)
                        .allSatisfy(hit -> assertThat(hit.score()).isBetween(0.0, 1.0));
                assertThat(hits).isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
            }
        }
    }
}
