package dev.tandem.behavior.dataset;

import java.util.Locale;

/** A type of {@link PersonalData}, in the order in which a span that could be several is decided. */
public enum PersonalDataType {
    EMAIL("e-mail address", "e-mail addresses", true),
    URL("web address", "web addresses", false),
    IBAN("bank account (IBAN)", "bank accounts (IBAN)", true),
    CARD("payment card number", "payment card numbers", true),
    IP("IP address", "IP addresses", true),
    SSN("US social security number", "US social security numbers", true),
    BIRTH("date of birth", "dates of birth", true),
    PHONE("telephone number", "telephone numbers", true),
    ADDRESS("street address", "street addresses", true),
    PERSON("name of a person", "names of persons", false);

    private final String one;
    private final String many;
    private final boolean blocks;

    PersonalDataType(String one, String many, boolean blocks) {
        this.one = one;
        this.many = many;
        this.blocks = blocks;
    }

    /**
     * Whether nothing is trained on it without a reason given. Web addresses and names are said and do not block: they
     * are mostly those of public things and people.
     */
    public boolean blocks() {
        return blocks;
    }

    /** In a sentence. */
    public String words(long count) {
        return count == 1 ? one : many;
    }

    /** As {@code --json} writes it, and what stands in the place of a value that is not shown: {@code [email]}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
