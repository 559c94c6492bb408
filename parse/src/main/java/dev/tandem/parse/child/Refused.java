package dev.tandem.parse.child;

import org.xml.sax.SAXException;

/** The file is not read, for a reason meant for its owner. A SAXException, since those pass through parsers unharmed. */
final class Refused extends SAXException {

    private static final long serialVersionUID = 1L;

    private final String reason;
    private final String nextStep;

    Refused(String reason, String nextStep) {
        super(reason);
        this.reason = reason;
        this.nextStep = nextStep;
    }

    String reason() {
        return reason;
    }

    String nextStep() {
        return nextStep;
    }
}
