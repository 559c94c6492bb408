package dev.tandem.sources;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** By what a server calls it, how a page is read: as a file of which name. */
final class ContentType {

    private static final Map<String, String> EXTENSIONS = Map.ofEntries(
            Map.entry("text/html", "html"),
            Map.entry("application/xhtml+xml", "html"),
            Map.entry("text/plain", "txt"),
            Map.entry("text/markdown", "md"),
            Map.entry("text/x-markdown", "md"),
            Map.entry("text/x-rst", "rst"),
            Map.entry("text/csv", "csv"),
            Map.entry("text/tab-separated-values", "tsv"),
            Map.entry("application/pdf", "pdf"),
            Map.entry("application/rtf", "rtf"),
            Map.entry("text/rtf", "rtf"),
            Map.entry("application/epub+zip", "epub"),
            Map.entry("application/json", "json"),
            Map.entry("application/xml", "xml"),
            Map.entry("text/xml", "xml"),
            Map.entry("message/rfc822", "eml"),
            Map.entry("application/msword", "doc"),
            Map.entry("application/vnd.ms-excel", "xls"),
            Map.entry("application/vnd.ms-powerpoint", "ppt"),
            Map.entry("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
            Map.entry("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
            Map.entry("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
            Map.entry("application/vnd.oasis.opendocument.text", "odt"),
            Map.entry("application/vnd.oasis.opendocument.spreadsheet", "ods"),
            Map.entry("application/vnd.oasis.opendocument.presentation", "odp"));

    /** What servers say that do not know: the URL decides. */
    private static final Set<String> UNTOLD = Set.of("", "application/octet-stream", "binary/octet-stream");

    private static final Pattern CHARSET = Pattern.compile("(?i)charset\\s*=\\s*\"?([\\w.:-]+)");

    private ContentType() {}

    /** A name whose extension says how the page is read. */
    static String fileName(URI uri, String type) {
        String path = uri.getPath() == null ? "" : uri.getPath();
        String last = path.replaceFirst("/+$", "").replaceFirst(".*/", "");
        String plain = type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
        if (UNTOLD.contains(plain)) {
            return last.isEmpty() ? uri.getHost() : last;
        }
        String extension = EXTENSIONS.get(plain);
        if (extension == null) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "Its server calls it " + Printable.of(plain) + ", which is not read.",
                    "Leave it, or save it as a file of a format that is read.");
        }
        String stem = last.replaceFirst("\\.[A-Za-z0-9]{1,5}$", "");
        return (stem.isEmpty() ? uri.getHost().replace('.', '-') : stem) + "." + extension;
    }

    /** Text in the character set that the server named: as UTF-8 with its mark, which every reader believes first. */
    static byte[] decoded(byte[] bytes, String type) {
        Matcher named = CHARSET.matcher(type);
        if (!type.toLowerCase(Locale.ROOT).startsWith("text/") || !named.find() || marked(bytes)) {
            return bytes;
        }
        Charset charset;
        try {
            charset = Charset.forName(named.group(1));
        } catch (IllegalArgumentException unknown) {
            return bytes;
        }
        if (charset.equals(StandardCharsets.US_ASCII) || charset.equals(StandardCharsets.ISO_8859_1)) {
            // Servers say these by default; browsers look for themselves or read windows-1252.
            return bytes;
        }
        var out = new ByteArrayOutputStream(bytes.length + 3);
        out.write(0xEF);
        out.write(0xBB);
        out.write(0xBF);
        out.writeBytes(new String(bytes, charset).getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    private static boolean marked(byte[] bytes) {
        return bytes.length > 2 && (bytes[0] & 0xFF) == 0xEF && (bytes[1] & 0xFF) == 0xBB;
    }
}
