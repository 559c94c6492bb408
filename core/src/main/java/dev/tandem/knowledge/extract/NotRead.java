package dev.tandem.knowledge.extract;

import dev.tandem.domain.Failure;
import java.util.Map;

/** Formats that are known and not read here, by extension, with what they are called. */
final class NotRead {

    private static final Map<String, String> NAMES = Map.ofEntries(
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

    private NotRead() {}

    static Failure failure(String extension) {
        String format = NAMES.get(extension);
        return format == null
                ? Unreadable.because("It is not text: its bytes belong to a binary format that is not read.")
                : Unreadable.because(
                        "It is " + format + ", a format that is not read.",
                        "Save it as PDF, HTML, Markdown or text, then ingest that.",
                        null);
    }
}
