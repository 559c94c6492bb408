package dev.tandem.knowledge.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class RstTest {

    private static Extracted read(String text) {
        return Extractors.standard().extract("page.rst", text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void titlesTakeTheirLevelFromTheOrderOfTheirStyles() {
        var document = read("""
                ########
                The Book
                ########

                One
                ===

                Text.

                Two
                ===
                Text.
                """);
        assertThat(document.title()).isEqualTo("The Book");
        assertThat(document.blocks().stream().filter(block -> block.kind() == Block.Kind.HEADING))
                .extracting(Block::level)
                .containsExactly(1, 2, 2);
        assertThat(document.text()).startsWith("The Book\n\nOne\n\n").endsWith("Two\n\nText.");
    }

    @Test
    void inlineMarkupBecomesTheWordsThatAReaderSees() {
        assertThat(read("""
                .. |sdk| replace:: The SDK

                |sdk| |ndash| *see* **this** ``a_b * c`` or :ref:`the guide <guide-ref>`, :code:`run()`,
                `a link <http://x/y>`_, `another`_, target_ and snake_case_name, \\*not\\* emphasised [1]_.
                """).text())
                .isEqualTo(
                        "The SDK – see this a_b * c or the guide, run(), a link, another, target and snake_case_name,"
                                + " *not* emphasised [1].");
    }

    @Test
    void listsDefinitionsAndLiteralBlocks() {
        var document = read("""
                Steps::

                    run --fast

                #. First
                   goes on

                   * inner one
                   * inner two

                #. Second::

                     code()

                term
                    Its meaning.

                A. Smith wrote this paragraph
                on two lines.
                """);
        assertThat(document.text())
                .isEqualTo(
                        "Steps:\n\nrun --fast\n\n1. First goes on\n  - inner one\n  - inner two\n2. Second:\n  code()\n\n"
                                + "term\n  Its meaning.\n\nA. Smith wrote this paragraph on two lines.");
        assertThat(document.blocks())
                .extracting(Block::kind)
                .containsExactly(
                        Block.Kind.PARAGRAPH, Block.Kind.CODE, Block.Kind.LIST, Block.Kind.LIST, Block.Kind.PARAGRAPH);
    }

    @Test
    void tablesOfAllKindsBecomeRows() {
        String want = "Plan | Price\nTeam | 12 euros\nFirm | 99 euros";
        assertThat(read("""
                +------+----------+
                | Plan | Price    |
                +======+==========+
                | Team | 12       |
                |      | euros    |
                +------+----------+
                | Firm | 99 euros |
                +------+----------+
                """).text()).isEqualTo(want);
        assertThat(read("""
                =====  ========
                Plan   Price
                =====  ========
                Team   12
                       euros
                Firm   99 euros
                =====  ========

                """).text()).isEqualTo(want);
        assertThat(read("""
                .. list-table::
                   :header-rows: 1

                   * - Plan
                     - Price
                   * - Team
                     - 12
                       euros
                   * - Firm
                     - 99 euros
                """).text()).isEqualTo(want);
        assertThat(read("""
                .. csv-table::
                   :header: Plan, Price

                   Team, "12 euros"
                   Firm, 99 euros
                """).text()).isEqualTo(want);
    }

    @Test
    void directivesShowTheirContentOrNothing() {
        assertThat(read("""
                .. A comment
                   that goes on.

                .. _target:

                .. note:: Take care
                   of this.

                .. image:: x.png
                   :alt: nothing

                .. code-block:: java
                   :linenos:

                   int x;

                .. toctree::

                   other

                .. topic:: A topic

                   Its text.

                .. [1] A footnote.
                """).text())
                .isEqualTo("Take care of this.\n\nint x;\n\nA topic\n\nIts text.\n\n[1] A footnote.");
    }

    @Test
    void fieldsAtTheTopAndMetaAreMetadata() {
        var document = read("""
                :Author: Ana
                :Date: 2024-05-06

                .. meta::
                   :description: What this
                      is about

                Text.
                """);
        assertThat(document.metadata())
                .containsEntry("author", "Ana")
                .containsEntry("description", "What this is about");
        assertThat(document.modified()).isEqualTo(Instant.parse("2024-05-06T00:00:00Z"));
        assertThat(document.text()).isEqualTo("Text.");
    }

    @Test
    void hostileInputTakesLinearTime() {
        var stairs = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            stairs.append(" ".repeat(i)).append("- x\n\n");
        }
        for (String text : new String[] {
            stairs.toString(),
            "- ".repeat(20_000) + "deep",
            "x " + "``".repeat(100_000),
            "`a ".repeat(100_000),
            "*a ".repeat(100_000),
            "**a ".repeat(100_000),
            "|a ".repeat(100_000),
            ":a:".repeat(100_000) + "`",
            "a_".repeat(200_000),
            "a-".repeat(200_000) + "_",
            "x".repeat(1_000_000) + "_",
            "word ".repeat(400_000),
            "a\n ".repeat(20_000),
            ".. note:: ".repeat(10_000) + "x",
            "- a\n".repeat(100_000),
            "a\n=\n".repeat(50_000),
            "+---+\n" + "| a |\n+---+\n".repeat(50_000)
        }) {
            Assertions.assertTimeoutPreemptively(
                    Duration.ofSeconds(20), () -> assertThat(read(text).text()).isNotEmpty());
        }
    }
}
