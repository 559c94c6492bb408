package dev.tandem.knowledge.extract;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Picks how a file is read: by its extension, then by its first bytes. Safe for use by several threads.
 */
public final class Extractors {

    private static final Set<String> MARKDOWN = Set.of("md", "markdown", "mdown", "mkd", "mdx");

    private static final Set<String> HTML = Set.of("html", "htm", "xhtml");

    private static final Set<String> RST = Set.of("rst", "rest");

    private static final Set<String> ROWS = Set.of("csv", "tsv", "tab");

    private static final String RICH_TEXT = "{\\rtf";

    private static final int HEAD = 1024;

    private final ExtractLimits limits;
    private final OtherFormats others;

    private Extractors(ExtractLimits limits, OtherFormats others) {
        this.limits = limits;
        this.others = others;
    }

    public static Extractors standard() {
        return within(ExtractLimits.standard());
    }

    public static Extractors within(ExtractLimits limits) {
        return within(limits, OtherFormats.NONE);
    }

    /** The same, with somebody who reads what is no text, and some formats made of text. */
    public static Extractors within(ExtractLimits limits, OtherFormats others) {
        return new Extractors(limits, others);
    }

    /** Whether a file of that name is an archive whose files are documents. */
    public boolean unpacks(String path) {
        return others.unpacks(path);
    }

    /**
     * Hands over the files in an archive.
     *
     * @throws dev.tandem.domain.Failure INVALID, with the reason, where it cannot be unpacked, or not to its end
     */
    public void unpack(String path, byte[] bytes, Consumer<OtherFormats.Member> out) {
        others.unpack(path, bytes, out);
    }

    public ExtractLimits limits() {
        return limits;
    }

    /**
     * Text, structure and what the file says of itself.
     *
     * @param path only its last part is looked at: the extension, and the title of last resort
     * @throws dev.tandem.domain.Failure INVALID, with the reason, for what cannot be read: too large, empty, not text,
     *     broken, encrypted, without a text layer, too slow
     */
    public Extracted extract(String path, byte[] bytes) {
        limits.check(bytes.length);
        if (bytes.length == 0) {
            throw Unreadable.because("It is empty.");
        }
        try {
            return pick(path, bytes).extract(path, bytes);
        } catch (StackOverflowError tooDeep) {
            throw Unreadable.because("It is nested too deeply to be read.", tooDeep);
        }
    }

    /** PNG, JPEG and TIFF: what scanners write. */
    private static boolean isPicture(String head) {
        return head.startsWith("\u0089PNG\r\n")
                || head.startsWith("\u00FF\u00D8\u00FF")
                || head.startsWith("II*\0")
                || head.startsWith("MM\0*");
    }

    private Extractor pick(String path, byte[] bytes) {
        String extension = FileName.extension(path);
        String head = new String(bytes, 0, Math.min(bytes.length, HEAD), StandardCharsets.ISO_8859_1);
        if (extension.equals("pdf") || head.startsWith("%PDF-")) {
            return new Pdf(limits.maxTime(), others);
        }
        if (others.recognises() && isPicture(head)) {
            return Foreign.recognised(others);
        }
        if (Decoding.looksBinary(bytes) || others.readsText(extension) || head.startsWith(RICH_TEXT)) {
            return new Foreign(others);
        }
        limits.checkText(bytes);
        if (HTML.contains(extension) || (extension.isEmpty() && Html.looksLike(head))) {
            return new Html();
        }
        if (RST.contains(extension)) {
            return new Rst();
        }
        if (ROWS.contains(extension)) {
            return new Csv();
        }
        return MARKDOWN.contains(extension) ? new Markdown() : new PlainText();
    }
}
