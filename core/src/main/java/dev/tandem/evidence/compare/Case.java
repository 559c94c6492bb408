package dev.tandem.evidence.compare;

import java.util.List;

/**
 * A held-out case.
 *
 * @param answers any of which is right; for a label exactly one; none where the right answer is to abstain
 * @param tags what figures are broken down by, besides labels; may be empty
 */
public record Case(String id, String input, List<String> answers, List<String> tags) {
    public Case {
        answers = List.copyOf(answers);
        tags = List.copyOf(tags);
    }
}
