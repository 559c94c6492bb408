package dev.tandem.evidence.compare;

import dev.tandem.domain.Generator;
import java.util.List;
import java.util.function.Consumer;

/** A language model whose tokens are counted and paid for; for one case after the other. */
public final class MeteredGenerator implements Generator {

    private static final double MILLION = 1e6;

    private final Generator model;
    private final double usdPerMillionIn;
    private final double usdPerMillionOut;
    private double spent;

    /** Prices in US dollars for a million tokens of the prompt and of the answer. */
    public MeteredGenerator(Generator model, double usdPerMillionIn, double usdPerMillionOut) {
        this.model = model;
        this.usdPerMillionIn = usdPerMillionIn;
        this.usdPerMillionOut = usdPerMillionOut;
    }

    @Override
    public String name() {
        return model.name();
    }

    @Override
    public List<String> endpoints() {
        return model.endpoints();
    }

    @Override
    public Completion generate(Prompt prompt, Consumer<String> onText) {
        Completion completion = model.generate(prompt, onText);
        spent += completion.promptTokens() * usdPerMillionIn / MILLION
                + completion.completionTokens() * usdPerMillionOut / MILLION;
        return completion;
    }

    /** What was spent since this was last asked. */
    public double takeSpent() {
        double usd = spent;
        spent = 0;
        return usd;
    }
}
