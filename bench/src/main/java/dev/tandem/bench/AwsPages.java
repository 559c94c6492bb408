package dev.tandem.bench;

import dev.tandem.evidence.BeirSuite;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The documentation pages of aws-docs-qa, which come as one archive, and a fixed part of them. */
final class AwsPages {

    private AwsPages() {}

    /**
     * Unpacks the pages that hold an answer, filled up to {@code pages} with those whose path has the smallest SHA-256:
     * the same pages on every machine.
     *
     * @param folder aws-docs-qa
     */
    static void unpack(Path folder, int pages, Path to) {
        try {
            SortedSet<String> wanted = subset(folder, pages);
            try (TarArchiveInputStream tar = open(folder)) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    if (entry.isFile() && wanted.contains(entry.getName())) {
                        Path file = to.resolve(entry.getName()).normalize();
                        if (!file.startsWith(to)) {
                            throw new IOException("outside the archive: " + entry.getName());
                        }
                        Files.createDirectories(file.getParent());
                        Files.copy(tar, file);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SortedSet<String> subset(Path folder, int pages) throws IOException {
        var chosen = new TreeSet<String>();
        BeirSuite.read(folder)
                .cases()
                .forEach(each -> chosen.addAll(each.grades().keySet()));
        var others = new ArrayList<String>();
        try (TarArchiveInputStream tar = open(folder)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isFile() && !chosen.contains(entry.getName())) {
                    others.add(entry.getName());
                }
            }
        }
        others.sort(Comparator.comparing(AwsPages::sha256));
        chosen.addAll(others.subList(0, Math.clamp(pages - chosen.size(), 0, others.size())));
        return chosen;
    }

    private static TarArchiveInputStream open(Path folder) throws IOException {
        return new TarArchiveInputStream(new XZCompressorInputStream(
                new BufferedInputStream(Files.newInputStream(folder.resolve("documents-md-rst.tar.xz")))));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
