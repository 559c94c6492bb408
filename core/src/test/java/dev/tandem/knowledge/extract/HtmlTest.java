package dev.tandem.knowledge.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.Failure;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class HtmlTest {

    private static final String PROSE =
            "The committee met on Tuesday, heard the report of the treasurer, and after a long"
                    + " discussion, in which every member took part, adopted the budget for the coming year. ";

    /** The longest page here has more text than is usually read of a file. */
    private static final ExtractLimits LIMITS = new ExtractLimits(100_000_000, 10_000_000, Duration.ofSeconds(60));

    private static Extracted page(String html) {
        return Extractors.within(LIMITS).extract("page.html", html.getBytes(StandardCharsets.UTF_8));
    }

    private static Extracted body(String html) {
        return page("<!doctype html><title>T</title><body>" + html);
    }

    @Test
    void menusAdvertsCommentsAndFootersAreLeftOut() {
        String text = page("""
                <html><head><title>Budget | The Society</title></head><body>
                <nav><ul><li><a href=/>Home</a><li><a href=/about>About us</a></ul></nav>
                <div class="sidebar"><p>Subscribe to our newsletter, and never miss anything, ever again.</p></div>
                <div id="main"><h1>Budget</h1><p>%s</p><p>%s</p><p>%s</p>
                  <div class="share"><a href=x>Tweet</a></div></div>
                <div class="comments"><p>First, I must say, this is a comment, and not part of the page.</p></div>
                <footer>Imprint</footer></body></html>
                """.formatted(PROSE, PROSE, PROSE)).text();
        assertThat(text).startsWith("Budget\n\nThe committee met").endsWith("for the coming year.");
        assertThat(text).doesNotContain("Home", "Subscribe", "Tweet", "comment", "Imprint");
    }

    @Test
    void whatIsHiddenIsNotExtracted() {
        String text = body("<p>Shown.</p><p hidden>One</p><p style='display: none'>Two</p><p aria-hidden=true>Three</p>"
                        + "<script>four()</script><style>five{}</style><template>Six</template><!-- seven -->")
                .text();
        assertThat(text).isEqualTo("Shown.");
    }

    @Test
    void aPageOfSeveralPartsIsTakenWhole() {
        String rows = "<tr><td>Plan</td><td>Price of the plan in the year</td></tr>".repeat(60);
        String text = body("<div class=a><p>" + PROSE.repeat(4) + "</p></div><div class=b><table>" + rows
                        + "</table></div>")
                .text();
        assertThat(text).contains("Plan | Price of the plan in the year");
    }

    @Test
    void structureBecomesBlocks() {
        var document =
                body("<h1>Guide<a class=headerlink href='#x'>¶</a></h1><p>One <b>bold</b>\n  word<br>next line.</p>"
                        + "<ol start=3><li>three<ul><li>inner</ul><li>four<p>more</ol>"
                        + "<table><tr><th>a<th>b<tr><td>1<td>two <i>words</i></table>"
                        + "<pre>if x:\n    y()\n</pre><dl><dt>term<dd>meaning</dl>");
        assertThat(document.text())
                .isEqualTo("Guide\n\nOne bold word\nnext line.\n\n3. three\n  - inner\n4. four\n  more\n\n"
                        + "a | b\n1 | two words\n\nif x:\n    y()\n\nterm\n  meaning");
        assertThat(document.blocks())
                .extracting(Block::kind)
                .containsExactly(
                        Block.Kind.HEADING,
                        Block.Kind.PARAGRAPH,
                        Block.Kind.LIST,
                        Block.Kind.TABLE,
                        Block.Kind.CODE,
                        Block.Kind.LIST);
    }

    @Test
    void aTableThatLaysOutThePageIsNoTable() {
        var document = body(
                "<table><tr><td><h2>Left</h2><p>" + PROSE + "</p></td><td><p>Right, and more.</p></td></tr></table>");
        assertThat(document.blocks()).noneMatch(block -> block.kind() == Block.Kind.TABLE);
        assertThat(document.text()).contains("Left\n\nThe committee met");
    }

    @Test
    void twoLineBreaksPartParagraphs() {
        assertThat(body("One.<br><br>Two.<br>Three.").text()).isEqualTo("One.\n\nTwo.\nThree.");
    }

    @Test
    void whatThePageSaysOfItselfIsKept() {
        var document = page("""
                <html lang=en><head><title>Leave - Handbook - Acme</title><meta name=author content="Ana B.">
                <meta property="article:modified_time" content="2024-03-01T10:00:00Z">
                <meta name=description content="How to &amp; when"></head><body><h1>Leave</h1><p>Text.""");
        assertThat(document.title()).isEqualTo("Leave");
        assertThat(document.modified()).isEqualTo(Instant.parse("2024-03-01T10:00:00Z"));
        assertThat(document.metadata())
                .containsEntry("author", "Ana B.")
                .containsEntry("language", "en")
                .containsEntry("description", "How to & when");
    }

    @Test
    void charsetsAreReadFromThePageOrGuessed() {
        String page =
                "<html><head>%s<title>Größe</title></head><body><p>Die Größe der Tür für Bären.</p></body></html>";
        Charset latin = Charset.forName("windows-1252");
        String told = page.formatted("<meta charset='windows-1252'>");
        for (byte[] bytes : new byte[][] {
            told.getBytes(latin),
            page.formatted("").getBytes(latin),
            page.formatted("").getBytes(StandardCharsets.UTF_8)
        }) {
            var document = Extractors.standard().extract("page.htm", bytes);
            assertThat(document.title()).isEqualTo("Größe");
            assertThat(document.text()).isEqualTo("Die Größe der Tür für Bären.");
        }
    }

    @Test
    void aPageWithoutTextIsRefusedWithTheReason() {
        assertThatThrownBy(() -> body("<img src=x><script>x</script>"))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID))
                .hasMessage("It holds no text.");
    }

    @Test
    void hostilePagesTakeLinearTime() {
        for (String html : new String[] {
            "<div>".repeat(50_000) + "deep",
            "<ul><li>".repeat(10_000) + "deep",
            "<table><tr><td>".repeat(10_000) + "deep",
            "<p>" + "word ".repeat(400_000),
            "<b><i>".repeat(20_000) + "deep",
            "<div><p>a, b</p></div>".repeat(40_000),
            "<a href=x>link</a> ".repeat(60_000),
            "<p>" + "word, ".repeat(1_600_000)
        }) {
            Assertions.assertTimeoutPreemptively(
                    Duration.ofSeconds(30), () -> assertThat(body(html).text()).isNotEmpty());
        }
    }
}
