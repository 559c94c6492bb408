package dev.tandem.app.cli;

import dev.tandem.app.Wiring;
import dev.tandem.catalog.DocumentEntry;
import dev.tandem.domain.Principal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** What a person calls a document: its id, its path, or its path from here. */
final class DocumentName {

    private DocumentName() {}

    /** The id where the asker may read a document of that name; the name as it is where they may not. */
    static String resolve(Wiring wiring, Principal asker, String collection, String name) {
        return wiring.catalog(asker)
                .document(asker, collection, name)
                .or(() -> wiring.catalog(asker).document(asker, collection, absolute(name)))
                .map(found -> found.id())
                .orElse(name);
    }

    /**
     * The ids of the documents that a name means: of the one that is called so, or of all that come from the mailbox, archive
     * or file of records of that name and are the asker's own; the name as it is where there are none.
     */
    static List<String> all(Wiring wiring, Principal asker, String collection, String name) {
        String one = resolve(wiring, asker, collection, name);
        if (!one.equals(name)) {
            return List.of(one);
        }
        String held = absolute(name) + "#";
        List<String> inside = wiring.catalog(asker).documents(asker, collection).stream()
                .filter(each -> each.path().startsWith(held) && each.access() != null)
                .map(DocumentEntry::id)
                .toList();
        return inside.isEmpty() ? List.of(name) : inside;
    }

    /** The same, and of what is not there, or not any more, the path from here, made whole. */
    static String orAbsolute(Wiring wiring, Principal asker, String collection, String name) {
        String resolved = resolve(wiring, asker, collection, name);
        return resolved.equals(name) && !name.matches("[0-9a-f]{16}") ? absolute(name) : resolved;
    }

    /** Those that are called so. */
    static Predicate<DocumentEntry> matching(String name) {
        String absolute = absolute(name);
        return entry -> entry.id().equals(name)
                || entry.path().equals(name)
                || entry.path().equals(absolute);
    }

    static String absolute(String name) {
        try {
            return Path.of(name).toAbsolutePath().normalize().toString();
        } catch (InvalidPathException e) {
            return name;
        }
    }
}
