package dev.tandem.assistant;

import dev.tandem.assistant.StandAlone.Said;
import dev.tandem.assistant.StandAlone.Whole;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A question as a follow-up, by rules for English: whether it points back (a pronoun), leaves something out (an ellipsis such
 * as "and for the night shift?") or stands alone, and what it then takes over from the question before.
 *
 * <p>An ellipsis is put into the question before, in place of the phrase with the same preposition or of the last name where
 * there is one. Whatever points back is followed by the words that carried the question before. Measured by
 * {@code bench/run FollowUps}.
 */
final class FollowUp {

    /** Most words taken over from the question before; those at its end first. */
    private static final int MOST_CARRIED = 10;

    /** A question with no more words of its own than this has left something out, unless it has a verb. */
    private static final int FEW = 2;

    private static final Set<String> POINTING =
            Set.of(("it its itself they them their theirs themselves he him his himself"
                            + " she her hers herself former latter same")
                    .split(" "));
    private static final Set<String> DEMONSTRATIVE = Set.of("this", "that", "these", "those");
    private static final Set<String> TIME = Set.of("year", "month", "week", "day", "quarter", "morning", "afternoon");
    private static final Set<String> COUNTING = Set.of("one", "ones", "both", "either", "neither", "any", "some");
    private static final Set<String> GOING_ON = Set.of("else", "otherwise", "instead", "too", "then", "afterwards");
    private static final Set<String> SMALL_TALK =
            Set.of("please thanks thank ok okay yes no tell know mean exactly really again much many".split(" "));
    private static final Pattern OPENING = Pattern.compile(
            "^(?:(?:and|but|or|so|ok|okay|also|then)\\b[,\\s]*)*(?:(?:what|how) (?:about|of|if)\\b\\s*)?",
            Pattern.CASE_INSENSITIVE);
    /** A condition whose consequence was left out, or a verb whose object was: "what if I am late?", "and if I don't?". */
    private static final Pattern CONDITION =
            Pattern.compile("^(?:(?:and|but|or|so)\\b[,\\s]*)?(?:what )?if\\b", Pattern.CASE_INSENSITIVE);

    private static final Pattern DANGLING = Pattern.compile(
            "(?:n['’]t|\\b(?:do|does|did|can|could|will|would|is|are|was|were|has|have|may|must|should|not))[?!.\\s]*$",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern CARRIED = Pattern.compile("\\s\\([^()]*\\)$");
    private static final Pattern WHAT_ABOUT = Pattern.compile("\\b(?:what|how) about\\b", Pattern.CASE_INSENSITIVE);

    private final String question;
    private final List<Words.Word> words;

    private FollowUp(String question) {
        this.question = question;
        this.words = Words.of(question);
    }

    static FollowUp of(String question) {
        return new FollowUp(SafeText.line(question));
    }

    Whole after(Said before) {
        if (leavesOut()) {
            return new Whole(into(before.asked()), Set.of(before.number()));
        }
        if (pointsBack()) {
            return new Whole(question + carried(before), Set.of(before.number()));
        }
        return Whole.asItIs(question);
    }

    /** Whether a pronoun, or the like, stands for something that was said before. */
    private boolean pointsBack() {
        if (CONDITION.matcher(question).find() || DANGLING.matcher(question).find()) {
            return true;
        }
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i).lower();
            String next = i + 1 < words.size() ? words.get(i + 1).lower() : "";
            boolean points = POINTING.contains(word)
                    || GOING_ON.contains(word)
                    || (DEMONSTRATIVE.contains(word) && isPointing(i, next))
                    || (COUNTING.contains(word) && (next.isEmpty() || next.equals("of")))
                    || (word.equals("there") && !isExistential(i));
            if (points) {
                return true;
            }
        }
        return false;
    }

    /** "Is that paid?", "after that", "those days"; not "rules that apply", "this year". */
    private boolean isPointing(int at, String next) {
        if (TIME.contains(next)) {
            return false;
        }
        return !words.get(at).lower().equals("that")
                || next.isEmpty()
                || at == 0
                || words.get(at - 1).shape() == Shape.AUXILIARY
                || words.get(at - 1).shape() == Shape.PREPOSITION;
    }

    /** "Is there a fee", "are there rules". */
    private boolean isExistential(int at) {
        return (at > 0 && words.get(at - 1).shape() == Shape.AUXILIARY)
                || (at + 1 < words.size() && words.get(at + 1).shape() == Shape.AUXILIARY);
    }

    /** Whether it is not a whole question: "why?", "and in Groningen?", "how long?". */
    private boolean leavesOut() {
        List<Words.Word> own = own();
        if (CONDITION.matcher(question).find()) {
            return false;
        }
        if (own.isEmpty()) {
            return !pointsBack();
        }
        boolean opened = !opening().isEmpty();
        boolean asks =
                words.stream().anyMatch(word -> word.shape() == Shape.AUXILIARY || word.shape() == Shape.QUESTION_WORD);
        boolean says = words.stream().anyMatch(word -> word.shape() == Shape.AUXILIARY || word.shape() == Shape.VERB);
        return WHAT_ABOUT.matcher(question).find() || (opened && !asks) || (!says && own.size() <= FEW);
    }

    /** The words that say what it is about. */
    private List<Words.Word> own() {
        return words.stream()
                .filter(word ->
                        word.content() && !SMALL_TALK.contains(word.lower()) && !GOING_ON.contains(word.lower()))
                .toList();
    }

    private String opening() {
        var opening = OPENING.matcher(question);
        return opening.find() ? opening.group() : "";
    }

    /** The question before, with this one's phrase where it belongs. */
    private String into(String asked) {
        Matcher tail = CARRIED.matcher(asked);
        String carried = tail.find() ? tail.group() : "";
        return joined(asked.substring(0, asked.length() - carried.length())) + carried;
    }

    private String joined(String before) {
        String phrase = question.substring(opening().length()).replaceAll("[?!.\\s]+$", "");
        String whole = before.replaceAll("[?!.\\s]+$", "");
        if (phrase.isEmpty()) {
            return before;
        }
        List<Words.Word> said = Words.of(phrase);
        if (said.stream().noneMatch(Words.Word::content)) {
            return phrase + ": " + whole + "?"; // "why?", "how long?": another question about the same
        }
        int[] place = place(whole, said);
        return place == null
                ? whole + ", " + phrase + "?"
                : whole.substring(0, place[0]) + phrase + whole.substring(place[1]) + "?";
    }

    /** From where to where the phrase replaces something in the question before; null where it only adds. */
    private static int @org.jspecify.annotations.Nullable [] place(String before, List<Words.Word> phrase) {
        List<Words.Word> words = Words.of(before);
        Words.Word first = phrase.getFirst();
        for (int i = words.size() - 1; i >= 0; i--) {
            boolean same =
                    first.shape() == Shape.PREPOSITION && words.get(i).lower().equals(first.lower());
            if (same && i + 1 < words.size()) {
                int end = i + 1;
                while (end < words.size() && isInside(words.get(end))) {
                    end++;
                }
                return new int[] {words.get(i).from(), words.get(end - 1).to()};
            }
        }
        if (first.shape() != Shape.PREPOSITION && phrase.getLast().capital()) {
            for (int i = words.size() - 1; i > 0; i--) {
                if (words.get(i).capital()) {
                    int start = i;
                    while (start > 1 && words.get(start - 1).capital()) {
                        start--;
                    }
                    return new int[] {words.get(start).from(), words.get(i).to()};
                }
            }
        }
        return null;
    }

    /** Whether a word may belong to the phrase of the preposition before it. */
    private static boolean isInside(Words.Word word) {
        return switch (word.shape()) {
            case PREPOSITION, VERB, AUXILIARY, CONJUNCTION -> false;
            default -> true;
        };
    }

    /** The words of the question before that this one lacks, and the title of what answered it. */
    private String carried(Said before) {
        Set<String> there = words.stream().map(Words.Word::stem).collect(Collectors.toCollection(HashSet::new));
        Map<String, String> carried = new LinkedHashMap<>();
        var asked = new ArrayList<Words.Word>(Words.of(before.asked()));
        asked.removeIf(word -> !word.content() || SMALL_TALK.contains(word.lower()) || there.contains(word.stem()));
        asked.forEach(word -> carried.putIfAbsent(word.stem(), before.asked().substring(word.from(), word.to())));
        before.titles().stream()
                .limit(1)
                .forEach(title -> Words.of(title).stream()
                        .filter(word -> word.content() && !there.contains(word.stem()))
                        .forEach(word -> carried.putIfAbsent(word.stem(), title.substring(word.from(), word.to()))));
        List<String> all = List.copyOf(carried.values());
        List<String> last = all.subList(Math.max(0, all.size() - MOST_CARRIED), all.size());
        return last.isEmpty() ? "" : " (" + String.join(" ", last) + ")";
    }
}
