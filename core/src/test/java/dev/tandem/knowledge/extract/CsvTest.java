package dev.tandem.knowledge.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvTest {

    private static Extracted read(String text) {
        return Extractors.standard().extract("prices.csv", text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> tables(Extracted document) {
        return document.blocks().stream()
                .filter(block -> block.kind() == Block.Kind.TABLE)
                .map(block -> document.text().substring(block.start(), block.end()))
                .toList();
    }

    @Test
    void quotesSeparatorsAndLineEndsInCellsAreRead() {
        assertThat(read("item,note\r\n\"Bolt, M6\",\"says \"\"tight\"\"\r\nand means it\"\r\n")
                        .text())
                .isEqualTo("item | note\nBolt, M6 | says \"tight\" and means it");
        assertThat(read("item;price\nBolt;1,20\n").text()).isEqualTo("item | price\nBolt | 1,20");
        assertThat(read("item\tprice\nBolt\t1,20\n").text()).isEqualTo("item | price\nBolt | 1,20");
    }

    @Test
    void aLongTableHasItsHeaderOnEveryCut() {
        var rows = new StringBuilder("number,name of the part\n");
        for (int i = 0; i < 200; i++) {
            rows.append(i).append(",part number ").append(i).append(" of the assembly\n");
        }
        List<String> tables = tables(read(rows.toString()));
        assertThat(tables).hasSizeGreaterThan(5).allMatch(table -> table.startsWith("number | name of the part\n"));
        assertThat(String.join("\n", tables).lines().filter(line -> line.startsWith("199 |")))
                .containsExactly("199 | part number 199 of the assembly");
    }

    @Test
    void figuresAreNoHeader() {
        var rows = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            rows.append(i).append(",").append(i * i).append('\n');
        }
        assertThat(read(rows.toString()).text().lines())
                .hasSize(300 + tables(read(rows.toString())).size() - 1);
    }

    @Test
    void whatIsBadlyQuotedIsReadAsText() {
        assertThat(read("a,b\n\"never closed,1\nx,2\n").text()).contains("never closed", "x,2");
    }

    @Test
    void aLineWithMoreCellsThanAnyTableHasIsReadAsText() {
        Extracted endless = read("item,price\n" + "a,1,".repeat(20_000));
        assertThat(tables(endless)).isEmpty();
        assertThat(endless.text()).startsWith("item,price").contains("a,1,a,1,");
    }
}
