package dev.tandem.evidence;

import dev.tandem.domain.DocumentRef;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the judgements of a suite call a document that was found. */
public final class CorpusIds {

    private static final Pattern RECORD = Pattern.compile("\\.jsonl(?:\\.gz)?#(.*)$", Pattern.DOTALL);

    private CorpusIds() {}

    /** The id of the record it was ingested from: {@code corpus.jsonl.gz#h5} is {@code h5}. */
    public static Function<DocumentRef, String> ofRecords() {
        return document -> {
            Matcher record = RECORD.matcher(document.path());
            return record.find() ? record.group(1) : document.path();
        };
    }

    /** Its path below the folder that was ingested, with forward slashes. */
    public static Function<DocumentRef, String> below(Path folder) {
        Path root = folder.toAbsolutePath().normalize();
        return document -> {
            Path path = Path.of(document.path()).toAbsolutePath().normalize();
            return path.startsWith(root) ? root.relativize(path).toString().replace('\\', '/') : document.path();
        };
    }
}
