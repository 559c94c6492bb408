package dev.tandem.catalog;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Printable;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one user of a tenant asked and was answered, conversation by conversation; nobody else sees that it is there. Each
 * turn names every document that it rests on, so that it can be withheld when one of them may no longer be read, and
 * forgotten with it. Whether a stored answer may be shown is not decided here: see {@code assistant.Chat}.
 */
public final class Conversations {

    private static final List<String> SCHEMA = List.of(
            "CREATE TABLE IF NOT EXISTS conversation (id TEXT PRIMARY KEY, owner TEXT NOT NULL, collection TEXT NOT NULL,"
                    + " begun INTEGER NOT NULL)",
            // a forgotten turn keeps its place and has neither question nor answer
            "CREATE TABLE IF NOT EXISTS turn (conversation TEXT NOT NULL REFERENCES conversation ON DELETE CASCADE,"
                    + " number INTEGER NOT NULL, at INTEGER NOT NULL, question TEXT, asked TEXT, answer TEXT,"
                    + " PRIMARY KEY (conversation, number))",
            "CREATE TABLE IF NOT EXISTS rest (conversation TEXT NOT NULL, number INTEGER NOT NULL, document TEXT NOT NULL,"
                    + " version INTEGER NOT NULL, shown INTEGER NOT NULL,"
                    + " PRIMARY KEY (conversation, number, document, version),"
                    + " FOREIGN KEY (conversation, number) REFERENCES turn ON DELETE CASCADE)",
            "CREATE INDEX IF NOT EXISTS rest_document ON rest (document)");

    private static final String EMPTY = "UPDATE turn SET question = NULL, asked = NULL, answer = NULL";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SideFile file;
    private final String owner;

    private Conversations(SideFile file, String owner) {
        this.file = file;
        this.owner = owner;
    }

    /**
     * One conversation, for a list.
     *
     * @param id 12 hex digits by chance: it counts nothing
     * @param title its first question that is still there; empty where none is
     */
    public record Conversation(String id, String collection, Instant begun, Instant last, int turns, String title) {}

    /**
     * A document that a turn was made from.
     *
     * @param shown whether what was shown or carried on may hold something of it; the others were only found
     */
    public record Rest(String document, int version, boolean shown) {}

    /**
     * A question and what came of it.
     *
     * @param number from 1
     * @param asked the question as it was asked of the documents, made to stand alone
     * @param answer as it was written; null where it was forgotten or is damaged, like the two questions, which are empty then
     */
    public record Turn(
            int number,
            Instant at,
            String question,
            String asked,
            @Nullable String answer,
            List<Rest> rests) {
        public Turn {
            rests = List.copyOf(rests);
        }
    }

    /** The asker's own. Touches no disk before the first turn. */
    public static Conversations of(Home home, Principal asker) {
        return new Conversations(file(home, asker.tenant()), asker.user());
    }

    static SideFile file(Home home, String tenant) {
        return new SideFile(home, home.chats(tenant), SCHEMA);
    }

    /** A name that no conversation has. */
    public static String newId() {
        var bytes = new byte[6];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Newest first. */
    public List<Conversation> all() {
        return file.exists() ? file.use(sql -> all(sql, "")) : List.of();
    }

    /**
     * The one of that name.
     *
     * @throws Failure MISSING where the asker has none of that name, whoever else may
     */
    public Conversation find(String id) {
        return Optional.of(id)
                .filter(_ -> file.exists())
                .flatMap(_ -> file.use(sql -> all(sql, id)).stream().findFirst())
                .orElseThrow(() -> missing(id));
    }

    private List<Conversation> all(Sql sql, String id) {
        return sql.all(
                """
                SELECT c.id, c.collection, c.begun, max(t.at), count(*), coalesce((SELECT f.question FROM turn f
                    WHERE f.conversation = c.id AND f.question IS NOT NULL ORDER BY f.number LIMIT 1), '')
                FROM conversation c JOIN turn t ON t.conversation = c.id
                WHERE c.owner = ?1 AND (?2 = '' OR c.id = ?2) GROUP BY c.id ORDER BY max(t.at) DESC, c.id""",
                row -> new Conversation(
                        row.getString(1),
                        row.getString(2),
                        Instant.ofEpochMilli(row.getLong(3)),
                        Instant.ofEpochMilli(row.getLong(4)),
                        row.getInt(5),
                        row.getString(6)),
                owner,
                id.toLowerCase(Locale.ROOT));
    }

    /** In their order; none where the asker has no such conversation. */
    public List<Turn> turns(String id) {
        if (!file.exists()) {
            return List.of();
        }
        return file.use(sql -> {
            var rests = new ArrayList<List<Rest>>();
            return sql.all(
                    """
                    SELECT t.number, t.at, t.question, t.asked, t.answer FROM turn t JOIN conversation c
                    ON c.id = t.conversation WHERE c.id = ? AND c.owner = ? ORDER BY t.number""",
                    row -> {
                        rests.add(rests(sql, id, row.getInt(1)));
                        String question = row.getString(3);
                        String asked = row.getString(4);
                        String answer = opened(id, row.getInt(1), question, asked, row.getString(5));
                        return new Turn(
                                row.getInt(1),
                                Instant.ofEpochMilli(row.getLong(2)),
                                question == null || answer == null ? "" : question,
                                asked == null || answer == null ? "" : asked,
                                answer,
                                rests.getLast());
                    },
                    id,
                    owner);
        });
    }

    /** What was answered; null where it was forgotten, or question or answer are not what was written any more. */
    private static @Nullable String opened(
            String id, int number, @Nullable String question, @Nullable String asked, @Nullable String sealed) {
        return sealed == null
                ? null
                : Seal.open(sealed, id, number, question, asked).orElse(null);
    }

    /** Turns that are damaged. */
    static long damaged(Sql sql) {
        return sql
                .all(
                        "SELECT conversation, number, question, asked, answer FROM turn WHERE answer IS NOT NULL",
                        row -> opened(
                                        row.getString(1),
                                        row.getInt(2),
                                        row.getString(3),
                                        row.getString(4),
                                        row.getString(5))
                                == null)
                .stream()
                .filter(is -> is)
                .count();
    }

    private static List<Rest> rests(Sql sql, String id, int number) {
        return sql.all(
                "SELECT document, version, shown FROM rest WHERE conversation = ? AND number = ?",
                row -> new Rest(row.getString(1), row.getInt(2), row.getInt(3) != 0),
                id,
                number);
    }

    /**
     * Adds a turn after all others; on return it is on disk. The conversation begins with its first turn.
     *
     * @return the turn's number
     * @throws Failure MISSING where the conversation is somebody else's, or was deleted meanwhile and had turns
     */
    public int append(
            String id, String collection, Instant at, String question, String asked, String answer, List<Rest> rests) {
        return file.use(sql -> sql.inTransaction(() -> {
            sql.update(
                    "INSERT OR IGNORE INTO conversation VALUES (?, ?, ?, ?)", id, owner, collection, at.toEpochMilli());
            if (sql.number("SELECT count(*) FROM conversation WHERE id = ? AND owner = ?", id, owner) == 0) {
                throw missing(id);
            }
            int number = 1 + (int) sql.number("SELECT coalesce(max(number), 0) FROM turn WHERE conversation = ?", id);
            sql.update(
                    "INSERT INTO turn VALUES (?, ?, ?, ?, ?, ?)",
                    id,
                    number,
                    at.toEpochMilli(),
                    question,
                    asked,
                    Seal.on(answer, id, number, question, asked));
            for (Rest rest : rests) {
                sql.update(
                        "INSERT INTO rest VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET shown = max(shown, excluded.shown)",
                        id,
                        number,
                        rest.document(),
                        rest.version(),
                        rest.shown() ? 1 : 0);
            }
            return number;
        }));
    }

    /** Takes question and answer out of a turn of the owner's, as {@link #forget} does. */
    public void empty(String id, int number) {
        file.purge(sql -> sql.update(
                EMPTY + " WHERE number = ? AND conversation IN"
                        + " (SELECT id FROM conversation WHERE id = ? AND owner = ?)",
                number,
                id,
                owner));
    }

    /**
     * Deletes one with all of its turns: no byte of them is left.
     *
     * @throws Failure MISSING as {@link #find}
     */
    public void delete(String id) {
        String known = find(id).id();
        file.purge(sql -> sql.update("DELETE FROM conversation WHERE id = ? AND owner = ?", known, owner));
    }

    /**
     * Takes question and answer out of every turn that was made from a document, or from such a turn, whoever asked.
     *
     * @return how many turns
     */
    static int forget(Home home, String tenant, String document) {
        SideFile file = file(home, tenant);
        if (!file.exists()) {
            return 0;
        }
        return file.purge(sql -> sql.update(
                EMPTY + " WHERE (conversation, number) IN"
                        + " (SELECT conversation, number FROM rest WHERE document = ?) AND answer IS NOT NULL",
                document));
    }

    private static Failure missing(String id) {
        return new Failure(
                Failure.Kind.MISSING,
                "There is no conversation '" + Printable.of(id) + "' of yours.",
                "See yours with tandem chat --list.");
    }
}
