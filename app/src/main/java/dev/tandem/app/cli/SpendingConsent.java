package dev.tandem.app.cli;

import dev.tandem.catalog.Usage;
import dev.tandem.domain.Failure;
import dev.tandem.knowledge.ingest.Consent;
import dev.tandem.llm.EmbeddingModels;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Says what a run at a server will be and cost, and asks before it when it is large. */
final class SpendingConsent implements Consent {

    /** Nobody is asked for less money than this. */
    private static final long MOST_MICRO_USD = 50_000;

    /** Nor, where nobody knows the price, for fewer texts than this. */
    private static final long MOST_TEXTS = 2_000;

    private final Terminal terminal;
    private final boolean yes;

    /** @param yes whether everything is agreed to beforehand */
    SpendingConsent(Terminal terminal, boolean yes) {
        this.terminal = terminal;
        this.yes = yes;
    }

    @Override
    public void give(Run run) {
        String price = run.source().price();
        long cost = price.isEmpty() ? 0 : (long) Math.ceil(run.tokens() * Double.parseDouble(price));
        boolean large = price.isEmpty()
                ? run.texts() > MOST_TEXTS && !EmbeddingModels.isHere(run.server())
                : cost > MOST_MICRO_USD;
        if (!large) {
            return;
        }
        String what = "embedding " + Text.count(run.texts(), "text") + ", about " + tokens(run.tokens()) + " tokens, "
                + (price.isEmpty() ? "at a price that is not known" : "about " + Usage.dollars(rounded(cost)))
                + ", with " + Text.line(run.encoder(), 60) + " at "
                + run.server().getAuthority();
        if (yes) {
            terminal.err.println(what);
            return;
        }
        if (terminal.typed) {
            terminal.err.print(what + "; go on? [y/N] ");
            terminal.err.flush();
            if (answer().startsWith("y")) {
                return;
            }
        }
        throw new Failure(
                Failure.Kind.INVALID,
                "Not done without your consent: " + what + ". What was read is kept, and is found by its words.",
                "Run the same command with --yes"
                        + (price.isEmpty() ? "; for the cost, say what a million tokens are: encoder-price." : "."));
    }

    private String answer() {
        try {
            String line = new BufferedReader(new InputStreamReader(terminal.in, StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line.strip().toLowerCase(Locale.ROOT);
        } catch (IOException e) {
            return "";
        }
    }

    /** To a cent, or to what there is of one. */
    private static long rounded(long microUsd) {
        return microUsd < 10_000 ? microUsd : Math.round(microUsd / 10_000.0) * 10_000;
    }

    /** {@code 640}, {@code 12 k}, {@code 9.1 M}. */
    static String tokens(long tokens) {
        if (tokens < 10_000) {
            return Text.number(tokens);
        }
        return tokens < 1_000_000 ? tokens / 1_000 + " k" : String.format(Locale.ROOT, "%.1f M", tokens / 1e6);
    }
}
