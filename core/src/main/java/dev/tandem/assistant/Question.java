package dev.tandem.assistant;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A question taken apart.
 *
 * @param kind what would answer it
 * @param words its words in order
 * @param stems of the words that say what it is about
 * @param marks of those, names and numbers: an answer that lacks them is about something else
 * @param focus stem of the noun asked for, "which <b>river</b>", "how many <b>days</b>"; empty where there is none
 * @param subject whether the answer would be the subject of the question's verb: "who painted…", not "who did … paint"
 * @param action stem of the last verb-like word, which the answer often stands beside; empty where there is none
 */
record Question(
        Kind kind,
        List<Words.Word> words,
        Set<String> stems,
        Set<String> marks,
        String focus,
        boolean subject,
        String action) {

    enum Kind {
        WHEN,
        WHO,
        WHERE,
        HOW_MANY,
        HOW_MUCH,
        HOW_LONG,
        WHY,
        HOW,
        WHAT_NUMBER,
        WHAT_PLACE,
        WHAT_NAME,
        WHAT_NOUN,
        WHAT_IS,
        WHAT,
        YES_NO,
        OTHER
    }

    private static final Set<String> TIME = Set.of(
            "year", "date", "day", "month", "century", "decade", "time", "hour", "period", "era", "season", "weekday");
    private static final Set<String> FIGURE = Set.of(
            "number",
            "percentage",
            "percent",
            "amount",
            "price",
            "cost",
            "fee",
            "share",
            "population",
            "temperature",
            "distance",
            "age",
            "rate",
            "size",
            "height",
            "length",
            "width",
            "weight",
            "depth",
            "area",
            "speed",
            "salary",
            "budget",
            "total",
            "sum",
            "limit",
            "fraction",
            "proportion",
            "ratio",
            "interval",
            "range",
            "duration");
    private static final Set<String> PLACE = Set.of(
            "country",
            "city",
            "state",
            "place",
            "continent",
            "region",
            "river",
            "town",
            "location",
            "county",
            "island",
            "building",
            "street",
            "nation",
            "area",
            "mountain",
            "ocean",
            "sea",
            "village",
            "province",
            "district",
            "site");
    private static final Set<String> PERSON = Set.of(
            "person",
            "president",
            "king",
            "queen",
            "author",
            "leader",
            "company",
            "organization",
            "organisation",
            "team",
            "man",
            "woman",
            "scientist",
            "player",
            "general",
            "bishop",
            "pope",
            "emperor",
            "architect",
            "inventor",
            "university",
            "school",
            "network",
            "group",
            "party",
            "band",
            "actor",
            "artist",
            "explorer",
            "philosopher",
            "mathematician",
            "agency",
            "institution",
            "manager",
            "supplier",
            "customer",
            "singer",
            "ruler",
            "governor");

    /** "the name of the river" asks for the river. */
    private static final Set<String> EMPTY_NOUNS =
            Set.of("name", "names", "term", "type", "types", "kind", "kinds", "sort", "of", "word", "other", "title");

    static Question of(String text) {
        List<Words.Word> words = Words.of(text);
        var stems = new HashSet<String>();
        var marks = new HashSet<String>();
        for (int i = 0; i < words.size(); i++) {
            Words.Word word = words.get(i);
            if (word.content()) {
                stems.add(word.stem());
                if (word.number() || (word.capital() && i > 0)) {
                    marks.add(word.stem());
                }
            }
        }
        int asking = asking(words);
        Optional<Words.Word> focus = focus(words, asking);
        boolean subject = asking >= 0 && subject(words, asking, focus.isPresent());
        return new Question(
                kind(words, asking, focus.map(Words.Word::lower).orElse("")),
                words,
                stems,
                marks,
                focus.map(Words.Word::stem).orElse(""),
                subject,
                action(words, asking));
    }

    /** Where the question word stands, or -1. */
    private static int asking(List<Words.Word> words) {
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).shape() == Shape.QUESTION_WORD
                    || words.get(i).lower().equals("whose")) {
                return i;
            }
        }
        return -1;
    }

    private static String at(List<Words.Word> words, int index) {
        return index >= 0 && index < words.size() ? words.get(index).lower() : "";
    }

    /** "what <b>river</b>", "how many large <b>ships</b>", "what is the <b>name</b> of the <b>river</b>". */
    private static Optional<Words.Word> focus(List<Words.Word> words, int asking) {
        String question = at(words, asking);
        int from = asking + 1;
        if (question.equals("how")) {
            if (!Set.of("many", "much").contains(at(words, from))) {
                return Optional.empty();
            }
            from++;
        } else if (!Set.of("what", "which", "whose").contains(question)) {
            return Optional.empty();
        }
        while (from < words.size() && before(words.get(from))) {
            if (Set.of("did", "do", "does").contains(words.get(from).lower())) {
                return Optional.empty();
            }
            from++;
        }
        Words.Word last = null;
        for (int i = from; i < words.size() && i < from + 5; i++) {
            Shape shape = words.get(i).shape();
            if (shape.grammar() || shape == Shape.VERB || (shape == Shape.NAME && last != null)) {
                break;
            }
            boolean skipped = shape == Shape.NAME || (shape == Shape.ADJECTIVE && last == null);
            last = skipped ? last : words.get(i);
            if (last != null && isKnown(last.lower())) {
                break; // "which river flows": what follows is the verb
            }
        }
        return Optional.ofNullable(last);
    }

    private static boolean isKnown(String noun) {
        return TIME.contains(noun) || FIGURE.contains(noun) || PLACE.contains(noun) || PERSON.contains(noun);
    }

    /** What may stand between the question word and the noun asked for. */
    private static boolean before(Words.Word word) {
        return word.shape() == Shape.AUXILIARY
                || word.shape() == Shape.DETERMINER
                || EMPTY_NOUNS.contains(word.lower());
    }

    private static boolean subject(List<Words.Word> words, int asking, boolean focused) {
        for (int i = asking + 1; i < Math.min(words.size(), asking + (focused ? 6 : 2)); i++) {
            String word = words.get(i).lower();
            if (Set.of(
                            "did", "do", "does", "was", "were", "is", "are", "has", "have", "had", "can", "could",
                            "would", "will", "should")
                    .contains(word)) {
                return false;
            }
        }
        return true;
    }

    private static String action(List<Words.Word> words, int asking) {
        String action = "";
        for (int i = Math.max(0, asking + 1); i < words.size(); i++) {
            Words.Word word = words.get(i);
            boolean afterDid = i > 1
                    && words.get(i).content()
                    && words.subList(Math.max(0, asking), i).stream()
                            .anyMatch(w -> Set.of("did", "do", "does").contains(w.lower()))
                    && i == words.size() - 1;
            if (word.shape() == Shape.VERB || afterDid) {
                action = word.stem();
            }
        }
        return action;
    }

    private static Kind kind(List<Words.Word> words, int asking, String focus) {
        String next = at(words, asking + 1);
        return switch (at(words, asking)) {
            case "when" -> Kind.WHEN;
            case "who", "whom", "whose" -> Kind.WHO;
            case "where" -> Kind.WHERE;
            case "why" -> Kind.WHY;
            case "how" ->
                switch (next) {
                    case "many" -> Kind.HOW_MANY;
                    case "much" -> Kind.HOW_MUCH;
                    case "long",
                            "often",
                            "far",
                            "old",
                            "big",
                            "large",
                            "high",
                            "deep",
                            "tall",
                            "fast",
                            "wide",
                            "soon",
                            "late",
                            "early",
                            "heavy" -> Kind.HOW_LONG;
                    default -> Kind.HOW;
                };
            case "what", "which" -> what(next, focus);
            default -> !words.isEmpty() && words.getFirst().shape() == Shape.AUXILIARY ? Kind.YES_NO : Kind.OTHER;
        };
    }

    private static Kind what(String next, String focus) {
        if (TIME.contains(focus)) {
            return Kind.WHEN;
        }
        if (FIGURE.contains(focus)) {
            return Kind.WHAT_NUMBER;
        }
        if (PLACE.contains(focus)) {
            return Kind.WHAT_PLACE;
        }
        if (PERSON.contains(focus)) {
            return Kind.WHAT_NAME;
        }
        boolean being = Set.of("is", "are", "was", "were").contains(next);
        if (!focus.isEmpty() && !being) {
            return Kind.WHAT_NOUN;
        }
        return being ? Kind.WHAT_IS : Kind.WHAT;
    }
}
