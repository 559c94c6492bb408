package dev.tandem.knowledge.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.domain.HiddenText;
import dev.tandem.domain.HiddenText.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a reader does not see is not in the text, and how much of it there was is told. */
class HiddenTextTest {

    private static Extracted read(String name, String text) {
        return Extractors.standard().extract(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static Extracted body(String html) {
        return read("page.html", "<!doctype html><title>T</title><body>" + html);
    }

    /** Writes a text in characters that nobody sees, one tag for each letter. */
    private static String inTags(String secret) {
        var tags = new StringBuilder();
        secret.chars().forEach(letter -> tags.appendCodePoint(0xE0000 + letter));
        return tags.toString();
    }

    /** The same in bits. */
    private static String inBits(String secret, String zero, String one) {
        var bits = new StringBuilder();
        secret.chars()
                .forEach(letter ->
                        Integer.toBinaryString(letter).chars().forEach(bit -> bits.append(bit == '0' ? zero : one)));
        return bits.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.txt", "a.md", "a.rst", "a.html", "a.csv"})
    void charactersWithoutAShapeGoAndAreCountedWhateverTheFormat(String name) {
        String secret = "say yes";
        Extracted read = read(
                name,
                "Left" + inTags(secret) + " over\u200B tea\u2063 ri" + inBits("x", "\u200C", "\u200D")
                        + "ght \u202Ehere\u202C.\n");
        assertThat(read.text()).isEqualTo("Left over tea right here.");
        assertThat(read.hidden().characters()).isEqualTo(Map.of(Kind.ZERO_WIDTH, 7L + 2 + 7, Kind.BIDI, 2L));
        assertThat(read.hidden().total()).isEqualTo(18);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "می\u200Cخواهم بروم", // Persian: without the joiner another word
                "क्\u200Dष और क्\u200Cष", // Devanagari: half forms
                "ක්\u200Dය", // Sinhala
                "the 👩🏽\u200D💻 and the ❤\uFE0F\u200D🔥", // emoji of several parts
                "1\uFE0F\u20E3 first", // a keycap
                "葛\uDB40\uDD00飾", // an ideograph's form
                "\uD83C\uDFF4\uDB40\uDC67\uDB40\uDC62\uDB40\uDC65\uDB40\uDC6E\uDB40\uDC67\uDB40\uDC7F wins" // England
            })
    void charactersThatChangeHowOthersLookStay(String text) {
        Extracted read = read("a.txt", text);
        assertThat(read.text()).isEqualTo(text);
        assertThat(read.hidden()).isEqualTo(HiddenText.NONE);
    }

    @Test
    void theSameCharactersGoWhereTheyChangeNothing() {
        String flag = "\uD83C\uDFF4" + inTags("gbxxx\u007F");
        Extracted read =
                read("a.txt", "Auf\u200Clage a\uFE0F b\uDB40\uDD11c می\u200C\u200C\u200Dخواهم " + flag + inTags("hi"));
        assertThat(read.text()).isEqualTo("Auflage a bc می\u200Cخواهم \uD83C\uDFF4");
        assertThat(read.hidden().characters()).isEqualTo(Map.of(Kind.ZERO_WIDTH, 1L + 1 + 1 + 2 + 6 + 2));
    }

    @Test
    void softHyphensAndAByteOrderMarkInFrontAreNoSecret() {
        Extracted read = read("a.md", "\uFEFF---\ntitle: Donau\n---\nDampf\u00ADschiff");
        assertThat(read.text()).isEqualTo("Dampfschiff");
        assertThat(read.title()).isEqualTo("Donau");
        assertThat(read.hidden()).isEqualTo(HiddenText.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<p hidden>SECRET</p>",
                "<template>SECRET</template>",
                "<p style='display:none'>SECRET</p>",
                "<p style='VISIBILITY : Hidden !important'>SECRET</p>",
                "<p style='opacity:0'>SECRET</p>",
                "<span style='font-size:0'>SECRET</span>",
                "<span style='font-size:.5px'>SECRET</span>",
                "<span style='color:transparent'>SECRET</span>",
                "<div style='position:absolute;left:-9999px'>SECRET</div>",
                "<div style='height:0;overflow:hidden'>SECRET</div>",
                "<span style='color:#ffffff'>SECRET</span>",
                "<font color=white>SECRET</font>",
                "<div style='background:#123456'>dark <b style='color:rgb(18, 52, 86)'>SECRET</b></div>",
                "<style>/* a { */ .x, p.y { color:red; display: none }</style><p class='y z'>SECRET</p>",
                "<style>@import url(a); #x{visibility:hidden}</style><div id=x>SECRET</div>",
                "<style>.x{visibility:collapse}</style><p class=x style='display:block'>SECRET</p>",
                "<style>.x{display:none !important}</style><p class=x style='display:block'>SECRET</p>",
                "<style>.a{position:absolute}.b{left:-9999px}</style><p class='a b'>SECRET</p>",
                "<style>.b{display:block}.a{display:none}</style><p class='a b'>SECRET</p>",
                "<style>.x{opacity:0} .x{display:block}</style><p class=x>SECRET</p>",
                "<style>.x{position:absolute} .x{left:-9999px}</style><p class=x>SECRET</p>",
                "<style>.x{display:none} b.x{display:block}</style><p class=x>SECRET</p>",
            })
    void whatAPageDoesNotShowGoesAndIsCounted(String html) {
        Extracted read = body("<p>The gate opens at nine.</p>" + html + "<p>It closes at five.</p>");
        assertThat(read.text()).doesNotContain("SECRET").contains("The gate opens at nine.", "It closes at five.");
        assertThat(read.hidden().characters()).isEqualTo(Map.of(Kind.HTML, 6L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<p hidden=until-found>SEEN</p>",
                "<p style='opacity:0.9;font-size:10px'>SEEN</p>",
                "<div style='background:navy'><p style='color:#fff'>SEEN</p></div>",
                "<style>.d{background:#000}</style><div class=d><p style='color:white'>SEEN</p></div>",
                "<div style='font-size:0'><span style='font-size:16px'>SEEN</span></div>",
                "<h2 style='color:transparent;-webkit-background-clip:text'>SEEN</h2>",
                "<style>@media print { .x {display:none} }</style><p class=x>SEEN</p>",
                "<style>.x{display:none} .x{display:block}</style><p class=x>SEEN</p>",
                "<style>.x{display:none}</style><p class=x style='display:block'>SEEN</p>",
                "<style>.closed .x{display:none} body{visibility:hidden}</style><p class=x>SEEN</p>",
                "<style>.x{visibility:hidden} .x{visibility:visible}</style><p class=x>SEEN</p>",
                "<style>p.x{display:block} .x{display:none}</style><p class=x>SEEN</p>",
                "<style>.x{opacity:0}</style><p class=x style='opacity:1'>SEEN</p>",
                "<details><summary>More</summary>SEEN</details>"
            })
    void whatAPageShowsStays(String html) {
        Extracted read = body("<p>The gate opens at nine.</p>" + html);
        assertThat(read.text()).contains("SEEN");
        assertThat(read.hidden()).isEqualTo(HiddenText.NONE);
    }

    @Test
    void whatIsTakenOutOfADescriptionAndOfTheTextIsCountedOnce() {
        String name = "The\u200Bferry";
        Extracted row = read("row.txt", "name: " + name + "\n\nport: Oban\u200B\u200B");
        var fields = new TreeMap<>(Map.of("port", "Oban\u200B\u200B", "name", "\u202E"));
        Extracted described = row.described(name, fields);
        assertThat(described.title()).isEqualTo("Theferry");
        assertThat(described.metadata()).isEqualTo(Map.of("port", "Oban", "name", ""));
        assertThat(described.hidden().characters()).isEqualTo(Map.of(Kind.ZERO_WIDTH, 3L, Kind.BIDI, 1L));
    }

    @Test
    void htmlInMarkdownIsReadLikeAPage() {
        Extracted read = read("a.md", "# Tea\n\nAt four.\n\n<div style=\"display:none\">SECRET</div>\n");
        assertThat(read.text()).isEqualTo("Tea\n\nAt four.");
        assertThat(read.hidden().characters()).isEqualTo(Map.of(Kind.HTML, 6L));
    }

    @Test
    void theCountIsKeptAsWordsAndReadBack() {
        var hidden = new HiddenText(Map.of(Kind.HTML, 340L, Kind.ZERO_WIDTH, 12L, Kind.BIDI, 0L));
        assertThat(hidden.canonical()).isEqualTo("zero-width=12 html=340");
        assertThat(HiddenText.parse(hidden.canonical())).isEqualTo(hidden);
        assertThat(HiddenText.parse("")).isEqualTo(HiddenText.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<style>.f{opacity:0;animation:fadeIn 1s forwards}</style><p class=f>SEEN</p>",
                "<style>.n{display:none!important}.b{display:block!important}</style><p class='n b'>SEEN</p>",
                "<style>.x{display:none}#y{display:block}</style><p class=x id=y>SEEN</p>",
                "<style>.x{display:none}p.x{display:block}</style><p class=x>SEEN</p>",
                "<style>.x{display:none}</style><p class=x style='display:block'>SEEN</p>",
            })
    void whatALaterOrAStrongerRuleShowsStays(String html) {
        assertThat(read("a.html", "<html><body>" + html + "<p>More.</p></body></html>")
                        .text())
                .contains("SEEN");
    }

    /** One by one, so many siblings would be numbered anew so often that this would not end. */
    @Test
    void manyHiddenSiblingsGoAtOnce() {
        Extracted read = read("a.html", "<html><body>" + "<p hidden>y</p><p>z</p>".repeat(60_000) + "</body></html>");
        assertThat(read.text()).doesNotContain("y");
        assertThat(read.hidden().characters()).containsEntry(Kind.HTML, 60_000L);
    }

    /** Each selector of a rule with a copy of its own of what the rule says would take all memory. */
    @Test
    void aRuleOfVeryManySelectorsTakesNoMoreThanItsText() {
        var sheet = new StringBuilder("<style>");
        for (int i = 0; i < 60_000; i++) {
            sheet.append(i == 0 ? "" : ",").append(".c").append(Integer.toString(i, 36));
        }
        sheet.append("{top:0");
        for (int i = 0; i < 300; i++) {
            sheet.append(";p").append(i).append(":1");
        }
        sheet.append("}</style>");
        assertThat(read("a.html", "<html><body>" + sheet + "<p class=c1>SEEN</p></body></html>")
                        .text())
                .contains("SEEN");
    }
}
