package dev.tandem.parse.child;

/** What is to be done with a file; its ordinal is the byte on the wire. */
public enum Task {
    /** Tell the text of a document of any format. */
    READ,
    /** Tell the text of a PDF by its pages. */
    READ_PAGES,
    /** Recognise the text that a picture, or the pages of a PDF, show. */
    RECOGNISE,
    /** Hand over the files of an archive. */
    UNPACK;

    /** The task of that byte. */
    static Task of(int number) {
        return values()[number];
    }

    /** The byte of this task. */
    @SuppressWarnings("EnumOrdinal") // both sides are of one build
    public int number() {
        return ordinal();
    }
}
