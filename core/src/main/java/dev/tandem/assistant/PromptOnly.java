package dev.tandem.assistant;

import dev.tandem.domain.Answer;
import dev.tandem.domain.Answerer;
import dev.tandem.domain.Generator;
import dev.tandem.domain.Query;

/** A language model asked without any document: what it knows, or thinks it knows, by itself. */
public final class PromptOnly implements Answerer {

    private static final String RULES = """
            You answer questions from what you know.
            - Answer with as few words as answer the question: a name, a figure, a date, a phrase.
            - If you do not know, reply with exactly: %s
            """.formatted(GroundedPrompt.NO_ANSWER);

    private final Generator generator;
    private final int answerTokens;

    public PromptOnly(Generator generator, AssistantSettings settings) {
        this.generator = generator;
        this.answerTokens = settings.answerTokens();
    }

    @Override
    public Answer answer(Query query) {
        Generator.Completion completion = generator.generate(
                new Generator.Prompt(RULES, SafeText.line(query.text()), answerTokens, query.collection()), text -> {});
        String said = SafeText.clean(completion.text()).strip();
        return said.isEmpty() || GroundedPrompt.saysNoAnswer(said)
                ? new Answer.Abstained("The language model does not know.", 0, java.util.List.of())
                : new Answer.Unbacked(said, completion.by());
    }
}
