package dev.tandem.catalog;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where everything is kept: one folder, the {@code TANDEM_HOME}. Knowing a home touches no disk; folders appear with the
 * first write into them.
 */
public final class Home {

    /** A collection is also the name of a directory, on file systems that may not tell upper from lower case. */
    private static final Pattern COLLECTION = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

    /** How long a writer waits for another to finish before it gives up. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Path path;

    private Home(Path path) {
        this.path = path;
    }

    public static Home at(Path path) {
        return new Home(path.toAbsolutePath().normalize());
    }

    public Path path() {
        return path;
    }

    /** The folder of one tenant: nothing of another's is below it. */
    public Path tenant(String tenant) {
        // A principal has checked its tenant; the check here keeps any other string from naming a path.
        return path.resolve("tenants").resolve(new Principal(tenant, "anyone", Collections.emptySortedSet()).tenant());
    }

    public Path catalog(String tenant) {
        return tenant(tenant).resolve("catalog.db");
    }

    /** What language models were used for and cost. */
    Path usage(String tenant) {
        return tenant(tenant).resolve("usage.db");
    }

    /** Who let a rule be passed over, and why. */
    Path audit(String tenant) {
        return tenant(tenant).resolve("audit.db");
    }

    /** Conversations, each of one user alone. */
    Path chats(String tenant) {
        return tenant(tenant).resolve("chats.db");
    }

    /** Answers that may be given again; may be deleted at any time, and is in no backup. */
    Path answers(String tenant) {
        return tenant(tenant).resolve("cache").resolve("answers.db");
    }

    /** Where texts lie while something is measured; may be deleted when nothing is, and is in no backup. */
    public Path scratch(String tenant) {
        return tenant(tenant).resolve("cache").resolve("scratch");
    }

    /** The folder of a collection's index. */
    public Path index(String tenant, String collection) {
        return tenant(tenant).resolve("index").resolve(requireCollection(collection));
    }

    /** What cannot be read again from where it came. */
    public Path blobs(String tenant) {
        return tenant(tenant).resolve("blobs");
    }

    /** The state of trainings that are not done yet. */
    public Path checkpoints(String tenant) {
        return tenant(tenant).resolve("checkpoints");
    }

    /** What training made, by content hash. */
    public Path adapters(String tenant) {
        return tenant(tenant).resolve("adapters");
    }

    /** Where an adapter's model stands, merged, if anybody wanted it: beside its files, made of them and gone with them. */
    public static Path merged(Path adapter) {
        return adapter.resolveSibling(adapter.getFileName() + "-merged");
    }

    /** Charts of advice, of one user alone. */
    public Path advice(Principal asker) {
        return tenant(asker.tenant()).resolve("advice").resolve(asker.user());
    }

    public Path models() {
        return path.resolve("models");
    }

    /** May be deleted at any time. */
    public Path cache() {
        return path.resolve("cache");
    }

    /** Tenants that something was written for. */
    public List<String> tenants() {
        Path tenants = path.resolve("tenants");
        if (!Files.isDirectory(tenants)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(tenants)) {
            return all.map(each -> each.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw Storage.failure(e, tenants);
        }
    }

    /**
     * The right to write into this home, of this process alone. The folder is created where it is missing.
     *
     * @throws Failure BUSY where another process has held it for two seconds; DENIED where the home cannot be written
     */
    public HomeLock lock() {
        return HomeLock.take(this, PATIENCE);
    }

    /** The name itself; throws INVALID where a collection cannot be called that. */
    public static String requireCollection(String collection) {
        if (!COLLECTION.matcher(collection).matches()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "A collection cannot be called '" + Printable.of(collection) + "'.",
                    "Use up to 63 lower-case letters, digits, - and _, for example --collection team-docs.");
        }
        return collection;
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
