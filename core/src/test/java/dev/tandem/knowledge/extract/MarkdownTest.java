package dev.tandem.knowledge.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class MarkdownTest {

    private static Extracted read(String text) {
        return Extractors.standard().extract("notes/page.md", text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void markupGoesAndTheWordsStay() {
        assertThat(read("A *b* **c** `d` [e](http://x) ![f](g.png) <a name=\"h\"></a>i\\-j\nk&nbsp;&amp; <http://l>")
                        .text())
                .isEqualTo("A b c d e i-j k & http://l");
    }

    @Test
    void blocksAreKnownForWhatTheyAre() {
        var document = read("""
                Title
                =====

                Text\\
                broken.

                1. one
                   more
                   * inner
                2. two

                   ```
                   code()
                   ```

                | a | b |
                |---|---|
                | 1 | `2` |

                > quoted
                > # not a heading

                ```java
                int x;

                int y;
                ```
                """);
        assertThat(document.text())
                .isEqualTo("Title\n\nText\nbroken.\n\n1. one more\n  - inner\n2. two\n  code()\n\na | b\n1 | 2\n\n"
                        + "quoted\n\nnot a heading\n\nint x;\n\nint y;");
        assertThat(document.blocks())
                .extracting(Block::kind)
                .containsExactly(
                        Block.Kind.HEADING,
                        Block.Kind.PARAGRAPH,
                        Block.Kind.LIST,
                        Block.Kind.TABLE,
                        Block.Kind.PARAGRAPH,
                        Block.Kind.PARAGRAPH,
                        Block.Kind.CODE);
        assertThat(document.title()).isEqualTo("Title");
    }

    @Test
    void frontMatterIsMetadataAndNotText() {
        var document = read("""
                ---
                title: "Travel costs"
                tags: [hr, travel]
                owner:
                  - Ana
                  - Ben
                updated: 2024-02-03
                ---
                # Other
                Text.
                """);
        assertThat(document.title()).isEqualTo("Travel costs");
        assertThat(document.text()).isEqualTo("Other\n\nText.");
        assertThat(document.metadata()).containsEntry("tags", "hr, travel").containsEntry("owner", "Ana, Ben");
        assertThat(document.modified()).isEqualTo(Instant.parse("2024-02-03T00:00:00Z"));
    }

    @Test
    void aRuleAtTheStartIsNoFrontMatter() {
        assertThat(read("---\nText without end of front matter.").text())
                .isEqualTo("Text without end of front matter.");
    }

    @Test
    void rawHtmlIsReadAsHtml() {
        assertThat(read("Before.\n\n<table><tr><th>a<th>b</tr><tr><td>1<td>2</tr></table>\n\n<!-- no -->\n\nAfter.")
                        .text())
                .isEqualTo("Before.\n\na | b\n1 | 2\n\nAfter.");
    }

    @Test
    void withoutAHeadingTheFileNameIsTheTitle() {
        assertThat(read("Just text.").title()).isEqualTo("page");
    }

    @Test
    void hostileInputTakesLinearTime() {
        for (String text : new String[] {
            ">".repeat(50_000) + " deep",
            "- ".repeat(30_000) + "deep",
            "[".repeat(100_000),
            "*a **b ".repeat(20_000),
            "`".repeat(100_000) + " `a",
            "![[]()".repeat(50_000),
            "[a](b".repeat(20_000),
            "<".repeat(200_000),
            "| a | b |\n|---|---|\n" + "| 1 | 2 |\n".repeat(10_000),
            "word ".repeat(400_000),
            "&".repeat(200_000),
            "[a]: b\n".repeat(50_000) + "x"
        }) {
            Assertions.assertTimeoutPreemptively(
                    Duration.ofSeconds(20), () -> assertThat(read(text).text()).isNotEmpty());
        }
    }
}
