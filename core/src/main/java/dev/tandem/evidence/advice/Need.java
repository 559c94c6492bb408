package dev.tandem.evidence.advice;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What an answer must have, or what must hold of the system that gives it. */
public enum Need {
    CITATIONS,
    PERMISSIONS,
    TENANTS,
    AUDIT,
    FACTUAL,
    FORMAT,
    TONE,
    TERMS,
    REASONING,
    PRIVACY,
    LOCAL_ONLY;

    /** {@code citations,permissions}: words separated by commas. */
    public static Set<Need> parse(String words) {
        Set<Need> needs = EnumSet.noneOf(Need.class);
        for (String word : words.split(",", -1)) {
            needs.add(Words.parse(Need.class, "need", word));
        }
        return Collections.unmodifiableSet(needs);
    }

    @Override
    public String toString() {
        return Words.of(this);
    }
}
