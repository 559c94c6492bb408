package dev.tandem.evidence.advice;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Prices, ranges and thresholds, from one file of lines {@code key, low, high, unit, tier, source, date, what}, separated
 * by tabs. What is missing or broken names the key and the file. The published figures are a file too: {@link #text()}
 * of {@link #published()}, to be edited.
 */
public final class Prices {

    private static final String RESOURCE = "prices.tsv";
    private static final int COLUMNS = 7;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,12}(\\.\\d{1,9})?");

    /** May be left out, as no guide has a figure: whoever uses the option that needs one adds it. */
    private static final Set<String> OPTIONAL = Set.of("token.price", "gpu.hour", "gpu.utilisation");

    private final String file;
    private final String text;
    private final SequencedMap<String, Price> prices;

    private Prices(String file, String text, SequencedMap<String, Price> prices) {
        this.file = file;
        this.text = text;
        this.prices = prices;
    }

    /** The figures of the five guides. */
    public static Prices published() {
        try (InputStream in = Objects.requireNonNull(Prices.class.getResourceAsStream(RESOURCE))) {
            return parse("the built-in prices file", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A user's edited copy; every published key must be in it, so that nothing is silently another's figure. */
    public static Prices read(Path file) {
        String name = "the prices file " + Printable.of(file.toString());
        if (!Files.isRegularFile(file)) {
            throw new Failure(
                    Failure.Kind.MISSING,
                    "There is no file " + Printable.of(file.toString()) + ".",
                    "Make one to edit: tandem advise --show-prices > prices.tsv.");
        }
        try {
            Prices own = parse(name, Files.readString(file));
            for (String key : published().prices.keySet()) {
                own.price(key);
            }
            return own;
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    sentence(name) + " cannot be read: it is not UTF-8 text, or not yours to read.",
                    "Make one to edit: tandem advise --show-prices > prices.tsv.",
                    e);
        }
    }

    /** The file, as it was read. */
    public String text() {
        return text;
    }

    /** Whose figures these are, in words. */
    String name() {
        return file;
    }

    Range range(String key) {
        Price price = price(key);
        String high = price.high();
        boolean open = high.endsWith("+");
        return new Range(
                new BigDecimal(price.low()), new BigDecimal(open ? high.substring(0, high.length() - 1) : high), open);
    }

    /** The low end, of a threshold that is one number. */
    long threshold(String key) {
        return range(key).low().longValue();
    }

    String source(String key) {
        Price price = price(key);
        return price.source() + ", " + price.date();
    }

    Price price(String key) {
        Price price = prices.get(key);
        if (price == null) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    sentence(file) + " lacks the price " + key + ".",
                    OPTIONAL.contains(key)
                            ? "No guide has a figure for it: add the line to a copy of tandem advise --show-prices, and"
                                    + " pass it with --prices."
                            : "Add its line, as tandem advise --show-prices has it.");
        }
        return price;
    }

    private static Prices parse(String file, String text) {
        SequencedMap<String, Price> prices = new LinkedHashMap<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            Price price = price(file, number, line);
            if (prices.putIfAbsent(price.key(), price) != null) {
                throw broken(file, number, price.key(), "stands there twice", "Keep one of the two lines.");
            }
        }
        var own = new Prices(file, text, Collections.unmodifiableSequencedMap(prices));
        own.check();
        return own;
    }

    private static Price price(String file, int number, String line) {
        List<String> columns = new ArrayList<>(List.of(line.split("\t", -1)));
        String key = columns.getFirst().strip();
        if (columns.size() < COLUMNS) {
            throw broken(
                    file,
                    number,
                    key,
                    "has " + columns.size() + " columns",
                    "Separate key, low, high, unit, tier, source and date by tabs.");
        }
        columns.replaceAll(String::strip);
        String low = columns.get(1);
        String high = columns.get(2);
        var price = new Price(
                key,
                low,
                high,
                columns.get(3),
                columns.get(4),
                columns.get(5),
                columns.get(6),
                columns.size() > COLUMNS ? columns.get(COLUMNS) : "");
        if (price.isTime()) {
            return price;
        }
        String bare = high.endsWith("+") ? high.substring(0, high.length() - 1) : high;
        if (!NUMBER.matcher(low).matches() || !NUMBER.matcher(bare).matches()) {
            throw broken(
                    file,
                    number,
                    key,
                    "has no numbers: '" + Printable.of(low) + "' and '" + Printable.of(high) + "'",
                    "Write plain numbers such as 0.002 or 10000, and + behind the high one for \"or more\".");
        }
        if (new BigDecimal(low).compareTo(new BigDecimal(bare)) > 0) {
            throw broken(file, number, key, "has its low end above its high end", "Write the lower number first.");
        }
        if (price.source().isEmpty() || price.date().isEmpty()) {
            throw broken(file, number, key, "has no source or no date", "Say where the figure is from, and of when.");
        }
        return price;
    }

    /** What holds between figures. */
    private void check() {
        Map<String, Price> known = prices;
        if (known.containsKey("tuned.premium") && range("tuned.premium").low().compareTo(BigDecimal.ONE) < 0) {
            throw broken(
                    "tuned.premium",
                    "is below 1",
                    "A managed tuned model costs at least its base: write 1 or more (S4:111).");
        }
        if (known.containsKey("gpu.utilisation")
                && range("gpu.utilisation").high().compareTo(BigDecimal.ONE) > 0) {
            throw broken("gpu.utilisation", "is above 1", "Write the share of a month's hours that are paid for.");
        }
        if (file.startsWith("the built-in")) {
            return;
        }
        Set<String> keys = new TreeSet<>(published().prices.keySet());
        keys.addAll(OPTIONAL);
        for (String key : prices.keySet()) {
            if (!keys.contains(key)) {
                throw broken(
                        key,
                        "is no price that the adviser knows",
                        Words.near(key, keys) + "tandem advise --show-prices has every key.");
            }
        }
    }

    private Failure broken(String key, String what, String next) {
        return new Failure(
                Failure.Kind.INVALID, "The price " + Printable.of(key) + " in " + file + " " + what + ".", next);
    }

    private static Failure broken(String file, int line, String key, String what, String next) {
        return new Failure(
                Failure.Kind.INVALID,
                "The price " + Printable.of(key) + " in " + file + ", line " + line + ", " + what + ".",
                next);
    }

    private static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
