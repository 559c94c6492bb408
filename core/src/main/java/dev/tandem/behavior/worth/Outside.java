package dev.tandem.behavior.worth;

import java.util.List;

/** Texts that belong to none of the labels that a team gives: questions and sentences of general kind. */
public final class Outside {

    private Outside() {}

    /** Two hundred, written for this purpose. */
    public static List<String> texts() {
        return Resource.lines("outside.txt");
    }
}
