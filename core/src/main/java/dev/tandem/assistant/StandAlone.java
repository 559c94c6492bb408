package dev.tandem.assistant;

import dev.tandem.domain.Generator;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;

/** Makes a question of a conversation one that can be asked of documents: with what it leaves unsaid. */
@FunctionalInterface
public interface StandAlone {

    /**
     * A turn that the asker may see now.
     *
     * @param asked its question, made to stand alone
     * @param answered what was cited in answer, without what was not; empty where nothing answered
     * @param titles of the documents that were cited
     */
    record Said(int number, String asked, String answered, List<String> titles) {}

    /**
     * The question to be asked.
     *
     * @param from numbers of the turns that something of it may come from
     */
    record Whole(String question, Set<Integer> from) {
        public Whole {
            from = Set.copyOf(from);
        }

        static Whole asItIs(String question) {
            return new Whole(question, Set.of());
        }
    }

    /**
     * The question as it has to be asked after these turns.
     *
     * @param before what was said, oldest first
     * @param time for a language model
     */
    Whole of(List<Said> before, String question, Duration time);

    /** For questions to this collection, which decides whether they may be sent to another machine. */
    default StandAlone in(String collection) {
        return this;
    }

    /** By rules of our own, in English; asks nobody. */
    static StandAlone byRules() {
        return (before, question, _) -> before.isEmpty()
                ? Whole.asItIs(question)
                : FollowUp.of(question).after(before.getLast());
    }

    /** By one call of a language model; by the rules where it fails or writes something else. */
    static StandAlone by(Generator model, ToIntFunction<String> tokens) {
        return new ModelStandAlone(model, tokens, byRules(), "");
    }
}
