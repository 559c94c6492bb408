package dev.tandem.llm;

import dev.tandem.catalog.Usage;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.math.BigDecimal;

/**
 * What a tenant pays for an encoder: set aside at the most that a request can cost, booked at what it did.
 *
 * @param price US dollars for a million tokens; empty where it is not known, which a budget does not allow
 * @param budgetUsd most for a calendar month; empty for no limit
 */
public record Bill(Usage usage, String price, String budgetUsd) {

    /** @throws Failure DENIED where the budget does not reach; INVALID where there is a budget and no price */
    long reserve(String encoder, long mostTokens) {
        if (!budgetUsd.isEmpty() && price.isEmpty()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "There is a budget, but no price for the encoder " + Printable.of(encoder) + ".",
                    "Say what a million tokens cost: tandem config set encoder-price USD, such as 0.02; 0 for a server of"
                            + " your own.");
        }
        long budget = budgetUsd.isEmpty()
                ? Long.MAX_VALUE
                : new BigDecimal(budgetUsd).movePointRight(6).longValueExact();
        try {
            return usage.reserve(encoder, microUsd(mostTokens), budget);
        } catch (Failure e) {
            throw e.kind() == Failure.Kind.DENIED
                    ? new Failure(
                            Failure.Kind.DENIED,
                            String.valueOf(e.getMessage()),
                            "Raise it with tandem config set budget-usd USD, or wait for next month; what was embedded is"
                                    + " kept.",
                            e)
                    : e;
        }
    }

    void settle(long call, String encoder, long tokens) {
        usage.settle(call, encoder, tokens, 0, microUsd(tokens));
    }

    void release(long call) {
        usage.release(call);
    }

    /** Dollars for a million tokens are millionths of a dollar for one. */
    public long microUsd(long tokens) {
        return price.isEmpty() ? 0 : (long) Math.ceil(tokens * Double.parseDouble(price));
    }
}
