package dev.tandem.domain;

import java.util.Optional;

/** The extracted text of one version of a document; empty where the asker may not read it or it is gone. */
public interface TextSource {
    Optional<String> text(Principal asker, String documentId, int version);
}
