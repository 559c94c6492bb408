package dev.tandem.behavior.dataset;

import dev.tandem.domain.Example;
import java.util.HashSet;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an output states that will be another thing some day: a date, a price, a version. A number that the input gives is no news. */
final class ChangingFacts {

    private static final String MONTH =
            "(?:January|February|March|April|May|June|July|August|September|October|November"
                    + "|December|Jan\\.|Feb\\.|Mar\\.|Apr\\.|Aug\\.|Sept\\.|Oct\\.|Nov\\.|Dec\\.)";
    private static final String YEAR = "(?:19|20)\\d{2}";
    private static final String AMOUNT = "\\d+(?:[.,]\\d+)*";
    private static final Pattern CHANGING = Pattern.compile("(?<![\\p{L}\\p{N}.,])(?:"
            + "(?<date>" + YEAR + "-[01]\\d-[0-3]\\d|[0-3]?\\d[./][0-3]?\\d[./]" + YEAR + "|" + MONTH
            + " \\d{1,2}(?:st|nd|rd|th)?(?:,? " + YEAR + ")?|\\d{1,2}(?:st|nd|rd|th)? " + MONTH + "(?: " + YEAR + ")?|"
            + MONTH + " "
            + YEAR + "|(?i:in|since|by|until|from|after|before|year) " + YEAR + ")"
            + "|(?<price>(?:[$€£¥] ?|USD |EUR |GBP |CHF )" + AMOUNT + "|" + AMOUNT
            + " ?(?:[€£¥]|USD|EUR|GBP|CHF|dollars|euros))"
            + "|(?<version>v\\d+(?:\\.\\d+)*|(?i:version|release) \\d+(?:\\.\\d+)*|\\d+\\.\\d+\\.\\d+)"
            + ")(?![\\p{L}\\p{N}])");

    private ChangingFacts() {}

    /** {@code date 3 May 2026}; empty where there is none. */
    static Optional<String> in(Example example) {
        var given = new HashSet<>(Texts.words(Texts.form(example.input())));
        for (Matcher fact = CHANGING.matcher(example.output()); fact.find(); ) {
            if (Texts.words(Texts.form(fact.group())).stream()
                    .anyMatch(word -> isNumber(word) && !given.contains(word))) {
                String kind = fact.group("date") != null ? "date" : fact.group("price") != null ? "price" : "version";
                return Optional.of(kind + " " + fact.group());
            }
        }
        return Optional.empty();
    }

    private static boolean isNumber(String word) {
        return word.chars().anyMatch(Character::isDigit);
    }
}
