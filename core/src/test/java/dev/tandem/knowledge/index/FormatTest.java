package dev.tandem.knowledge.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.domain.Chunk;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Span;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.TreeMap;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.index.IndexableField;
import org.junit.jupiter.api.Test;

class FormatTest {

    /** What is written and the format's number belong together: an old index is read by no new rules. */
    @Test
    void whoChangesWhatIsWrittenChangesTheFormatToo() throws IOException, NoSuchAlgorithmException {
        var metadata = new TreeMap<String, String>();
        metadata.put("team", "Küche");
        var document = new DocumentRef(
                "0123456789abcdef", 2, "c", "Kettles' Guide", "a/b.md", "file", Instant.ofEpochSecond(7), metadata);
        var chunk = new Chunk(
                document.id(),
                2,
                3,
                new Span(4, 30),
                new Span(0, 60),
                "Kettles' Guide > Descaling",
                5,
                "The naïve cook's kettle boils in 10.5 minutes; see foo_bar and AWS::S3.");
        var written = new ArrayList<String>();
        for (IndexableField field : Fields.lexical(document, 9, chunk)) {
            written.add(field.name() + "|" + field.fieldType() + "|" + field.stringValue() + "|" + field.numericValue()
                    + "|" + field.binaryValue());
        }
        for (IndexableField field : Fields.vector(document, 9, chunk, new float[] {1})) {
            written.add(field.name() + "|" + field.fieldType());
        }
        try (var words = new EnglishWords();
                var tokens = words.tokenStream("", IndexText.words(document, chunk))) {
            var term = tokens.addAttribute(CharTermAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                written.add(term.toString());
            }
        }
        byte[] digest = MessageDigest.getInstance("SHA-256")
                .digest(String.join("\n", written).getBytes(StandardCharsets.UTF_8));
        assertThat(LuceneDirectory.FORMAT_NOW + " " + HexFormat.of().formatHex(digest, 0, 8))
                .as("count FORMAT_NOW up, then pin the new digest: %s", written)
                .isEqualTo("1 cee6d5a31d5430ea");
    }
}
