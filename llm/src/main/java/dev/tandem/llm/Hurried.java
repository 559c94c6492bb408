package dev.tandem.llm;

import dev.tandem.domain.Generator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** A model that has less time than its own; what it knows of its server is shared with that. */
record Hurried(String name, List<String> endpoints, BiFunction<Prompt, Consumer<String>, Completion> model)
        implements Generator {

    @Override
    public Completion generate(Prompt prompt, Consumer<String> onText) {
        return model.apply(prompt, onText);
    }
}
