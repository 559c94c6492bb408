package dev.tandem.knowledge.extract;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * Picks how a file is read: by its extension, then by its first bytes. Safe for use by several threads.
 */
public final class Extractors {

    private static final Set<String> MARKDOWN = Set.of("md", "markdown", "mdown", "mkd", "mdx");

    private static final Set<String> HTML = Set.of("html", "htm", "xhtml");

    private static final Set<String> RST = Set.of("rst", "rest");

    private static final int HEAD = 1024;

    /** Formats that are known and not read, by extension, with what they are called. */
    private static final Map<String, String> NOT_READ = Map.ofEntries(
            Map.entry("doc", "a Word document"),
            Map.entry("docx", "a Word document"),
            Map.entry("odt", "an OpenDocument text"),
            Map.entry("rtf", "a rich text document"),
            Map.entry("ppt", "a PowerPoint presentation"),
            Map.entry("pptx", "a PowerPoint presentation"),
            Map.entry("xls", "an Excel workbook"),
            Map.entry("xlsx", "an Excel workbook"),
            Map.entry("epub", "an EPUB book"),
            Map.entry("zip", "a ZIP archive"),
            Map.entry("gz", "a gzip archive"),
            Map.entry("tar", "a tar archive"),
            Map.entry("7z", "a 7-Zip archive"));

    private final ExtractLimits limits;

    private Extractors(ExtractLimits limits) {
        this.limits = limits;
    }

    public static Extractors standard() {
        return within(ExtractLimits.standard());
    }

    public static Extractors within(ExtractLimits limits) {
        return new Extractors(limits);
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

    private Extractor pick(String path, byte[] bytes) {
        String extension = FileName.extension(path);
        String head = new String(bytes, 0, Math.min(bytes.length, HEAD), StandardCharsets.ISO_8859_1);
        if (extension.equals("pdf") || head.startsWith("%PDF-")) {
            return new Pdf(limits.maxTime());
        }
        String format = NOT_READ.get(extension);
        if (format != null && Decoding.looksBinary(bytes)) {
            throw Unreadable.because(
                    "It is " + format + ", a format that is not read.",
                    "Save it as PDF, HTML, Markdown or text, then ingest that.",
                    null);
        }
        if (HTML.contains(extension) || (extension.isEmpty() && Html.looksLike(head))) {
            return new Html();
        }
        if (RST.contains(extension)) {
            return new Rst();
        }
        return MARKDOWN.contains(extension) ? new Markdown() : new PlainText();
    }
}
