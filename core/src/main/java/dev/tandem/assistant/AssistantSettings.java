package dev.tandem.assistant;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Query;

/**
 * How an assistant answers. The defaults are measured: {@code docs/benchmarks.md} has the curves.
 *
 * @param passages chunks retrieved for one question, 1 to {@value Query#MOST_HITS}; a query's own limit bounds what an
 *     abstention lists, never what is read
 * @param contextTokens most tokens of retrieved text that reach the reader or the language model
 * @param answerTokens most tokens that a language model may write
 * @param abstainBelow answers of the built-in reader with less support than this, in [0, 1], are not given
 */
public record AssistantSettings(int passages, int contextTokens, int answerTokens, double abstainBelow) {

    public static final AssistantSettings DEFAULT = new AssistantSettings(8, 3_000, 600, 0.25);

    public AssistantSettings {
        require(passages >= 1 && passages <= Query.MOST_HITS, "passages", passages, "1 to " + Query.MOST_HITS);
        require(contextTokens >= 64, "contextTokens", contextTokens, "64 or more");
        require(answerTokens >= 16, "answerTokens", answerTokens, "16 or more");
        require(abstainBelow >= 0 && abstainBelow <= 1, "abstainBelow", abstainBelow, "0 to 1");
    }

    public AssistantSettings withPassages(int count) {
        return new AssistantSettings(count, contextTokens, answerTokens, abstainBelow);
    }

    public AssistantSettings withAbstainBelow(double support) {
        return new AssistantSettings(passages, contextTokens, answerTokens, support);
    }

    private static void require(boolean holds, String name, Number value, String range) {
        if (!holds) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The setting " + name + " is " + value + ".",
                    "Choose a value from " + range + ".");
        }
    }
}
