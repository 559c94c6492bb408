package dev.tandem.knowledge.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.Chunk;
import dev.tandem.domain.Span;
import dev.tandem.knowledge.retrieve.HashingEmbedder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class ChunkerTest {

    private static final ChunkSettings SETTINGS = ChunkSettings.standard();

    private static List<Chunk> chunksOf(Extracted document) {
        return new Chunker(SETTINGS).chunk("00000000000000aa", 3, document);
    }

    private static Extracted markdown(String text) {
        return Markdown.read("page.md", text);
    }

    private static String words(int count) {
        return IntStream.range(0, count).mapToObj(i -> "word").collect(Collectors.joining(" "));
    }

    @Test
    void chunksRebuildRandomDocuments() {
        rebuild(Long.getLong("tandem.seed", System.nanoTime()), List.of(ChunkStrategy.values()));
    }

    private static void rebuild(long seed, List<ChunkStrategy> strategies) {
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 2_000; round++) {
            Extracted document = randomDocument(random);
            ChunkSettings settings =
                    ChunkSettings.ofTarget(random.nextInt(16, 338)).by(strategies.get(round % strategies.size()));
            List<Chunk> chunks = new Chunker(settings, new HashingEmbedder()).chunk("00000000000000aa", 1, document);
            try {
                checkInvariants(document, chunks, settings);
            } catch (AssertionError broken) {
                throw new AssertionError("replay with -Dtandem.seed=" + seed + " (round " + round + ")", broken);
            }
        }
    }

    /** Seeds that once found a chunk beyond its bound, and a cut inside a surrogate pair. */
    @Test
    void chunksRebuildTheDocumentsThatOnceBrokeThem() {
        for (long seed : new long[] {9604189304537L, 9937789974241L}) {
            rebuild(seed, List.of(ChunkStrategy.STRUCTURE));
        }
    }

    static void checkInvariants(Extracted document, List<Chunk> chunks, ChunkSettings settings) {
        String text = document.text();
        assertThat(chunks.stream().map(Chunk::text).collect(Collectors.joining()))
                .isEqualTo(text);
        int at = 0;
        for (int i = 0; i < chunks.size(); i++) {
            Chunk chunk = chunks.get(i);
            assertThat(chunk.ordinal()).isEqualTo(i);
            assertThat(chunk.span().start()).isEqualTo(at);
            assertThat(chunk.span().length()).isPositive();
            assertThat(chunk.span().of(text)).isEqualTo(chunk.text());
            assertThat(chunk.section().contains(chunk.span())).isTrue();
            var estimate = TokenEstimate.forText(text);
            int header =
                    estimate.count(chunk.headingPath(), 0, chunk.headingPath().length());
            int own = estimate.count(chunk.text(), 0, chunk.text().length());
            assertThat(own + Math.min(header, settings.maxTokens() / 2)).isLessThanOrEqualTo(settings.maxTokens());
            assertThat(Character.isLowSurrogate(chunk.text().charAt(0))
                            && i > 0
                            && Character.isHighSurrogate(chunks.get(i - 1)
                                    .text()
                                    .charAt(chunks.get(i - 1).text().length() - 1)))
                    .isFalse();
            at = chunk.span().end();
        }
        assertThat(at).isEqualTo(text.codePointCount(0, text.length()));
    }

    /** Blocks of random kinds over text with surrogates, carriage returns, marks and huge words. */
    private static Extracted randomDocument(SplittableRandom random) {
        var text = new StringBuilder();
        var blocks = new ArrayList<Block>();
        int count = random.nextInt(0, 12);
        for (int i = 0; i < count; i++) {
            text.append(pick(random, "", "\n\n", "\r\n\r\n", " ", "\n"));
            int start = text.length();
            int pieces = random.nextInt(1, random.nextInt(10) == 0 ? 2_000 : 60);
            for (int j = 0; j < pieces; j++) {
                text.append(pick(
                        random,
                        "word",
                        "Dr. No",
                        ". ",
                        "? ",
                        "\n",
                        "\r\n",
                        "\n\n",
                        " ",
                        " | ",
                        "- ",
                        "😀",
                        "e\u0301",
                        "語",
                        "한국",
                        "x".repeat(random.nextInt(1, 300)),
                        "12. ",
                        "\t",
                        ":"));
            }
            Block.Kind kind = pick(random, Block.Kind.values());
            int level = kind == Block.Kind.HEADING ? random.nextInt(1, 7) : 0;
            if (random.nextInt(8) > 0) {
                blocks.add(new Block(kind, start, text.length(), level, random.nextInt(0, 5)));
            }
        }
        return new Extracted("A title", text.toString(), blocks, new TreeMap<>(), null);
    }

    @SafeVarargs
    private static <T> T pick(SplittableRandom random, T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    @Test
    void aSmallDocumentIsOneChunk() {
        var chunks = chunksOf(markdown("# Leave\n\nTwenty-eight days a year.\n\n- In May\n- In June\n"));
        assertThat(chunks).hasSize(1);
        assertThat(chunks.getFirst().text()).isEqualTo("Leave\n\nTwenty-eight days a year.\n\n- In May\n- In June");
        assertThat(chunks.getFirst().headingPath()).isEqualTo("Leave");
    }

    @Test
    void anEmptyTextHasNoChunks() {
        assertThat(chunksOf(new Extracted("t", "", List.of(), new TreeMap<>(), null)))
                .isEmpty();
    }

    @Test
    void aSectionThatFitsIsAChunkAndKnowsItsHeadingsAndItsPlace() {
        var chunks = chunksOf(markdown("# Guide\n\n" + words(180) + "\n\n## Install\n\n" + words(190)
                + "\n\n## Use\n\n### Daily\n\n" + words(200) + "\n\n### Monthly\n\n" + words(200)));
        assertThat(chunks)
                .extracting(Chunk::headingPath)
                .containsExactly("Guide", "Guide > Install", "Guide > Use > Daily", "Guide > Use > Monthly");
        assertThat(chunks.get(2).text()).startsWith("Use\n\nDaily\n\nword");
        assertThat(chunks.get(1).section()).isEqualTo(chunks.get(1).span());
        assertThat(chunks.get(0).section())
                .isEqualTo(new Span(0, chunks.getLast().span().end()));
    }

    @Test
    void smallSectionsShareAChunkUnderTheHeadingThatHoldsThemAll() {
        var chunks = chunksOf(markdown("# Questions\n\n## One\n\nYes.\n\n## Two\n\nNo.\n\n## Three\n\nPerhaps.\n"));
        assertThat(chunks).hasSize(1);
        assertThat(chunks.getFirst().headingPath()).isEqualTo("Questions");
    }

    @Test
    void aHeadingIsNeverPartedFromWhatItHeads() {
        for (int before = 60; before < 420; before += 7) {
            var chunks =
                    chunksOf(markdown(words(before) + ".\n\n# Next\n\n" + words(150) + ".\n\n" + words(100) + "."));
            assertThat(chunks).noneMatch(chunk -> chunk.text().strip().endsWith("Next"));
        }
    }

    @Test
    void aListATableAndCodeStayWholeWhereTheyFit() {
        String list = IntStream.range(0, 40)
                .mapToObj(i -> "- item number " + i + "\n")
                .collect(Collectors.joining());
        String code = "```\n" + "run(fast)\n\n".repeat(40) + "```\n";
        String table = "| a | b |\n|---|---|\n" + "| one | two |\n".repeat(60);
        for (String whole : List.of(list, code, table)) {
            var document = markdown(words(150) + ".\n\n" + whole + "\n" + words(150) + ".");
            Block block = document.blocks().get(1);
            String inside = document.text().substring(block.start(), block.end());
            assertThat(chunksOf(document)).anyMatch(chunk -> chunk.text().contains(inside));
        }
    }

    @Test
    void aLongListIsCutBetweenItems() {
        String list = IntStream.range(0, 400)
                .mapToObj(i -> "- item number " + i + "\n  with a second line that is part of it\n")
                .collect(Collectors.joining());
        assertThat(chunksOf(markdown(list)))
                .hasSizeGreaterThan(5)
                .allMatch(chunk -> chunk.text().startsWith("- item"));
    }

    @Test
    void aLongParagraphIsCutBetweenSentencesIntoPartsOfLikeSize() {
        String paragraph = IntStream.range(0, 100)
                .mapToObj(i -> "The U.S. office sent Dr. Smith letter number " + i + " in due time.")
                .collect(Collectors.joining(" "));
        var chunks = chunksOf(markdown(paragraph));
        assertThat(chunks).allMatch(chunk -> chunk.text().startsWith("The U.S. office sent Dr. Smith"));
        var sizes = chunks.stream()
                .mapToInt(chunk -> TokenEstimate.of(chunk.text()))
                .summaryStatistics();
        assertThat(sizes.getMax() - sizes.getMin()).isLessThan(60);
    }

    @Test
    void theHeadingPathAndTheTitleAreLeftRoom() {
        String heading = "A heading of considerable length about the terms and conditions of everything. ".repeat(3);
        var document = markdown("# " + heading + "\n\n## " + heading + "\n\n" + "It goes on. ".repeat(3_000));
        for (Chunk chunk : chunksOf(document)) {
            int all = TokenEstimate.of(document.title())
                    + TokenEstimate.of(chunk.headingPath())
                    + TokenEstimate.of(chunk.text());
            assertThat(all).isLessThanOrEqualTo(SETTINGS.maxTokens());
        }
    }

    private static List<String> cut(ChunkStrategy strategy, int target, String text) {
        return new Chunker(ChunkSettings.ofTarget(target).by(strategy), new HashingEmbedder())
                .chunk("00000000000000aa", 1, markdown(text)).stream()
                        .map(chunk -> chunk.text().strip())
                        .toList();
    }

    @Test
    void bySentenceItIsCutAfterSentencesAloneEvenUnderAHeading() {
        String text =
                "# One\n\n" + "It goes on for a while here. ".repeat(9) + "\n\n# Two\n\n" + "Then it stops. ".repeat(9);
        List<String> chunks = cut(ChunkStrategy.SENTENCE, 40, text);
        assertThat(chunks).hasSize(3).allMatch(chunk -> chunk.endsWith("."));
        assertThat(chunks).anyMatch(chunk -> chunk.contains("here.") && chunk.contains("stops."));
    }

    @Test
    void byParagraphItIsCutBetweenParagraphsAlone() {
        String text = IntStream.range(0, 12)
                .mapToObj(i -> "Paragraph number " + i + " begins. It has three sentences. Here it ends.")
                .collect(Collectors.joining("\n\n"));
        List<String> chunks = cut(ChunkStrategy.PARAGRAPH, 30, text);
        assertThat(chunks)
                .hasSizeGreaterThan(5)
                .allMatch(chunk -> chunk.startsWith("Paragraph") && chunk.endsWith("ends."));
    }

    @Test
    void atAFixedSizeAllAreOfThatSizeWhateverIsCut() {
        List<Integer> sizes =
                cut(ChunkStrategy.FIXED, 60, "# Head\n\n" + "some words without any end ".repeat(400)).stream()
                        .map(TokenEstimate::of)
                        .toList();
        assertThat(sizes).hasSizeGreaterThan(20).allMatch(size -> Math.abs(size - 55) <= 7);
    }

    @Test
    void byMeaningItIsCutWhereTheSubjectChanges() {
        String cats = "Cats and kittens purr on the mat with cats. ".repeat(5);
        String rockets = "Engines push rockets through orbits above engines. ".repeat(5);
        List<String> chunks = cut(ChunkStrategy.SEMANTIC, 40, cats + rockets);
        assertThat(chunks).hasSize(2);
        assertThat(chunks.getFirst()).contains("Cats").doesNotContain("rockets");
    }

    @Test
    void settingsAreReadAsTheyAreWritten() {
        for (ChunkStrategy strategy : ChunkStrategy.values()) {
            var settings = ChunkSettings.ofTarget(120).by(strategy);
            assertThat(ChunkSettings.of(settings.text())).isEqualTo(settings);
        }
        assertThatThrownBy(() -> ChunkSettings.of("structure:9000")).hasMessageContaining("structure:9000");
        assertThatThrownBy(() -> ChunkSettings.of("pages:200")).hasMessageContaining("'pages'");
    }

    @Test
    void hugeInputsTakeLinearTime() {
        var inputs = List.of(
                "word ".repeat(2_000_000),
                "x".repeat(10_000_000),
                "a. ".repeat(1_000_000),
                "語".repeat(1_000_000),
                "\n".repeat(1_000_000),
                " ".repeat(3_000_000) + "end",
                "😀".repeat(1_000_000));
        for (String input : inputs) {
            var block = new Block(Block.Kind.PARAGRAPH, 0, input.length(), 0, 0);
            var document = new Extracted("t", input, List.of(block), new TreeMap<>(), null);
            for (ChunkStrategy strategy : List.of(ChunkStrategy.STRUCTURE, ChunkStrategy.FIXED)) {
                Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
                    var chunks = new Chunker(SETTINGS.by(strategy)).chunk("00000000000000aa", 3, document);
                    int total = chunks.stream()
                            .mapToInt(chunk -> chunk.text().length())
                            .sum();
                    assertThat(total).isEqualTo(input.length());
                });
            }
        }
    }
}
