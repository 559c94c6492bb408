package dev.tandem.domain;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The languages whose words are analysed by their own rules, under the codes of ISO 639-1. */
public enum Language {
    ARABIC("ar"),
    BASQUE("eu"),
    BENGALI("bn"),
    BULGARIAN("bg"),
    CATALAN("ca"),
    CHINESE("zh"),
    CZECH("cs"),
    DANISH("da"),
    DUTCH("nl"),
    ENGLISH("en"),
    ESTONIAN("et"),
    FINNISH("fi"),
    FRENCH("fr"),
    GALICIAN("gl"),
    GERMAN("de"),
    GREEK("el"),
    HINDI("hi"),
    HUNGARIAN("hu"),
    INDONESIAN("id"),
    IRISH("ga"),
    ITALIAN("it"),
    JAPANESE("ja"),
    KOREAN("ko"),
    LATVIAN("lv"),
    LITHUANIAN("lt"),
    NEPALI("ne"),
    NORWEGIAN("no"),
    PERSIAN("fa"),
    PORTUGUESE("pt"),
    ROMANIAN("ro"),
    RUSSIAN("ru"),
    SERBIAN("sr"),
    SPANISH("es"),
    SWEDISH("sv"),
    TAMIL("ta"),
    TELUGU("te"),
    THAI("th"),
    TURKISH("tr");

    private final String code;

    Language(String code) {
        this.code = code;
    }

    /** Two small letters. */
    public String code() {
        return code;
    }

    /** For people: {@code German}. */
    public String word() {
        return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }

    /** Reads a code, whatever stands behind it of region or script: {@code de}, {@code de-AT}, {@code pt_BR}. */
    public static Optional<Language> of(String tag) {
        String code = tag.strip().toLowerCase(Locale.ROOT).split("[-_]", 2)[0];
        return Arrays.stream(values())
                .filter(each -> each.code.equals(code.equals("nb") || code.equals("nn") ? "no" : code))
                .findFirst();
    }

    /**
     * Reads what somebody wrote.
     *
     * @throws Failure INVALID where there is no such language here
     */
    public static Language named(String tag) {
        return of(tag).orElseThrow(() -> new Failure(
                Failure.Kind.INVALID,
                "'" + Printable.of(tag) + "' is no language whose words are known here.",
                "Give one of "
                        + Arrays.stream(values()).map(Language::code).sorted().collect(Collectors.joining(", "))
                        + "."));
    }
}
