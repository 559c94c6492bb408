package dev.tandem.assistant;

import dev.tandem.catalog.Usage;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Generator;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A language model whose tokens are counted and paid for by a tenant, and which is not asked where the budget does not
 * reach. A token is at least one byte of text, so a prompt of so many bytes cannot have more tokens than that (and a few
 * for the message around it).
 */
public final class Metered implements Generator {

    private static final int AROUND = 64;

    /** US dollars for a million tokens, which is millionths of a dollar for one. */
    public record Price(double in, double out) {

        /** {@code IN/OUT}; null for nothing. */
        public static @Nullable Price parse(String text) {
            int slash = text.indexOf('/');
            return slash < 0
                    ? null
                    : new Price(
                            Double.parseDouble(text.substring(0, slash)),
                            Double.parseDouble(text.substring(slash + 1)));
        }

        private long of(long promptTokens, long completionTokens) {
            return (long) Math.ceil(promptTokens * in + completionTokens * out);
        }
    }

    private final Generator model;
    private final Usage usage;
    private final @Nullable Price price;
    private final @Nullable Price fallbackPrice;
    private final long budget;

    private Metered(Generator model, Usage usage, @Nullable Price price, @Nullable Price fallbackPrice, long budget) {
        this.model = model;
        this.usage = usage;
        this.price = price;
        this.fallbackPrice = fallbackPrice;
        this.budget = budget;
    }

    /**
     * The model, counted.
     *
     * @param fallbackPrice of what is written by a model of another name; null where there is no fallback, or no price
     * @param budgetUsd most for a calendar month; empty for no limit
     */
    public static Generator by(
            Generator model, Usage usage, @Nullable Price price, @Nullable Price fallbackPrice, String budgetUsd) {
        long budget = budgetUsd.isEmpty()
                ? Long.MAX_VALUE
                : new BigDecimal(budgetUsd).movePointRight(6).longValueExact();
        return new Metered(model, usage, price, fallbackPrice, budget);
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
        if (budget < Long.MAX_VALUE && price == null) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "There is a budget, but no price for the language model " + name() + ".",
                    "Say what a million tokens cost: tandem config set model-price IN/OUT, such as 0.15/0.60.");
        }
        long mostPrompt = bytes(prompt.system()) + bytes(prompt.user()) + AROUND;
        long most = Math.max(
                cost(price, mostPrompt, prompt.maxTokens()), cost(fallbackPrice, mostPrompt, prompt.maxTokens()));
        long call = usage.reserve(name(), most, budget);
        Completion completion;
        try {
            completion = model.generate(prompt, onText);
        } catch (Failure e) {
            usage.release(call); // refused or never answered: nothing was written
            throw e;
        }
        boolean counted = completion.promptTokens() > 0;
        long in = counted ? completion.promptTokens() : mostPrompt;
        long out = counted ? completion.completionTokens() : Math.min(bytes(completion.text()), prompt.maxTokens());
        Price paid = completion.by().equals(name()) || fallbackPrice == null ? price : fallbackPrice;
        usage.settle(call, completion.by(), in, out, cost(paid, in, out));
        return completion;
    }

    @Override
    public Generator within(Duration time) {
        return new Metered(model.within(time), usage, price, fallbackPrice, budget);
    }

    private static long cost(@Nullable Price price, long in, long out) {
        return price == null ? 0 : price.of(in, out);
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
