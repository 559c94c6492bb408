package dev.tandem.assistant;

import dev.tandem.assistant.Assistant.Read;
import dev.tandem.assistant.Assistant.Reply;
import dev.tandem.catalog.Conversations;
import dev.tandem.catalog.Conversations.Rest;
import dev.tandem.catalog.Conversations.Turn;
import dev.tandem.domain.Answer;
import dev.tandem.domain.Authority;
import dev.tandem.domain.Citation;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A conversation with an assistant. A question is made to stand alone, asked like any other, and stored with its answer and
 * with every document that either may hold something of: those that were cited, all that a language model was sent, and
 * those of the turns before that it was made from.
 *
 * <p>Nothing that was said is taken on trust later. At every turn, each former one is authorised again, with the rights that
 * its owner has then: where it rests on a document that is gone, may no longer be read or has changed, its answer is not
 * shown, not sent to a model and not carried over. A language model is sent former turns only to make a question stand
 * alone; it answers from the sources, which are found anew.
 */
public final class Chat {

    public static final String GONE = "withheld: it rested on a document that you may no longer read";
    public static final String CHANGED = "withheld: it rested on a document that has changed since";
    public static final String FORGOTTEN = "forgotten: it rested on a document that was forgotten";

    private static final int NEAREST = 3;

    /** A turn as its owner may see it now. */
    public sealed interface Seen {

        int number();

        record Shown(int number, String question, String asked, Answer answer) implements Seen {}

        /**
         * One whose answer may not be shown.
         *
         * @param question the owner's own words; empty where they were forgotten
         */
        record Withheld(int number, String question, String why) implements Seen {}
    }

    /**
     * A turn that was just made.
     *
     * @param asked the question as it was asked of the documents
     */
    public record Said(int number, String question, String asked, Reply reply) {}

    private final Assistant.Replies assistant;
    private final boolean writes;
    private final Citations citations;
    private final Authority authority;
    private final Conversations conversations;
    private final StandAlone standAlone;
    private final Duration time;
    private final Principal asker;
    private final String id;
    private final String collection;

    private Chat(
            Assistant.Replies assistant,
            boolean writes,
            Citations citations,
            Authority authority,
            Conversations conversations,
            StandAlone standAlone,
            Duration time,
            Principal asker,
            String id,
            String collection) {
        this.assistant = assistant;
        this.writes = writes;
        this.citations = citations;
        this.authority = authority;
        this.conversations = conversations;
        this.standAlone = standAlone;
        this.time = time;
        this.asker = asker;
        this.id = id;
        this.collection = collection;
    }

    /** What conversations of one asker are held with. */
    public record Table(
            Assistant assistant,
            Assistant.Replies replies,
            Authority authority,
            Conversations conversations,
            StandAlone standAlone,
            Duration time,
            Principal asker) {

        /** A new one; it is stored with its first answer. */
        public Chat begin(String collection) {
            return chat(Conversations.newId(), collection);
        }

        /**
         * An earlier one.
         *
         * @throws Failure MISSING where the asker has no such conversation
         */
        public Chat resume(String id) {
            Conversations.Conversation known = conversations.find(id);
            return chat(known.id(), known.collection());
        }

        private Chat chat(String id, String collection) {
            return new Chat(
                    replies,
                    assistant.writes(),
                    assistant.citations(),
                    authority,
                    conversations,
                    standAlone,
                    time,
                    asker,
                    id,
                    collection);
        }
    }

    public String id() {
        return id;
    }

    public String collection() {
        return collection;
    }

    /** All turns, oldest first, authorised at this moment. */
    public List<Seen> turns() {
        return conversations.turns(id).stream().map(this::seen).toList();
    }

    /**
     * Asks and stores.
     *
     * @throws Failure as {@link Assistant#reply}; then nothing is stored
     */
    public Said say(String question, Filter filter, Consumer<String> onDraft) {
        long began = System.nanoTime();
        new Query(question, asker, collection, filter, NEAREST); // refuses what cannot be asked before anything is sent
        List<Turn> before = conversations.turns(id);
        List<StandAlone.Said> standing = before.stream()
                .map(this::seen)
                .filter(Seen.Shown.class::isInstance)
                .map(Seen.Shown.class::cast)
                .map(Chat::said)
                .toList();
        // the answer needs time as well, and more of it
        StandAlone.Whole whole = standAlone.in(collection).of(standing, SafeText.line(question), time.dividedBy(3));
        var query = new Query(whole.question(), asker, collection, filter, NEAREST);
        Reply reply = assistant.reply(query, onDraft, time.minusNanos(System.nanoTime() - began));
        List<Rest> rests = rests(reply, whole.from(), before);
        int number = conversations.append(
                id,
                collection,
                Clock.systemUTC().instant(),
                question,
                whole.question(),
                AnswerJson.write(reply.answer()),
                rests);
        if (refusal(rests).filter(GONE::equals).isPresent()) {
            conversations.empty(id, number); // a document may have been forgotten before this was stored
        }
        return new Said(number, question, whole.question(), reply);
    }

    private static StandAlone.Said said(Seen.Shown turn) {
        return turn.answer() instanceof Answer.Grounded grounded
                ? new StandAlone.Said(
                        turn.number(),
                        turn.asked(),
                        grounded.text(),
                        grounded.citations().stream()
                                .map(Citation::document)
                                .map(DocumentRef::title)
                                .distinct()
                                .toList())
                : new StandAlone.Said(turn.number(), turn.asked(), "", List.of());
    }

    /** What the reply was made from, and what the turns rest on that its question was made from. */
    private List<Rest> rests(Reply reply, Set<Integer> from, List<Turn> before) {
        var shown = new HashSet<Read>();
        if (reply.answer() instanceof Answer.Grounded grounded) {
            grounded.citations()
                    .forEach(each -> shown.add(
                            new Read(each.document().id(), each.document().version())));
        }
        Map<Read, Boolean> all = new LinkedHashMap<>();
        reply.read().forEach(read -> all.put(read, writes));
        shown.forEach(read -> all.put(read, true));
        before.stream()
                .filter(turn -> from.contains(turn.number()))
                .flatMap(turn -> turn.rests().stream())
                .forEach(
                        rest -> all.merge(new Read(rest.document(), rest.version()), rest.shown(), Boolean::logicalOr));
        var rests = new ArrayList<Rest>();
        all.forEach((read, is) -> rests.add(new Rest(read.document(), read.version(), is)));
        return rests;
    }

    private Seen seen(Turn turn) {
        String stored = turn.answer();
        if (stored == null) {
            return new Seen.Withheld(turn.number(), "", FORGOTTEN);
        }
        Optional<String> refusal = refusal(turn.rests());
        if (refusal.isPresent()) {
            return new Seen.Withheld(turn.number(), turn.question(), refusal.get());
        }
        Optional<Answer> answer = AnswerJson.read(stored);
        if (answer.isEmpty()) {
            return new Seen.Withheld(turn.number(), turn.question(), "lost: it cannot be read");
        }
        return answer.get() instanceof Answer.Grounded grounded && !stands(grounded)
                ? new Seen.Withheld(turn.number(), turn.question(), CHANGED)
                : new Seen.Shown(turn.number(), turn.question(), turn.asked(), answer.get());
    }

    private boolean stands(Answer.Grounded grounded) {
        return citations.standing(asker, grounded.citations()).equals(grounded.citations());
    }

    /** Why a turn may not be shown; empty where it may. */
    private Optional<String> refusal(List<Rest> rests) {
        List<Rest> shown = rests.stream().filter(Rest::shown).toList();
        Map<String, DocumentRef> readable =
                authority.readable(asker, shown.stream().map(Rest::document).toList());
        String why = null;
        for (Rest rest : shown) {
            DocumentRef now = readable.get(rest.document());
            if (now == null) {
                return Optional.of(GONE);
            }
            why = now.version() == rest.version() ? why : CHANGED;
        }
        return Optional.ofNullable(why);
    }
}
