package dev.tandem.parse.child;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Office documents as ISO 29500 has them in its strict form, which POI reads none of: the same but for their namespaces, so
 * they are written again with the usual ones.
 */
final class Strict {

    private static final String PURL = "http://purl.oclc.org/ooxml/";
    private static final String USUAL = "http://schemas.openxmlformats.org/";
    private static final int LARGEST_PART = 32 << 20;

    private Strict() {}

    static boolean isMeant(Throwable thrown) {
        int steps = 0;
        for (Throwable each = thrown; each != null && steps < 20; each = each.getCause(), steps++) {
            if (String.valueOf(each.getMessage()).startsWith("Strict OOXML")) {
                return true;
            }
        }
        return false;
    }

    /** A new file beside the old one; null where the old one is broken. */
    static @Nullable Path usual(Path file) {
        try {
            return written(file);
        } catch (IOException | IllegalArgumentException broken) {
            return null;
        }
    }

    private static Path written(Path file) throws IOException {
        Path usual = Files.createTempFile(file.getParent(), "usual", "");
        try (var from = new ZipFile(file.toFile());
                var to = new ZipOutputStream(Files.newOutputStream(usual))) {
            for (Enumeration<? extends ZipEntry> entries = from.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                to.putNextEntry(new ZipEntry(entry.getName()));
                try (InputStream in = from.getInputStream(entry)) {
                    if (entry.getName().endsWith(".xml") || entry.getName().endsWith(".rels")) {
                        byte[] bytes = in.readNBytes(LARGEST_PART);
                        to.write(
                                usual(new String(bytes, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
                    } else {
                        in.transferTo(to);
                    }
                }
            }
        }
        return usual;
    }

    private static String usual(String xml) {
        String first = xml;
        for (String year2006 : new String[] {"spreadsheetml", "wordprocessingml", "presentationml", "drawingml"}) {
            first = first.replace(PURL + year2006 + "/", USUAL + year2006 + "/2006/");
        }
        return first.replace(PURL + "officeDocument/", USUAL + "officeDocument/2006/")
                .replace(PURL, USUAL);
    }
}
