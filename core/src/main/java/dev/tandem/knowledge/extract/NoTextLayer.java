package dev.tandem.knowledge.extract;

/** The pages of a PDF show no text. */
public final class NoTextLayer extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Why why;

    /** What its pages are. */
    public enum Why {
        /** Pictures, or nothing. */
        PICTURES,
        /** None of them can be read. */
        BROKEN,
        /** There is text, and no reader sees it. */
        HIDDEN
    }

    public NoTextLayer(Why why) {
        super("no text layer", null);
        this.why = why;
    }

    public Why why() {
        return why;
    }
}
